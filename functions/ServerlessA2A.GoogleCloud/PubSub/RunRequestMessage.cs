using System.Text.Json;
using ServerlessA2A.Protocol;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.PubSub;

/// <summary>
/// Run requests as payloads of Pub/Sub messages: <c>{"taskId":"…"}</c>, and the encrypted <c>accessToken</c> if the agent gets one.
/// </summary>
internal static class RunRequestMessage
{
    /// <summary>The payload of a request.</summary>
    public static ReadOnlyMemory<byte> Write(RunRequest request) => ProtocolJson.ObjectBytes(json =>
    {
        json.WriteString("taskId"u8, request.TaskId);
        if (request.AccessToken is not null)
            json.WriteString("accessToken"u8, request.AccessToken);
    });

    /// <summary>Reads the request of a message.</summary>
    /// <exception cref="InvalidDataException">The message has none. Do not acknowledge it, so that it is not lost.</exception>
    public static RunRequest Read(PubSubMessage message)
    {
        try
        {
            using var json = JsonDocument.Parse(message.Data);
            if (PubSubMessage.Text(json.RootElement, "taskId") is { Length: > 0 } taskId)
                return new RunRequest(taskId) { AccessToken = PubSubMessage.Text(json.RootElement, "accessToken") };
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"Pub/Sub message {message.MessageId} is not a run request: {malformed.Message}", malformed);
        }

        throw new InvalidDataException($"Pub/Sub message {message.MessageId} is not a run request: taskId is missing.");
    }
}
