using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Chaos;

/// <summary>
/// The ids of the messages that an agent was given after the first one, as an artifact: where the effects of a run are taken back, so is
/// that it has heard of them.
/// </summary>
internal sealed class Heard
{
    public const string ArtifactId = "heard";

    private readonly HashSet<string> _ids;

    public Heard(AgentContext task) => _ids = [.. Ids(task.Artifacts)];

    /// <summary>The ids in a task's artifacts.</summary>
    public static string[] Ids(IEnumerable<Artifact>? artifacts) =>
        (artifacts ?? []).FirstOrDefault(artifact => artifact.ArtifactId == ArtifactId) is { } heard
            ? Split(StreamedArtifacts.TextOf(heard)) : [];

    public static string[] Split(string text) => text.Split(';', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What the agent says of a message; null where it has said so before.</summary>
    public AgentUpdate? Of(Message message)
    {
        var isFirst = _ids.Count == 0;
        return _ids.Add(message.MessageId) ? AgentUpdate.Append(ArtifactId, $"{message.MessageId};") : null;
    }
}
