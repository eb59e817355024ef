using System.Text.Json;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>What both bindings of 0.3 have in common: they read each other's spellings, and differ in what they write.</summary>
internal abstract class V0_3Format(Binding binding) : WireFormat
{
    public sealed override string Version => "0.3";

    public sealed override SendMessageRequest ReadSendMessage(ReadOnlyMemory<byte> utf8) =>
        RequestTranslation.ToV1(WireJson.Read<WireSendRequest>(utf8), binding);

    public sealed override GetTaskRequest ReadGetTask(ReadOnlyMemory<byte> utf8)
    {
        var request = WireJson.Read<WireTaskParams>(utf8);
        return new() { Id = request.Id, HistoryLength = request.HistoryLength };
    }

    /// <summary>0.3 lists tasks over HTTP+JSON only, by query; a body is read as 1.0 has it.</summary>
    public sealed override ListTasksRequest ReadListTasks(ReadOnlyMemory<byte> utf8) => V1.ReadListTasks(utf8);

    public sealed override CancelTaskRequest ReadCancelTask(ReadOnlyMemory<byte> utf8)
    {
        var request = WireJson.Read<WireTaskParams>(utf8);
        return new() { Id = request.Id, Metadata = request.Metadata };
    }

    public sealed override SubscribeToTaskRequest ReadSubscribeToTask(ReadOnlyMemory<byte> utf8) =>
        new() { Id = WireJson.Read<WireTaskParams>(utf8).Id };

    public sealed override TaskPushNotificationConfig ReadCreatePushConfig(ReadOnlyMemory<byte> utf8) =>
        PushConfigTranslation.ToV1(WireJson.Read<WireTaskPushConfig>(utf8));

    public sealed override GetTaskPushNotificationConfigRequest ReadGetPushConfig(ReadOnlyMemory<byte> utf8)
    {
        var request = WireJson.Read<WireTaskParams>(utf8);
        return new() { TaskId = request.Id, Id = request.PushNotificationConfigId ?? PushConfigTranslation.DefaultId };
    }

    public sealed override ListTaskPushNotificationConfigsRequest ReadListPushConfigs(ReadOnlyMemory<byte> utf8) =>
        new() { TaskId = WireJson.Read<WireTaskParams>(utf8).Id };

    public sealed override DeleteTaskPushNotificationConfigRequest ReadDeletePushConfig(ReadOnlyMemory<byte> utf8)
    {
        var request = WireJson.Read<WireTaskParams>(utf8);
        return new() { TaskId = request.Id, Id = request.PushNotificationConfigId! };
    }

    public sealed override bool TryParseTaskState(ReadOnlySpan<char> text, out TaskState state) => Names.TryParseState(text, out state);

    public sealed override void WriteTask(Utf8JsonWriter writer, A2ATask task) =>
        WireJson.Write(writer, TaskTranslation.ToV0_3(task, binding));

    public sealed override void WriteSendMessageResponse(Utf8JsonWriter writer, SendMessageResponse response) =>
        WriteResult(writer, TaskTranslation.ToV0_3(new StreamResponse { Task = response.Task, Message = response.Message }, binding, final: false));

    public sealed override void WriteStreamResponse(Utf8JsonWriter writer, StreamResponse response, bool final) =>
        WriteResult(writer, TaskTranslation.ToV0_3(response, binding, final));

    public sealed override void WriteListTasks(Utf8JsonWriter writer, ListTasksResponse response) =>
        WireJson.Write(writer, TaskTranslation.ToV0_3(response, binding));

    public sealed override void WritePushConfig(Utf8JsonWriter writer, TaskPushNotificationConfig config) =>
        WireJson.Write(writer, PushConfigTranslation.ToV0_3(config, binding));

    public sealed override void WritePushConfigs(Utf8JsonWriter writer, ListTaskPushNotificationConfigsResponse response) =>
        WriteConfigs(writer, response.Configs.Translate(binding, PushConfigTranslation.ToV0_3), response.NextPageToken);

    public sealed override void WriteCard(Utf8JsonWriter writer, AgentCard card) =>
        WireJson.Write(writer, CardTranslation.ToV0_3(card, binding));

    protected abstract void WriteResult(Utf8JsonWriter writer, WireResult result);

    protected abstract void WriteConfigs(Utf8JsonWriter writer, IReadOnlyList<WireTaskPushConfig> configs, string nextPageToken);
}
