using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Bindings.Harness.Protocols;

/// <summary>
/// Reads an event stream as strictly as it can: events of one line of data, each ended by an empty line, and between them comments of one
/// line.
/// </summary>
public sealed class SseReader(HttpResponseMessage response, Stream stream) : IDisposable
{
    private readonly StreamReader _reader = new(stream);

    public HttpResponseMessage Response { get; } = response;

    /// <summary>The next event or comment, or null at the end.</summary>
    public async Task<SseEvent?> ReadAsync()
    {
        string? id = null, name = null, data = null;
        var lines = 0;
        using var timeout = new CancellationTokenSource(Guard.Limit);
        while (await _reader.ReadLineAsync(timeout.Token) is { } line)
        {
            if (line.Length == 0)
                return new SseEvent(id, name, data, null);
            if (lines++ == 0 && line.StartsWith(": ", StringComparison.Ordinal))
                return new SseEvent(null, null, null, line[2..]);
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal) && data is null)
                data = line[6..];
            else
                Assert.Fail($"An unexpected line: {line}");
        }

        Assert.Equal(0, lines);
        return null;
    }

    /// <summary>The rest of the stream.</summary>
    public async Task<List<SseEvent>> ReadToEndAsync()
    {
        var events = new List<SseEvent>();
        while (await ReadAsync() is { } next)
            events.Add(next);
        return events;
    }

    public void Dispose()
    {
        _reader.Dispose();
        Response.Dispose();
    }
}
