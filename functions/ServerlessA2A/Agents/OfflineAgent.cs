using System.Runtime.CompilerServices;
using System.Text.Json;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.Agents;

/// <summary>
/// What answers where no model is configured: it needs no account and no network, and says that it is no model. A message that
/// begins with "ask" makes it ask back, "slow" makes it stream word by word, "data" makes it answer with metadata and a data part too.
/// </summary>
public sealed class OfflineAgent(TimeProvider time) : IAgent
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentTask task, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var text = task.Text.Length == 0 ? "no text" : $"\"{task.Text}\"";
        if (task.History.Count == 1 && task.Text.StartsWith("ask", StringComparison.OrdinalIgnoreCase))
        {
            yield return AgentUpdate.Ask("This is the offline agent. What should it repeat?");
            yield break;
        }

        // A message that has come while this agent was at work is answered by an artifact of its own.
        var number = task.History.Count(message => message.Role == Role.User) - task.History.Count(message => message.Role == Role.Agent);
        var id = number > 1 ? $"answer-{number}" : "answer";
        var answer = $"This is the offline agent, no model is configured. You sent {text}.";
        if (task.Text.StartsWith("data", StringComparison.OrdinalIgnoreCase))
        {
            yield return AgentUpdate.Artifact(
                id,
                Part.FromText(answer) with { Metadata = JsonElement.Parse("""{"language":"en"}""") },
                Part.FromData(JsonElement.Parse("""{"model":null,"numbers":[1,2.5,-3],"nested":{"offline":true}}""")));
            yield break;
        }

        if (!task.Text.StartsWith("slow", StringComparison.OrdinalIgnoreCase))
        {
            yield return AgentUpdate.Artifact(id, answer);
            yield break;
        }

        var words = answer.Split(' ');
        for (var i = 0; i < words.Length; i++)
        {
            var isLast = i == words.Length - 1;
            yield return AgentUpdate.Chunk(id, isLast ? words[i] : words[i] + " ", append: i > 0, lastChunk: isLast);
            await Task.Delay(TimeSpan.FromMilliseconds(400), time, cancellationToken);
        }
    }
}
