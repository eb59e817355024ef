using System.Text.Json;
using ServerlessA2A.Protocol.Cards;

namespace ServerlessA2A.Tests.Protocol;

/// <summary>Cards of 1.0 as JSON text.</summary>
internal static class CardCases
{
    private static readonly JsonSerializerOptions CamelCase = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public const string Minimal =
        """{"name":"a","description":"b","supportedInterfaces":[],"version":"1","capabilities":{},"defaultInputModes":[],"defaultOutputModes":[],"skills":[]}""";

    public const string Interfaces =
        """[{"url":"https://x.example/","protocolBinding":"HTTP+JSON","protocolVersion":"1.0"},{"url":"https://x.example/rest","protocolBinding":"HTTP+JSON","protocolVersion":"0.3"},{"url":"https://x.example/rpc","protocolBinding":"JSONRPC","tenant":"n","protocolVersion":"0.3"}]""";

    public const string Full =
        $$$$"""{"name":"a","description":"b","supportedInterfaces":{{{{Interfaces}}}},"provider":{"url":"https://p.example","organization":"o"},"version":"1","documentationUrl":"https://d.example","capabilities":{"streaming":true,"pushNotifications":false,"extensions":[{"uri":"urn:x","description":"e","required":true,"params":{"snake_case":1}}],"extendedAgentCard":true},"securitySchemes":{"my_key":{"apiKeySecurityScheme":{"description":"d","location":"header","name":"X-Key"}}},"securityRequirements":[{"schemes":{"my_key":{"list":["s_1"]},"other":{}}}],"defaultInputModes":["text/plain"],"defaultOutputModes":["text/plain"],"skills":[{"id":"s","name":"n","description":"d","tags":["t"],"examples":["e"],"inputModes":["i"],"outputModes":["o"],"securityRequirements":[{"schemes":{"my_key":{"list":["s_2"]}}}]}],"signatures":[{"protected":"p","signature":"s","header":{"kid":"k_1"}}],"iconUrl":"https://i.example"}""";

    /// <summary>A card with one security scheme, for 1.0 and 0.3.</summary>
    public static string WithScheme(string scheme) => Minimal
        .Replace("\"supportedInterfaces\":[]", "\"supportedInterfaces\":" + Interfaces, StringComparison.Ordinal)
        .Replace("\"defaultInputModes\"", "\"securitySchemes\":{\"s\":" + scheme + "},\"defaultInputModes\"", StringComparison.Ordinal);

    /// <summary>The server only writes cards, so the tests read them, by the names of the records' members.</summary>
    public static AgentCard Read(string json) => JsonSerializer.Deserialize<AgentCard>(json, CamelCase)!;
}
