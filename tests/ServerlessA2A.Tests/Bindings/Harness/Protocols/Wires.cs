namespace ServerlessA2A.Tests.Bindings.Harness.Protocols;

/// <summary>All ways to speak to the agent.</summary>
internal static class Wires
{
    /// <summary>The bindings to JSON, in both versions.</summary>
    public static IReadOnlyList<string> OfJson { get; } = ["JSON-RPC 1.0", "HTTP+JSON 1.0", "JSON-RPC 0.3", "HTTP+JSON 0.3"];

    /// <summary>All but gRPC 0.3, which can name neither an agent nor a tenant.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. OfJson, "gRPC 1.0"];

    public static IReadOnlyList<Wire> JsonOf(HttpClient client) => [.. OfJson.Select(name => Of(name, client))];

    public static IReadOnlyList<Wire> Of(HttpClient client) => [.. Names.Select(name => Of(name, client))];

    public static Wire Of(string name, HttpClient client) => name switch
    {
        "JSON-RPC 1.0" => new JsonRpcWire(client),
        "HTTP+JSON 1.0" => new HttpJsonWire(client),
        "JSON-RPC 0.3" => new JsonRpcV03Wire(client),
        "HTTP+JSON 0.3" => new HttpJsonV03Wire(client),
        "gRPC 1.0" => new GrpcWire(new HttpJsonWire(client)),
        "gRPC 0.3" => new GrpcWire(new HttpJsonV03Wire(client)),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such wire."),
    };
}
