using System.Text.Json;

namespace ServerlessA2A.Tests.Bindings.Harness.Protocols;

/// <summary>An event of an event stream, or a comment.</summary>
public sealed record SseEvent(string? Id, string? Name, string? Data, string? Comment)
{
    public JsonElement Json => JsonDocument.Parse(Data!).RootElement;
}
