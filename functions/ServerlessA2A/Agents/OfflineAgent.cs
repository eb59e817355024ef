using System.Runtime.CompilerServices;
using System.Text.Json;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Agents;

/// <summary>
/// The agent that answers if no model is configured. It needs no account and no network, and states that it is not a model. A message
/// that begins with "ask" makes it ask a question, "slow" makes it stream word by word, "data" makes it add metadata and a data part.
/// </summary>
internal sealed class OfflineAgent(TimeProvider time) : IAgent
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var text = context.Text.Length == 0 ? "no text" : $"\"{context.Text}\"";
        if (context.History.Count == 1 && context.Text.StartsWith("ask", StringComparison.OrdinalIgnoreCase))
        {
            yield return AgentUpdate.Ask("This is the offline agent. What should it repeat?");
            yield break;
        }

        // A message that arrived during an earlier run is answered by its own artifact.
        var number = context.History.Count(message => message.Role == Role.User) -
            context.History.Count(message => message.Role == Role.Agent);
        var id = number > 1 ? $"answer-{number}" : "answer";
        var answer = $"This is the offline agent, no model is configured. You sent {text}.";
        if (context.Text.StartsWith("data", StringComparison.OrdinalIgnoreCase))
        {
            yield return AgentUpdate.Artifact(
                id,
                Part.FromText(answer) with { Metadata = JsonElement.Parse("""{"language":"en"}""") },
                Part.FromData(JsonElement.Parse("""{"model":null,"numbers":[1,2.5,-3],"nested":{"offline":true}}""")));
            yield break;
        }

        if (!context.Text.StartsWith("slow", StringComparison.OrdinalIgnoreCase))
        {
            yield return AgentUpdate.Artifact(id, answer);
            yield break;
        }

        await foreach (var update in AgentUpdate.Stream(id, WordsAsync(answer, cancellationToken), cancellationToken))
            yield return update;
    }

    private async IAsyncEnumerable<string> WordsAsync(string text, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var words = text.Split(' ');
        for (var i = 0; i < words.Length; i++)
        {
            yield return i == 0 ? words[i] : " " + words[i];
            await Task.Delay(TimeSpan.FromMilliseconds(400), time, cancellationToken);
        }
    }
}
