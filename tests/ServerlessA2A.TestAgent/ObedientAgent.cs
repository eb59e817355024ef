using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;

namespace ServerlessA2A.TestAgent;

/// <summary>
/// Does what the message says: <c>count 100 5ms checkpoint 10</c> streams the numbers from 1 to 100 as chunks, 5 ms apart, with a
/// checkpoint after every tenth, and with <c>gate 50 URL</c> at the end it waits after the fiftieth until that address answers; <c>ask</c>
/// asks back and repeats the answer; <c>reply TEXT</c> answers with a message instead of a task, and so does <c>Answer TEXT</c>, the smoke
/// test's; <c>fail REASON</c> fails; <c>throw</c> breaks.
/// </summary>
public sealed partial class ObedientAgent(TimeProvider time, ILogger<ObedientAgent> logger) : IAgent
{
    public IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, CancellationToken cancellationToken) =>
        context.Text.Split(' ') switch
        {
            ["count", var to, var pause, "checkpoint", var every, .. var gate] =>
                CountAsync(context, Number(to), Milliseconds(pause), Number(every), gate, cancellationToken),
            ["count", var to, var pause, .. var gate] =>
            CountAsync(context, Number(to), Milliseconds(pause), int.MaxValue, gate, cancellationToken),
            ["ask"] => Say(AgentUpdate.Ask("What is to be repeated?")),
            ["reply" or "Answer", .. var text] => Say(AgentUpdate.Reply(string.Join(' ', text))),
            ["fail", .. var reason] => Say(AgentUpdate.Fail(string.Join(' ', reason))),
            ["throw"] => throw new InvalidOperationException("Told to throw."),
            _ => Say(AgentUpdate.Artifact("echo", context.Text)),
        };

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    private static TimeSpan Milliseconds(string word) =>
        TimeSpan.FromMilliseconds(Number(word.Replace("ms", "", StringComparison.Ordinal)));

    private static async IAsyncEnumerable<AgentUpdate> Say(AgentUpdate update)
    {
        await Task.Yield();
        yield return update;
    }

    private async IAsyncEnumerable<AgentUpdate> CountAsync(
        AgentContext context, int to, TimeSpan pause, int every, string[] gate,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var done = context.Checkpoint is { } checkpoint ? Number(Encoding.UTF8.GetString(checkpoint.Span)) : 0;
        Began(logger, context.TaskId, done);
        // Not disposed of: what waits below is woken first, and would take the registration back before its turn.
        cancellationToken.Register(() => Stopped(logger, context.TaskId));
        while (done < to)
        {
            if (gate is ["gate", var after, var address] && done == Number(after))
                await PassAsync(new Uri(address), cancellationToken);
            await Task.Delay(pause, time, cancellationToken);
            done++;
            yield return AgentUpdate.Append("count", $"{done} ", lastChunk: done == to);
            if (done % every == 0)
                yield return AgentUpdate.SaveCheckpoint($"{done}");
        }
    }

    private static async Task PassAsync(Uri gate, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        using var response = await http.GetAsync(gate, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    [LoggerMessage(1, LogLevel.Information, "Counting for {TaskId} begins after {Done}.")]
    private static partial void Began(ILogger logger, string taskId, int done);

    [LoggerMessage(2, LogLevel.Information, "Counting for {TaskId} is stopped.")]
    private static partial void Stopped(ILogger logger, string taskId);
}
