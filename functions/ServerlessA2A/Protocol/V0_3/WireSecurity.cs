using System.Text.Json.Serialization;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>Schemes that are needed together: <c>{"name":["scope"]}</c> in JSON-RPC, <c>{"schemes":{"name":{"list":["scope"]}}}</c> in HTTP+JSON.</summary>
[JsonConverter(typeof(WireSecurityConverter))]
internal sealed record WireSecurity(IReadOnlyDictionary<string, StringList>? Schemes, Binding Binding);
