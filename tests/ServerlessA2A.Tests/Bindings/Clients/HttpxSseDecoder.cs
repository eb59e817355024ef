namespace ServerlessA2A.Tests.Bindings.Clients;

/// <summary>
/// Decodes an event stream line by line by the rules of Python's widely used httpx-sse: an empty line is an event as soon as anything is
/// known, and what was once known of the id stays known. Written from its behaviour.
/// </summary>
internal sealed class HttpxSseDecoder
{
    private readonly List<string> _data = [];
    private string _event = "";
    private string _lastEventId = "";

    /// <summary>The event that a line ends, or null.</summary>
    public DecodedEvent? Decode(string line)
    {
        if (line.Length == 0)
            return End();
        if (line.StartsWith(':'))
            return null;
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var (name, value) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..]);
        if (value.StartsWith(' '))
            value = value[1..];
        if (name == "event")
            _event = value;
        else if (name == "data")
            _data.Add(value);
        else if (name == "id" && !value.Contains('\0', StringComparison.Ordinal))
            _lastEventId = value;
        return null;
    }

    private DecodedEvent? End()
    {
        if (_event.Length == 0 && _data.Count == 0 && _lastEventId.Length == 0)
            return null;
        var decoded = new DecodedEvent(_event, string.Join('\n', _data), _lastEventId);
        _event = "";
        _data.Clear();
        return decoded;
    }
}

/// <summary>An event as the decoder hands it on.</summary>
internal sealed record DecodedEvent(string Event, string Data, string Id);
