using System.Collections;

namespace ServerlessA2A.Agents;

/// <summary>A set of media types in which <c>image/*</c> and <c>*/*</c> stand for many. Parameters such as charset do not count.</summary>
internal sealed class MediaTypes(IReadOnlyList<string> patterns) : IEnumerable<string>
{
    /// <summary>Whether one of the patterns covers the type.</summary>
    public bool Contains(string mediaType)
    {
        foreach (var pattern in patterns)
        {
            if (Covers(Essence(pattern), Essence(mediaType)))
                return true;
        }

        return false;
    }

    /// <summary>Whether there is a type that both the set and the patterns cover.</summary>
    public bool Overlaps(IReadOnlyList<string> others)
    {
        foreach (var other in others)
        {
            foreach (var pattern in patterns)
            {
                if (Covers(Essence(pattern), Essence(other)) || Covers(Essence(other), Essence(pattern)))
                    return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => patterns.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>What reads JSON or XML reads the types that are written in it, such as <c>application/ld+json</c> (RFC 6839).</summary>
    private static bool Covers(ReadOnlySpan<char> pattern, ReadOnlySpan<char> type) =>
        pattern is "*/*" or "*" || pattern.Equals(type, StringComparison.OrdinalIgnoreCase) ||
        (pattern.EndsWith("/*") && type.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase)) ||
        (pattern.Equals("application/json", StringComparison.OrdinalIgnoreCase) && type.EndsWith("+json", StringComparison.OrdinalIgnoreCase)) ||
        (pattern.Equals("application/xml", StringComparison.OrdinalIgnoreCase) && type.EndsWith("+xml", StringComparison.OrdinalIgnoreCase));

    private static ReadOnlySpan<char> Essence(ReadOnlySpan<char> type)
    {
        var end = type.IndexOf(';');
        return (end < 0 ? type : type[..end]).Trim();
    }
}
