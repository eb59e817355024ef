using System.Text.Json;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>A2A 0.3: both bindings read each other's spellings and differ in what they write.</summary>
internal sealed partial class V0_3Format(Binding binding) : WireFormat
{
    private readonly MessageReader _messages = new(binding);
    private readonly TaskWriter _tasks = new(binding);
    private readonly TaskPushNotificationConfigWriter _pushConfigs = new(binding);

    public override string Version => "0.3";

    public override SendMessageRequest ReadSendMessage(ReadOnlyMemory<byte> utf8) => JsonReading.Read(utf8, _messages.ReadRequest);

    public override GetTaskRequest ReadGetTask(ReadOnlyMemory<byte> utf8)
    {
        var request = ReadParams(utf8);
        return new() { Id = request.Id, HistoryLength = request.HistoryLength };
    }

    /// <summary>0.3 lists tasks over HTTP+JSON only, by query; a body is read as in 1.0.</summary>
    public override ListTasksRequest ReadListTasks(ReadOnlyMemory<byte> utf8) => V1.ReadListTasks(utf8);

    public override CancelTaskRequest ReadCancelTask(ReadOnlyMemory<byte> utf8)
    {
        var request = ReadParams(utf8);
        return new() { Id = request.Id, Metadata = request.Metadata };
    }

    public override SubscribeToTaskRequest ReadSubscribeToTask(ReadOnlyMemory<byte> utf8) => new() { Id = ReadParams(utf8).Id };

    public override TaskPushNotificationConfig ReadCreateTaskPushNotificationConfig(ReadOnlyMemory<byte> utf8) =>
        JsonReading.Read(utf8, TaskPushNotificationConfigReader.ReadCreate);

    public override GetTaskPushNotificationConfigRequest ReadGetTaskPushNotificationConfig(ReadOnlyMemory<byte> utf8)
    {
        var request = ReadParams(utf8);
        return new() { TaskId = request.Id, Id = request.PushNotificationConfigId ?? TaskPushNotificationConfigReader.DefaultId };
    }

    public override ListTaskPushNotificationConfigsRequest ReadListTaskPushNotificationConfigs(ReadOnlyMemory<byte> utf8) =>
        new() { TaskId = ReadParams(utf8).Id };

    public override DeleteTaskPushNotificationConfigRequest ReadDeleteTaskPushNotificationConfig(ReadOnlyMemory<byte> utf8)
    {
        var request = ReadParams(utf8);
        return new() { TaskId = request.Id, Id = request.PushNotificationConfigId! };
    }

    public override bool TryParseTaskState(ReadOnlySpan<char> text, out TaskState state) => Names.TryParseState(text, out state);

    public override void WriteTask(Utf8JsonWriter writer, A2ATask task) => _tasks.Write(writer, task);

    public override void WriteSendMessageResponse(Utf8JsonWriter writer, SendMessageResponse response) =>
        _tasks.Write(writer, new StreamResponse { Task = response.Task, Message = response.Message }, final: false);

    public override void WriteStreamResponse(Utf8JsonWriter writer, StreamResponse response, bool final) =>
        _tasks.Write(writer, response, final);

    public override void WriteListTasks(Utf8JsonWriter writer, ListTasksResponse response) => _tasks.Write(writer, response);

    public override void WriteTaskPushNotificationConfig(Utf8JsonWriter writer, TaskPushNotificationConfig config) =>
        _pushConfigs.Write(writer, config);

    public override void WriteTaskPushNotificationConfigs(Utf8JsonWriter writer, ListTaskPushNotificationConfigsResponse response) =>
        _pushConfigs.Write(writer, response);

    public override void WriteDeletedTaskPushNotificationConfig(Utf8JsonWriter writer)
    {
        if (binding == Binding.JsonRpc)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteEndObject();
    }

    public override void WriteCard(Utf8JsonWriter writer, AgentCard card) => CardWriter.Write(writer, card, binding);

    private static TaskParams ReadParams(ReadOnlyMemory<byte> utf8) => JsonReading.Read(utf8, TaskParams.Read);
}
