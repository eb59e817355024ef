using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Running;

/// <summary>The extensions that are active in a run: they add metadata to what the agent produces, and their URIs beside it.</summary>
internal sealed class RunExtensions(AgentContext run, AgentCards cards)
{
    private readonly IReadOnlyList<IA2AExtension> _active = cards.CodeOf(run.Extensions);

    /// <summary>A message with the metadata that the extensions add.</summary>
    public Message Extend(Message message)
    {
        foreach (var extension in _active)
        {
            if (Checked(extension, extension.MetadataFor(message, run)) is { } added)
            {
                message = message with
                {
                    Metadata = JsonObjects.Merge(message.Metadata, added),
                    Extensions = With(message.Extensions, extension),
                };
            }
        }

        return message;
    }

    /// <summary>An artifact, as it begins, with the metadata that the extensions add.</summary>
    public Artifact Extend(Artifact artifact)
    {
        foreach (var extension in _active)
        {
            if (Checked(extension, extension.MetadataFor(artifact, run)) is { } added)
            {
                artifact = artifact with
                {
                    Metadata = JsonObjects.Merge(artifact.Metadata, added),
                    Extensions = With(artifact.Extensions, extension),
                };
            }
        }

        return artifact;
    }

    private static JsonElement? Checked(IA2AExtension extension, JsonElement? metadata)
    {
        UpdateEvents.Require(ArtifactRules.Check(metadata, $"the extension {extension.Uri}"));
        return AgentContent.Copy(metadata);
    }

    private static IReadOnlyList<string> With(IReadOnlyList<string>? uris, IA2AExtension extension) =>
        uris is null ? [extension.Uri] : uris.Contains(extension.Uri) ? uris : [.. uris, extension.Uri];
}
