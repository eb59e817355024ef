using System.Buffers;

namespace Google.Cloud.Firestore;

/// <summary>Where a field is: its name, after those of the maps it is in.</summary>
public sealed class FieldPath : IEquatable<FieldPath>
{
    private static readonly SearchValues<char> NotInDotSeparated = SearchValues.Create("~*[]/");

    /// <param name="segments">The names, which may contain whatever they like: dots as well.</param>
    public FieldPath(params string[] segments)
    {
        ArgumentNullException.ThrowIfNull(segments);
        if (segments.Length == 0 || segments.Any(string.IsNullOrEmpty))
            throw new ArgumentException("Path must not be empty, nor contain null or empty names", nameof(segments));
        Segments = [.. segments];
    }

    /// <summary>The id of a document, in filters and orders.</summary>
    public static FieldPath DocumentId { get; } = new("__name__");

    internal IReadOnlyList<string> Segments { get; }

    /// <summary>As it is sent.</summary>
    internal string Encoded => field ??= string.Join('.', Segments.Select(Encode));

    internal static FieldPath FromDotSeparated(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.AsSpan().ContainsAny(NotInDotSeparated))
            throw new ArgumentException("Use the constructor of FieldPath for field names containing any of '~*/[]'.", nameof(path));
        return new(path.Split('.'));
    }

    internal FieldPath Append(string segment) => new([.. Segments, segment]);

    internal bool IsPrefixOf(FieldPath other) => Segments.Count <= other.Segments.Count && Segments.SequenceEqual(other.Segments.Take(Segments.Count));

    public bool Equals(FieldPath? other) => Encoded == other?.Encoded;

    public override bool Equals(object? obj) => Equals(obj as FieldPath);

    public override int GetHashCode() => Encoded.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Encoded;

    private static string Encode(string name)
    {
        var isPlain = !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        return isPlain ? name : $"`{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal)}`";
    }
}
