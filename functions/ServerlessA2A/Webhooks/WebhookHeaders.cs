using System.Buffers;
using System.Collections.Frozen;

namespace ServerlessA2A.Webhooks;

/// <summary>Which headers a webhook can be sent. Clients choose some values: tokens, credentials and the scheme before them.</summary>
internal static class WebhookHeaders
{
    /// <summary>RFC 9110, section 5.6.2.</summary>
    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>What the connection and the body's framing say by themselves: to say it twice is to smuggle a request.</summary>
    private static readonly FrozenSet<string> Framing = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Connection", "Content-Length", "Content-Type", "Expect", "Host", "Keep-Alive", "Proxy-Connection", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade");

    /// <summary>Whether it can be a header's name.</summary>
    public static bool IsName(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(Token);

    /// <summary>Why a header can't be sent, in a sentence without its value, which may be a secret; null where it can.</summary>
    public static string? FaultOf(string name, string value)
    {
        if (!IsName(name) || Framing.Contains(name))
            return "A header has a name that is not allowed.";
        return IsValue(value) ? null : $"The header {name} has a value that HTTP does not allow.";
    }

    /// <summary>
    /// Whether it can be a header's value: visible ASCII, spaces and tabs (RFC 9110, section 5.5). A line break would end it.
    /// </summary>
    public static bool IsValue(string value) => value.All(character => character is (>= ' ' and <= '~') or '\t');
}
