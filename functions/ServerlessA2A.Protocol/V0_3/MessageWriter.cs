using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Protocol.V0_3;

/// <summary>Writes messages, parts and artifacts.</summary>
internal sealed class MessageWriter(Binding binding)
{
    private readonly bool _isProto = binding == Binding.Http;

    public void Write(Utf8JsonWriter json, Message message)
    {
        json.WriteStartObject();
        if (!_isProto) json.WriteText("kind"u8, "message");
        json.WriteText("messageId"u8, message.MessageId);
        json.WriteTextUnlessEmpty("contextId"u8, message.ContextId);
        json.WriteTextUnlessEmpty("taskId"u8, message.TaskId);
        json.WriteText("role"u8, Names.Of(message.Role, binding));
        json.WriteList(_isProto ? "content"u8 : "parts"u8, message.Parts, Write);
        json.WriteFree("metadata"u8, message.Metadata);
        json.WriteStringsUnlessEmpty("extensions"u8, message.Extensions);

        // 0.3's proto file lacks the field, and its strict readers reject unknown fields.
        if (!_isProto) json.WriteStringsUnlessEmpty("referenceTaskIds"u8, message.ReferenceTaskIds);
        json.WriteEndObject();
    }

    public void Write(Utf8JsonWriter json, Artifact artifact)
    {
        json.WriteStartObject();
        json.WriteText("artifactId"u8, artifact.ArtifactId);
        json.WriteTextUnlessEmpty("name"u8, artifact.Name);
        json.WriteTextUnlessEmpty("description"u8, artifact.Description);
        json.WriteList("parts"u8, artifact.Parts, Write);
        json.WriteFree("metadata"u8, artifact.Metadata);
        json.WriteStringsUnlessEmpty("extensions"u8, artifact.Extensions);
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, Part part)
    {
        json.WriteStartObject();
        if (part.Text is not null)
        {
            WriteKind(json, "text");
            json.WriteText("text"u8, part.Text);
            json.WriteFree("metadata"u8, part.Metadata);
        }
        else if (part.Data is { } value)
        {
            // HTTP+JSON nests the data in an object with another data.
            var (data, metadata) = DataParts.Wrap(value, part.Metadata);
            WriteKind(json, "data");
            json.WriteFree("data"u8, _isProto ? DataParts.ToProto(data) : data);
            json.WriteFree("metadata"u8, metadata);
        }
        else
        {
            WriteKind(json, "file");
            json.WriteStartObject("file"u8);
            json.WriteTextUnlessEmpty("name"u8, part.Filename);
            json.WriteTextUnlessEmpty("mimeType"u8, part.MediaType);
            json.WriteBytes(_isProto ? "fileWithBytes"u8 : "bytes"u8, part.Raw);
            json.WriteTextUnlessEmpty(_isProto ? "fileWithUri"u8 : "uri"u8, part.Url);
            json.WriteEndObject();
            json.WriteFree("metadata"u8, part.Metadata);
        }

        json.WriteEndObject();
    }

    private void WriteKind(Utf8JsonWriter json, string kind)
    {
        if (!_isProto) json.WriteText("kind"u8, kind);
    }
}
