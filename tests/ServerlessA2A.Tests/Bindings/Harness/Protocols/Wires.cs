namespace ServerlessA2A.Tests.Bindings.Harness.Protocols;

/// <summary>All ways to speak to the agent: both bindings in both versions.</summary>
internal static class Wires
{
    public static IReadOnlyList<string> Names { get; } = ["JSON-RPC 1.0", "HTTP+JSON 1.0", "JSON-RPC 0.3", "HTTP+JSON 0.3"];

    public static IReadOnlyList<Wire> Of(HttpClient client) => [.. Names.Select(name => Of(name, client))];

    public static Wire Of(string name, HttpClient client) => name switch
    {
        "JSON-RPC 1.0" => new JsonRpcWire(client),
        "HTTP+JSON 1.0" => new HttpJsonWire(client),
        "JSON-RPC 0.3" => new JsonRpcV03Wire(client),
        "HTTP+JSON 0.3" => new HttpJsonV03Wire(client),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such wire."),
    };
}
