using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Protocol.Json;

internal static class PartJson
{
    public static Part? Read(ref JsonInput json)
    {
        var start = json.Position;
        if (!json.StartObject()) return null;
        string? text = null, url = null, filename = null, mediaType = null;
        ReadOnlyMemory<byte>? raw = null;
        JsonElement? data = null, metadata = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "text": text = json.Text(); break;
                case "raw": raw = json.Bytes(); break;
                case "url": url = json.Text(); break;
                case "data": data = json.Value(); break;
                case "metadata": metadata = json.Struct(); break;
                case "filename": filename = json.TextUnlessEmpty(); break;
                case "mediaType": mediaType = json.TextUnlessEmpty(); break;
                default: json.Skip(); break;
            }
        }

        return Part.FromFields(text, raw, url, data) is { } part
            ? part with { Metadata = metadata, Filename = filename, MediaType = mediaType }
            : throw NotOneContent(start);
    }

    /// <summary>The fault of a part that has no content, or several.</summary>
    /// <param name="position">Where the part begins.</param>
    public static FieldException NotOneContent(long position) => new("must have exactly one of text, raw, url and data", position);

    public static void Write(Utf8JsonWriter json, Part part)
    {
        json.WriteStartObject();
        json.WriteText("text"u8, part.Text);
        json.WriteBytes("raw"u8, part.Raw);
        json.WriteText("url"u8, part.Url);
        json.WriteFree("data"u8, part.Data);
        json.WriteFree("metadata"u8, part.Metadata);
        json.WriteTextUnlessEmpty("filename"u8, part.Filename);
        json.WriteTextUnlessEmpty("mediaType"u8, part.MediaType);
        json.WriteEndObject();
    }
}
