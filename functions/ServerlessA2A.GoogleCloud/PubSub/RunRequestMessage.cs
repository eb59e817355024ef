using System.Text.Json;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.PubSub;

/// <summary>Requests for runs as payloads of Pub/Sub messages: <c>{"taskId":"…"}</c>.</summary>
public static class RunRequestMessage
{
    /// <summary>The payload of a request.</summary>
    public static byte[] Write(RunRequest request) => JsonSerializer.SerializeToUtf8Bytes(request, PubSubJsonContext.Default.RunRequest);

    /// <summary>Reads the request that a message holds.</summary>
    /// <exception cref="InvalidDataException">There is none in it; the message is not to be acknowledged, so that it is not lost.</exception>
    public static RunRequest Read(PubSubMessage message)
    {
        try
        {
            if (message.Data is { Length: > 0 } data &&
                JsonSerializer.Deserialize(data, PubSubJsonContext.Default.RunRequest) is { TaskId.Length: > 0 } request)
                return request;
        }
        catch (JsonException malformed)
        {
            throw new InvalidDataException($"Pub/Sub message {message.MessageId} is no request for a run: {malformed.Message}", malformed);
        }

        throw new InvalidDataException($"Pub/Sub message {message.MessageId} is no request for a run: it names no taskId.");
    }
}
