using System.Text.Json;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>0.3 over HTTP+JSON: results are messages of 0.3's proto file.</summary>
internal sealed class HttpFormat() : V0_3Format(Binding.Http)
{
    public override void WriteDeletedPushConfig(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteEndObject();
    }

    protected override void WriteResult(Utf8JsonWriter writer, WireResult result) => WireJson.Write(writer, result);

    protected override void WriteConfigs(Utf8JsonWriter writer, IReadOnlyList<WireTaskPushConfig> configs, string nextPageToken) =>
        WireJson.Write(writer, new WirePushConfigList { Configs = configs, NextPageToken = nextPageToken });
}
