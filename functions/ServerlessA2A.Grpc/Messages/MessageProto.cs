using Google.Protobuf;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Grpc.Messages;

/// <summary>Messages, artifacts and their parts.</summary>
internal static class MessageProto
{
    /// <summary>Reads a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="field">The path to it, for errors.</param>
    /// <exception cref="A2AException">InvalidParams, naming the field.</exception>
    public static Message Read(V1.Message message, string field) => new()
    {
        MessageId = message.MessageId,
        ContextId = TextUnlessEmpty(message.ContextId),
        TaskId = TextUnlessEmpty(message.TaskId),
        Role = (Role)message.Role,
        Parts = [.. message.Parts.Select((part, i) => Read(part, $"{field}.parts[{i}]"))],
        Metadata = FreeJson.Read($"{field}.metadata", message.Metadata),
        Extensions = ListUnlessEmpty(message.Extensions),
        ReferenceTaskIds = ListUnlessEmpty(message.ReferenceTaskIds),
    };

    public static V1.Message Write(Message message)
    {
        var result = new V1.Message
        {
            MessageId = message.MessageId,
            ContextId = message.ContextId ?? "",
            TaskId = message.TaskId ?? "",
            Role = (V1.Role)message.Role,
            Metadata = FreeJson.ToStruct(message.Metadata),
        };
        result.Parts.AddRange(message.Parts.Select(Write));
        result.Extensions.AddRange(message.Extensions ?? []);
        result.ReferenceTaskIds.AddRange(message.ReferenceTaskIds ?? []);
        return result;
    }

    public static V1.Artifact Write(Artifact artifact)
    {
        var result = new V1.Artifact
        {
            ArtifactId = artifact.ArtifactId,
            Name = artifact.Name ?? "",
            Description = artifact.Description ?? "",
            Metadata = FreeJson.ToStruct(artifact.Metadata),
        };
        result.Parts.AddRange(artifact.Parts.Select(Write));
        result.Extensions.AddRange(artifact.Extensions ?? []);
        return result;
    }

    /// <summary>A field without presence: "" equals unset.</summary>
    public static string? TextUnlessEmpty(string text) => text.Length == 0 ? null : text;

    /// <summary>A list without presence.</summary>
    public static IReadOnlyList<string>? ListUnlessEmpty(IReadOnlyCollection<string> list) => list.Count == 0 ? null : [.. list];

    private static Part Read(V1.Part part, string field)
    {
        var content = part.ContentCase switch
        {
            V1.Part.ContentOneofCase.Text => Part.FromText(part.Text),
            V1.Part.ContentOneofCase.Raw => Part.FromBytes(part.Raw.Memory),
            V1.Part.ContentOneofCase.Url => Part.FromFields(null, null, part.Url, null)!,
            V1.Part.ContentOneofCase.Data => Part.FromData(FreeJson.Read($"{field}.data", part.Data)),
            _ => throw A2AException.InvalidParams(field, "must have exactly one of text, raw, url and data"),
        };
        return content with
        {
            Metadata = FreeJson.Read($"{field}.metadata", part.Metadata),
            Filename = TextUnlessEmpty(part.Filename),
            MediaType = TextUnlessEmpty(part.MediaType),
        };
    }

    private static V1.Part Write(Part part)
    {
        var result = new V1.Part
        {
            Metadata = FreeJson.ToStruct(part.Metadata),
            Filename = part.Filename ?? "",
            MediaType = part.MediaType ?? "",
        };
        if (part.Text is not null)
            result.Text = part.Text;
        else if (part.Raw is { } raw)
            result.Raw = UnsafeByteOperations.UnsafeWrap(raw);
        else if (part.Url is not null)
            result.Url = part.Url;
        else if (part.Data is { } data)
            result.Data = FreeJson.ToValue(data);
        return result;
    }
}
