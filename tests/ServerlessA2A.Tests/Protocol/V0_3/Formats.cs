using ServerlessA2A.Protocol;

namespace ServerlessA2A.Tests.Protocol.V0_3;

/// <summary>The formats by the names that the rows of the tests use.</summary>
internal static class Formats
{
    public const string JsonRpc = "0.3 JSON-RPC";
    public const string Http = "0.3 HTTP+JSON";

    public static IReadOnlyList<WireFormat> All { get; } = [WireFormat.V1, WireFormat.V0_3JsonRpc, WireFormat.V0_3Http];

    public static WireFormat Named(string name) => name switch
    {
        JsonRpc => WireFormat.V0_3JsonRpc,
        Http => WireFormat.V0_3Http,
        _ => WireFormat.V1,
    };
}
