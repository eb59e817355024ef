using System.Text.Json;
using ServerlessA2A.Protocol.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.PushNotifications;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>Reads messages, and requests to send one. Either form is accepted in either binding, because clients mix them.</summary>
/// <remarks>A part without content, or with several, is rejected here.</remarks>
internal sealed class MessageReader(Binding binding)
{
    /// <summary>Some HTTP+JSON clients call the message <c>request</c>, after the proto file.</summary>
    public SendMessageRequest? ReadRequest(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        Message? message = null, request = null;
        SendMessageConfiguration? configuration = null;
        JsonElement? metadata = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "message": message = Read(ref json); break;
                case "request": request = Read(ref json); break;
                case "configuration": configuration = ReadConfiguration(ref json); break;
                case "metadata": metadata = json.Struct(); break;
                default: json.Skip(); break;
            }
        }

        return new() { Message = (message ?? request)!, Configuration = configuration, Metadata = metadata };
    }

    /// <summary>JSON-RPC names the content <c>parts</c>, HTTP+JSON <c>content</c>.</summary>
    public Message? Read(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? messageId = null, contextId = null, taskId = null, role = null;
        List<Part>? parts = null, content = null;
        JsonElement? metadata = null;
        List<string>? extensions = null, referenceTaskIds = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "kind": json.Text(); break;
                case "messageId": messageId = json.Text(); break;
                case "contextId": contextId = json.TextUnlessEmpty(); break;
                case "taskId": taskId = json.TextUnlessEmpty(); break;
                case "role": role = json.Name(); break;
                case "parts": parts = json.List(ReadPart); break;
                case "content": content = json.List(ReadPart); break;
                case "metadata": metadata = json.Struct(); break;
                case "extensions": extensions = json.Strings(); break;
                case "referenceTaskIds": referenceTaskIds = json.Strings(); break;
                default: json.Skip(); break;
            }
        }

        return new()
        {
            MessageId = messageId!,
            ContextId = contextId,
            TaskId = taskId,
            Role = Names.ToRole(role),
            Parts = parts ?? content ?? [],
            Metadata = metadata,
            Extensions = extensions,
            ReferenceTaskIds = referenceTaskIds,
        };
    }

    /// <summary>A part of a message or an artifact.</summary>
    public Part? ReadPart(ref JsonInput json)
    {
        var start = json.Position;
        if (!json.StartObject()) return null;
        string? kind = null, text = null;
        FileContent file = default;
        JsonElement? data = null, metadata = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "kind": kind = json.TextUnlessEmpty(); break;
                case "text": text = json.Text(); break;
                case "file": file = ReadFile(ref json); break;
                // Data is an object here: null is unset.
                case "data": data = json.Value() is { ValueKind: not JsonValueKind.Null } value ? value : null; break;
                case "metadata": metadata = json.Struct(); break;
                default: json.Skip(); break;
            }
        }

        (data, metadata) = DataParts.Unwrap(data, metadata, isProto: binding == Binding.Http && kind is null);
        return Part.FromFields(text, file.Bytes, file.Uri, data) is { } part
            ? part with { Metadata = metadata, Filename = file.Name, MediaType = file.MimeType }
            : throw PartJson.NotOneContent(start);
    }

    /// <summary><c>bytes</c> or <c>uri</c> in JSON-RPC, <c>fileWithBytes</c> or <c>fileWithUri</c> in HTTP+JSON.</summary>
    private static FileContent ReadFile(ref JsonInput json)
    {
        if (!json.StartObject()) return default;
        string? name = null, mimeType = null, uri = null, fileWithUri = null;
        ReadOnlyMemory<byte>? bytes = null, fileWithBytes = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "name": name = json.TextUnlessEmpty(); break;
                case "mimeType": mimeType = json.TextUnlessEmpty(); break;
                case "bytes": bytes = json.Bytes(); break;
                case "uri": uri = json.TextUnlessEmpty(); break;
                case "fileWithBytes": fileWithBytes = json.Bytes(); break;
                case "fileWithUri": fileWithUri = json.TextUnlessEmpty(); break;
                default: json.Skip(); break;
            }
        }

        return new(name, mimeType, bytes ?? fileWithBytes, uri ?? fileWithUri);
    }

    /// <summary>
    /// Over JSON-RPC an unset <c>blocking</c> waits, as on the SDKs' 0.3 servers. In HTTP+JSON <c>blocking</c> is a proto bool: in a
    /// configuration, its absence means false. There <c>historyLength</c> has no presence either, so 0 is unset. HTTP+JSON names the
    /// webhook <c>pushNotification</c>; clients that mix the versions use the name of 1.0.
    /// </summary>
    private SendMessageConfiguration? ReadConfiguration(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        List<string>? acceptedOutputModes = null;
        TaskPushNotificationConfig? pushNotificationConfig = null, pushNotification = null, taskPushNotificationConfig = null;
        int? historyLength = null;
        bool? blocking = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "acceptedOutputModes": acceptedOutputModes = json.Strings(); break;
                case "pushNotificationConfig": pushNotificationConfig = TaskPushNotificationConfigReader.Read(ref json); break;
                case "pushNotification": pushNotification = TaskPushNotificationConfigReader.Read(ref json); break;
                case "taskPushNotificationConfig": taskPushNotificationConfig = TaskPushNotificationConfigJson.Read(ref json); break;
                case "historyLength": historyLength = json.Integer(); break;
                case "blocking": blocking = json.Flag(); break;
                default: json.Skip(); break;
            }
        }

        return new()
        {
            AcceptedOutputModes = acceptedOutputModes,
            TaskPushNotificationConfig = TaskPushNotificationConfigReader.WithId(pushNotificationConfig ?? pushNotification
            ?? taskPushNotificationConfig),
            HistoryLength = historyLength is 0 && binding == Binding.Http ? null : historyLength,
            ReturnImmediately = !(blocking ?? binding == Binding.JsonRpc),
        };
    }

    /// <summary>A file in the form of 0.3: an object inside the part.</summary>
    private readonly record struct FileContent(string? Name, string? MimeType, ReadOnlyMemory<byte>? Bytes, string? Uri);
}
