using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using ServerlessA2A.Agents;

namespace ServerlessA2A.Benchmarks.Emulators;

/// <summary>Answers at once; asked for a number of chunks it says so many, each with the time at which it was said.</summary>
internal sealed class StampingAgent : IAgent
{
    public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!int.TryParse(context.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var chunks))
        {
            yield return AgentUpdate.Artifact("answer", "hello");
            yield break;
        }

        for (var i = 0; i < chunks; i++)
        {
            await Task.Delay(20, cancellationToken);
            yield return AgentUpdate.Append("answer", $"{Stopwatch.GetTimestamp()} ");
        }
    }
}
