using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Inspector.Tests.Support;

/// <summary>
/// Does what the message says: <c>count 6 GATE</c> streams numbers, with a checkpoint in the middle, where it waits for the gate of that
/// name; <c>ask</c> asks back; <c>steer</c> waits for another message; <c>wait</c> waits until it is canceled; <c>parts</c> answers with
/// files and data; <c>fail REASON</c> fails. Everything else is repeated.
/// </summary>
internal sealed class StageAgent : IAgent
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();

    /// <summary>Lets the count go on that waits at a gate, or will.</summary>
    public void Open(string gate) => Gate(gate).TrySetResult();

    public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        switch (TextOf(context.History[0]).Split(' '))
        {
            case ["count", var count, var gate]:
                var to = int.Parse(count, CultureInfo.InvariantCulture);
                for (var i = 1; i <= to; i++)
                {
                    yield return AgentUpdate.Append("count", $"{i} ", lastChunk: i == to);
                    if (i != to / 2)
                        continue;
                    yield return AgentUpdate.SaveCheckpoint($"{i}");
                    await Gate(gate).Task.WaitAsync(cancellationToken);
                }

                break;
            case ["ask"] when context.History.Count == 1:
                yield return AgentUpdate.Ask("Which one?");
                break;
            case ["ask"]:
                yield return AgentUpdate.Artifact("answer", $"You want {context.Text}.");
                break;
            case ["steer"]:
                yield return AgentUpdate.Report("Which way?");
                var message = await context.NewMessages.ReadAsync(cancellationToken);
                yield return AgentUpdate.Artifact("answer", $"Going {TextOf(message)}.");
                break;
            case ["wait"]:
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                break;
            case ["parts"]:
                yield return AgentUpdate.Artifact(
                    "parts",
                    Part.FromBytes("hello"u8.ToArray(), "text/plain", "hello.txt"),
                    Part.FromUri("https://example.com/a.png", "image/png"),
                    Part.FromData(JsonElement.Parse("""{"numbers":[1,2.5]}""")));
                break;
            case ["fail", .. var reason]:
                yield return AgentUpdate.Fail(string.Join(' ', reason));
                break;
            default:
                yield return AgentUpdate.Artifact("echo", Describe(context.Message));
                break;
        }
    }

    private static string Describe(Message message) => string.Join(", ", message.Parts.Select(part =>
        part.Text ?? (part.Raw is { } raw ? $"{part.Filename} of {raw.Length} bytes" : part.Data?.GetRawText())));

    private static string TextOf(Message message) => string.Concat(message.Parts.Select(part => part.Text));

    private TaskCompletionSource Gate(string name) =>
        _gates.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
