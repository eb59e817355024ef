namespace Google.Cloud.Firestore;

/// <summary>One write of a commit: an update of the fields in the mask, of the whole document without one; a deletion without fields.</summary>
internal sealed record Write(string Document, Precondition? Precondition)
{
    public IReadOnlyDictionary<string, object?>? Fields { get; init; }

    public IReadOnlyList<FieldPath>? Mask { get; init; }

    public IReadOnlyList<(FieldPath Path, SentinelValue Value)> Transforms { get; init; } = [];
}
