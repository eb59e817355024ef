namespace Google.Cloud.Firestore;

/// <summary>A place among the results: the values of its order's fields, and whether just before or just after them.</summary>
internal sealed record QueryCursor(IReadOnlyList<object?> Values, bool Before);
