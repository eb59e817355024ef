using System.Collections;

namespace ServerlessA2A.Agents;

/// <summary>
/// A set of media types, including patterns (<c>image/*</c>, <c>*/*</c>) and the names of kinds of parts (<c>text</c>) that older
/// versions of the protocol used. Parameters such as charset are ignored.
/// </summary>
internal sealed class MediaTypes(IReadOnlyList<string> modes) : IEnumerable<string>
{
    private readonly IReadOnlyList<string> _patterns = Read(modes);

    /// <summary>Expands the names of kinds of parts into media types; other entries stay as they are.</summary>
    public static IReadOnlyList<string> Read(IReadOnlyList<string> modes) => modes.All(mode => mode.Contains('/'))
        ? modes
        : [.. modes.SelectMany(mode => OfKind(mode) ?? [mode]).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Whether a text is a media type, a pattern, or the name of a kind of parts.</summary>
    public static bool IsValid(string mode)
    {
        if (mode == "*" || OfKind(mode) is not null)
            return true;
        var type = Essence(mode);
        var slash = type.IndexOf('/');
        return slash > 0 && slash < type.Length - 1 && !type[(slash + 1)..].Contains('/') && !type.ContainsAny(" \t,");
    }

    /// <summary>Whether one of the patterns covers the type.</summary>
    public bool Contains(string mediaType)
    {
        foreach (var type in Read([mediaType]))
        {
            foreach (var pattern in _patterns)
            {
                if (Covers(Essence(pattern), Essence(type)))
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether a client that accepts <paramref name="others"/> accepts some type of this set.</summary>
    public bool Overlaps(IReadOnlyList<string> others)
    {
        foreach (var other in Read(others))
        {
            foreach (var pattern in _patterns)
            {
                if (Covers(Essence(other), Essence(pattern)) || Matches(Essence(pattern), Essence(other)))
                    return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => _patterns.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string[]? OfKind(string mode) => Essence(mode) switch
    {
        // text/plain goes first, for readers that look for it in the list.
        var name when Is(name, "text") => ["text/plain", "text/*"],
        var name when Is(name, "json") || Is(name, "data") => ["application/json"],
        var name when Is(name, "image") => ["image/*"],
        var name when Is(name, "audio") => ["audio/*"],
        var name when Is(name, "video") => ["video/*"],
        var name when Is(name, "file") => ["*/*"],
        _ => null,
    };

    private static bool Is(ReadOnlySpan<char> mode, string name) => mode.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// A pattern for JSON or XML covers the types based on it, such as <c>application/ld+json</c> (RFC 6839), but not vice versa.
    /// </summary>
    private static bool Covers(ReadOnlySpan<char> pattern, ReadOnlySpan<char> type) =>
        Matches(pattern, type) ||
        (pattern.Equals("application/json", StringComparison.OrdinalIgnoreCase) &&
            type.EndsWith("+json", StringComparison.OrdinalIgnoreCase)) ||
        (pattern.Equals("application/xml", StringComparison.OrdinalIgnoreCase) &&
            type.EndsWith("+xml", StringComparison.OrdinalIgnoreCase));

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> type) =>
        pattern is "*/*" or "*" || pattern.Equals(type, StringComparison.OrdinalIgnoreCase) ||
        (pattern.EndsWith("/*") && type.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase));

    private static ReadOnlySpan<char> Essence(ReadOnlySpan<char> type)
    {
        var end = type.IndexOf(';');
        return (end < 0 ? type : type[..end]).Trim();
    }
}
