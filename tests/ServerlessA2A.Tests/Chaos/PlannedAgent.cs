using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Chaos;

/// <summary>An agent that does what its message plans, from wherever it can go on.</summary>
internal sealed class PlannedAgent(Simulation simulation, Instance instance) : IAgent
{
    public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentTask task, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var plan = Plan.Of(task.History[0].Parts[0].Text!);
        var stop = plan.IsStubborn ? CancellationToken.None : cancellationToken;
        var checkpoint = task.Checkpoint is { } data ? int.Parse(Encoding.UTF8.GetString(data.Span), CultureInfo.InvariantCulture) : 0;
        var begin = plan.GoesOnAt(checkpoint, task.History.Count(message => message.Role == Role.User) - 1);
        var artifacts = Plan.Describe(task.Artifacts.Select(artifact => (artifact.ArtifactId, StreamedArtifacts.TextOf(artifact))));
        if (artifacts != plan.Stages[begin])
            simulation.Violated($"Task {task.Id}: the agent goes on at step {begin} and finds '{artifacts}' instead of '{plan.Stages[begin]}'.");
        foreach (var step in plan.Steps.Skip(begin))
        {
            await simulation.Gates.PassAsync(instance, "agent");
            stop.ThrowIfCancellationRequested();
            if (step.Update is null)
                await Task.Delay(step.Pause, instance.Clock, stop);
            else
                yield return step.Update;
            if (step.Update is AgentUpdate.InputRequired)
                yield break;
        }
    }
}
