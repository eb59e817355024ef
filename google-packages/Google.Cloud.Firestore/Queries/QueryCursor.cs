namespace Google.Cloud.Firestore;

/// <summary>A position in the results: values of the ordered fields, and whether it is just before or just after them.</summary>
internal sealed record QueryCursor(IReadOnlyList<object?> Values, bool Before)
{
    public V1.Cursor ToProto() => new() { Values = { Values.Select(ProtoValues.Of) }, Before = Before };
}
