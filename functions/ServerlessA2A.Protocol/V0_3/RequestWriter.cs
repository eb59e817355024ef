using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>Writes the requests of a client.</summary>
internal sealed class RequestWriter(Binding binding)
{
    private readonly MessageWriter _messages = new(binding);

    public void Write(Utf8JsonWriter json, SendMessageRequest request)
    {
        json.WriteStartObject();
        json.WriteMessage(binding == Binding.Http ? "request"u8 : "message"u8, request.Message, _messages.Write);
        json.WritePropertyName("configuration"u8);
        Write(json, request.Configuration ?? new());
        json.WriteFree("metadata"u8, request.Metadata);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, TaskParams request)
    {
        json.WriteStartObject();
        json.WriteText("id"u8, request.Id);
        json.WriteText("pushNotificationConfigId"u8, request.PushNotificationConfigId);
        json.WriteInteger("historyLength"u8, request.HistoryLength);
        json.WriteFree("metadata"u8, request.Metadata);
        json.WriteEndObject();
    }

    /// <summary>Always written: what an unset <c>blocking</c> means differs between servers.</summary>
    private void Write(Utf8JsonWriter json, SendMessageConfiguration configuration)
    {
        json.WriteStartObject();
        json.WriteStringsUnlessEmpty("acceptedOutputModes"u8, configuration.AcceptedOutputModes);
        json.WriteInteger("historyLength"u8, configuration.HistoryLength);
        json.WriteMessage(
            binding == Binding.Http ? "pushNotification"u8 : "pushNotificationConfig"u8,
            configuration.TaskPushNotificationConfig,
            TaskPushNotificationConfigWriter.WriteWebhook);
        json.WriteBoolean("blocking"u8, !configuration.ReturnImmediately);
        json.WriteEndObject();
    }
}
