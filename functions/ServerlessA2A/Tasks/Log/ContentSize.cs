using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Tasks.Log;

/// <summary>
/// The size of content from clients and agents in bytes: texts, files, data, and their metadata, which may be as large.
/// </summary>
internal static class ContentSize
{
    /// <summary>The size of a message.</summary>
    public static long Of(Message message) =>
        Of(message.Parts) + Of(message.Metadata) + Of(message.Extensions) + Of(message.ReferenceTaskIds);

    /// <summary>The size of what a request has beside its message: its metadata and output modes.</summary>
    public static long Of(JsonElement? metadata, IReadOnlyList<string>? outputModes) => Of(metadata) + Of(outputModes);

    /// <summary>The size of a message with its request's metadata and output modes, which are stored with it.</summary>
    public static long Of(SendMessageRequest request) =>
        Of(request.Message) + Of(request.Metadata, request.Configuration?.AcceptedOutputModes);

    /// <summary>The size of an artifact, or of a chunk of one.</summary>
    public static long Of(Artifact artifact) =>
        Of(artifact.Parts) + Of(artifact.Metadata) + Of(artifact.Name) + Of(artifact.Description) + Of(artifact.Extensions);

    /// <summary>The size of a part.</summary>
    public static long Of(Part part) =>
        Of(part.Text) + (part.Raw?.Length ?? 0) + Of(part.Url) + Of(part.Data) + Of(part.Metadata) + Of(part.Filename);

    /// <summary>The size of JSON.</summary>
    public static long Of(JsonElement? json) => json is { } value ? JsonMarshal.GetRawUtf8Value(value).Length : 0;

    private static long Of(IReadOnlyList<Part> parts)
    {
        var size = 0L;
        for (var i = 0; i < parts.Count; i++)
            size += Of(parts[i]);
        return size;
    }

    private static long Of(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

    private static long Of(IReadOnlyList<string>? texts) => texts is null ? 0 : texts.Sum(Of);
}
