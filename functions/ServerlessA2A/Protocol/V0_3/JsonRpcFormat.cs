using System.Text.Json;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>0.3 over JSON-RPC: results are bare objects with <c>kind</c>.</summary>
internal sealed class JsonRpcFormat() : V0_3Format(Binding.JsonRpc)
{
    public override void WriteDeletedPushConfig(Utf8JsonWriter writer) => writer.WriteNullValue();

    protected override void WriteResult(Utf8JsonWriter writer, WireResult result)
    {
        if (result.Task is { } task) WireJson.Write(writer, task);
        else if (result.Msg is { } message) WireJson.Write(writer, message);
        else if (result.StatusUpdate is { } status) WireJson.Write(writer, status);
        else WireJson.Write(writer, result.ArtifactUpdate!);
    }

    protected override void WriteConfigs(Utf8JsonWriter writer, IReadOnlyList<WireTaskPushConfig> configs, string nextPageToken) =>
        WireJson.Write(writer, configs);
}
