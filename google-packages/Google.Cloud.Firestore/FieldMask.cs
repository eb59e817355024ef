namespace Google.Cloud.Firestore;

/// <summary>Which fields of a document are read.</summary>
public sealed class FieldMask : IEquatable<FieldMask>
{
    /// <param name="fieldPaths">Names with dots between them.</param>
    public FieldMask(params string[] fieldPaths) : this([.. fieldPaths.Select(FieldPath.FromDotSeparated)])
    {
    }

    public FieldMask(params FieldPath[] fieldPaths) => Paths = [.. fieldPaths.Select(path => path.Encoded)];

    internal IReadOnlyList<string> Paths { get; }

    public bool Equals(FieldMask? other) => other is not null && Paths.SequenceEqual(other.Paths);

    public override bool Equals(object? obj) => Equals(obj as FieldMask);

    public override int GetHashCode() => Paths.Aggregate(0, HashCode.Combine);
}
