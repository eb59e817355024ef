using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Protocol.Json;

internal static class ArtifactJson
{
    public static Artifact? Read(ref JsonInput json)
    {
        if (!json.StartObject()) return null;
        string? artifactId = null, name = null, description = null;
        List<Part>? parts = null;
        JsonElement? metadata = null;
        List<string>? extensions = null;
        while (json.NextField())
        {
            switch (json.Field)
            {
                case "artifactId": artifactId = json.Text(); break;
                case "name": name = json.TextUnlessEmpty(); break;
                case "description": description = json.TextUnlessEmpty(); break;
                case "parts": parts = json.List(PartJson.Read); break;
                case "metadata": metadata = json.Struct(); break;
                case "extensions": extensions = json.Strings(); break;
                default: json.Skip(); break;
            }
        }

        return new()
        {
            ArtifactId = artifactId!,
            Name = name,
            Description = description,
            // Servers leave out empty lists, as ProtoJSON does.
            Parts = parts ?? [],
            Metadata = metadata,
            Extensions = extensions,
        };
    }

    public static void Write(Utf8JsonWriter json, Artifact artifact)
    {
        json.WriteStartObject();
        json.WriteText("artifactId"u8, artifact.ArtifactId);
        json.WriteTextUnlessEmpty("name"u8, artifact.Name);
        json.WriteTextUnlessEmpty("description"u8, artifact.Description);
        json.WriteList("parts"u8, artifact.Parts, PartJson.Write);
        json.WriteFree("metadata"u8, artifact.Metadata);
        json.WriteStringsUnlessEmpty("extensions"u8, artifact.Extensions);
        json.WriteEndObject();
    }
}
