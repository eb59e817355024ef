using System.Text.Json;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Protocol.V0_3;

namespace ServerlessA2A.Tests.Protocol.V0_3;

/// <summary>The other side of 0.3: writes the requests that the server reads, and reads the items that it writes.</summary>
/// <remarks>Messages and parts go through the server's own reader and writer: their spellings are tested as text elsewhere.</remarks>
internal sealed class Client0_3(Binding binding)
{
    private readonly bool _isProto = binding == Binding.Http;

    public WireFormat Format { get; } = binding == Binding.JsonRpc ? WireFormat.V0_3JsonRpc : WireFormat.V0_3Http;

    public string Write(Message message)
    {
        var json = Wire.Write(writer => Format.WriteSendMessageResponse(writer, new() { Message = message }));
        return _isProto ? Parse(json).GetProperty("msg").GetRawText() : json;
    }

    public Message ReadMessage(string json) => Format.ReadSendMessage(Wire.Utf8($"{{\"message\":{json}}}")).Message;

    public string Write(SendMessageRequest request)
    {
        var members = new List<string> { $"\"message\":{Write(request.Message)}" };
        if (request.Configuration is { } configuration) members.Add($"\"configuration\":{Write(configuration)}");
        if (request.Metadata is { } metadata) members.Add($"\"metadata\":{metadata.GetRawText()}");
        return $"{{{string.Join(',', members)}}}";
    }

    public StreamResponse ReadItem(string json)
    {
        var item = Parse(json);
        return (_isProto ? item.EnumerateObject().Single().Name : item.GetProperty("kind").GetString()) switch
        {
            "task" => new() { Task = Task(_isProto ? item.GetProperty("task") : item) },
            "msg" => new() { Message = ReadMessage(item.GetProperty("msg").GetRawText()) },
            "message" => new() { Message = ReadMessage(json) },
            "statusUpdate" => new() { StatusUpdate = StatusUpdate(item.GetProperty("statusUpdate")) },
            "status-update" => new() { StatusUpdate = StatusUpdate(item) },
            "artifactUpdate" => new() { ArtifactUpdate = ArtifactUpdate(item.GetProperty("artifactUpdate")) },
            "artifact-update" => new() { ArtifactUpdate = ArtifactUpdate(item) },
            var unknown => throw new InvalidOperationException(unknown),
        };
    }

    private string Write(SendMessageConfiguration configuration)
    {
        var members = new List<string>();
        if (configuration.AcceptedOutputModes is { } modes) members.Add($"\"acceptedOutputModes\":{JsonSerializer.Serialize(modes)}");
        if (configuration.TaskPushNotificationConfig is { } webhook)
        {
            var json = Parse(Wire.Write(writer => Format.WriteTaskPushNotificationConfig(writer, webhook)))
                .GetProperty("pushNotificationConfig").GetRawText();
            members.Add($"\"{(_isProto ? "pushNotification" : "pushNotificationConfig")}\":{json}");
        }

        if (configuration.HistoryLength is { } length) members.Add($"\"historyLength\":{length}");
        if (!_isProto || !configuration.ReturnImmediately) members.Add(
            $"\"blocking\":{(configuration.ReturnImmediately ? "false" : "true")}");
        return $"{{{string.Join(',', members)}}}";
    }

    private A2ATask Task(JsonElement json) => new()
    {
        Id = json.GetProperty("id").GetString()!,
        ContextId = Text(json, "contextId"),
        Status = Status(json.GetProperty("status")),
        Artifacts = Items(json, "artifacts", Artifact),
        History = Items(json, "history", item => ReadMessage(item.GetRawText())),
        Metadata = Member(json, "metadata"),
    };

    private A2ATaskStatus Status(JsonElement json)
    {
        Assert.True(Format.TryParseTaskState(json.GetProperty("state").GetString(), out var state));
        return new()
        {
            State = state,
            Message = Member(json, _isProto ? "update" : "message") is { } message ? ReadMessage(message.GetRawText()) : null,
            Timestamp = Member(json, "timestamp")?.GetDateTimeOffset(),
        };
    }

    private TaskStatusUpdateEvent StatusUpdate(JsonElement json) => new()
    {
        TaskId = json.GetProperty("taskId").GetString()!,
        ContextId = json.GetProperty("contextId").GetString()!,
        Status = Status(json.GetProperty("status")),
        Metadata = Member(json, "metadata"),
    };

    private TaskArtifactUpdateEvent ArtifactUpdate(JsonElement json) => new()
    {
        TaskId = json.GetProperty("taskId").GetString()!,
        ContextId = json.GetProperty("contextId").GetString()!,
        Artifact = Artifact(json.GetProperty("artifact")),
        Append = Member(json, "append")?.GetBoolean() ?? false,
        LastChunk = Member(json, "lastChunk")?.GetBoolean() ?? false,
        Metadata = Member(json, "metadata"),
    };

    private Artifact Artifact(JsonElement json) => new()
    {
        ArtifactId = json.GetProperty("artifactId").GetString()!,
        Name = Text(json, "name"),
        Description = Text(json, "description"),
        Parts = ReadMessage($"{{\"parts\":{json.GetProperty("parts").GetRawText()}}}").Parts,
        Metadata = Member(json, "metadata"),
        Extensions = Items(json, "extensions", item => item.GetString()!),
    };

    private static JsonElement? Member(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement json, string name) => Member(json, name)?.GetString();

    private static List<T>? Items<T>(JsonElement json, string name, Func<JsonElement, T> read) =>
        Member(json, name) is { } items ? [.. items.EnumerateArray().Select(read)] : null;

    private static JsonElement Parse(string json) => JsonElement.Parse(Wire.Utf8(json));
}
