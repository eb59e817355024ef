using FsCheck;
using FsCheck.Fluent;
using ServerlessA2A.Protocol.V0_3;

namespace ServerlessA2A.Tests.Protocol.V0_3;

/// <summary>The text of random messages of 0.3, spelled as each binding spells them.</summary>
internal static class Generate0_3
{
    private const string JsonRpcMessage =
        """{"kind":"message","messageId":ID,"role":"ROLE","parts":[PARTS]METADATA,"referenceTaskIds":["r"]}""";

    private const string HttpMessage =
        """{"messageId":ID,"contextId":"c","taskId":"t","role":"ROLE_ROLE","content":[PARTS]METADATA,"extensions":["urn:x"]}""";

    public static Gen<string> Message(Binding binding) =>
        from id in Text
        from role in Gen.Elements("user", "agent")
        from parts in Part(binding).ArrayOf(2)
        from metadata in Metadata
        select (binding == Binding.JsonRpc ? JsonRpcMessage
            : HttpMessage.Replace("ROLE_ROLE", "ROLE_" + role.ToUpperInvariant(), StringComparison.Ordinal))
            .Replace("ROLE\"", role + "\"", StringComparison.Ordinal)
            .Replace("ID,", id + ",", StringComparison.Ordinal)
            .Replace("METADATA", metadata, StringComparison.Ordinal)
            .Replace("PARTS", string.Join(",", parts), StringComparison.Ordinal);

    private static Gen<string> Text => Gen.Elements("\"a\"", "\"b_c\"", "\"é漢\"", "\"\\\"\\n\"");

    private static Gen<string> Metadata => Gen.OneOf(Gen.Constant(""), Generate.JsonObject.Select(json => ",\"metadata\":" + json));

    private static Gen<string> Part(Binding binding) =>
        from kind in Gen.Choose(0, 3)
        from text in Text
        from data in Generate.JsonObject
        from metadata in Metadata
        select "{" + (binding == Binding.JsonRpc
            ? kind switch
            {
                0 => $"\"kind\":\"text\",\"text\":{text}",
                1 => $"\"kind\":\"file\",\"file\":{{\"name\":{text},\"bytes\":\"AQI=\"}}",
                2 => $"\"kind\":\"file\",\"file\":{{\"mimeType\":{text},\"uri\":{text}}}",
                _ => $"\"kind\":\"data\",\"data\":{data}",
            }
            : kind switch
            {
                0 => $"\"text\":{text}",
                1 => $"\"file\":{{\"name\":{text},\"fileWithBytes\":\"AQI=\"}}",
                2 => $"\"file\":{{\"mimeType\":{text},\"fileWithUri\":{text}}}",
                _ => $"\"data\":{{\"data\":{data}}}",
            }) + metadata + "}";
}
