using System.Globalization;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Bindings.Streams;

/// <summary>The <c>Last-Event-ID</c> header: the number of the last event that a returning client has seen.</summary>
internal static class LastEventId
{
    private const string Header = "Last-Event-ID";

    /// <summary>The number, or null for none.</summary>
    /// <exception cref="A2AException">InvalidParams for a malformed number.</exception>
    public static long? Read(HttpRequest request)
    {
        var text = request.Headers[Header].ToString();
        // A client that has seen no id yet sends an empty one.
        if (text.Length == 0)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw A2AException.InvalidParams(Header, "must be the id of an event of this task");
    }
}
