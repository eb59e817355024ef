using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Chaos;

/// <summary>An agent that does what its message plans, from wherever it can go on.</summary>
internal sealed class PlannedAgent(Simulation simulation, Instance instance) : IAgent
{
    public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var plan = Plan.Of(context.History[0].Parts[0].Text!);
        var stop = plan.IsStubborn ? CancellationToken.None : cancellationToken;
        var checkpoint = context.Checkpoint is { } data ? int.Parse(Encoding.UTF8.GetString(data.Span), CultureInfo.InvariantCulture) : 0;
        var begin = plan.GoesOnAt(checkpoint, AnswersIn(context.History));
        var artifacts = Plan.Describe(context.Artifacts.Select(artifact => (artifact.ArtifactId, StreamedArtifacts.TextOf(artifact))));
        if (artifacts != plan.Stages[begin])
            simulation.Violated(
                $"Task {context.TaskId}: the agent goes on at step {begin} and finds '{artifacts}' instead of '{plan.Stages[begin]}'.");
        var heard = new Heard(context);
        if (context.Message != context.History[0] && heard.Of(context.Message) is { } request)
            yield return request;
        foreach (var step in plan.Steps.Skip(begin))
        {
            await simulation.Gates.PassAsync(instance, "agent");
            stop.ThrowIfCancellationRequested();
            while (plan.Listens && context.NewMessages.TryRead(out var message))
            {
                if (heard.Of(message) is { } news)
                    yield return news;
                else
                    simulation.Violated(
                        $"Task {context.TaskId}: message {message.MessageId} is offered to the agent, which was given it before.");
            }

            if (step.Update is null)
                await Task.Delay(step.Pause, instance.Clock, stop);
            else
                yield return step.Update;
            if (step.Update is AskUpdate)
                yield break;
        }
    }

    /// <summary>A question's answer is what follows it; whatever else the client says is none.</summary>
    private static int AnswersIn(IReadOnlyList<Message> history) => history.Zip(history.Skip(1)).Count(pair =>
        pair.First.Role == Role.Agent && pair.First.Parts[0].Text!.StartsWith("after ", StringComparison.Ordinal) &&
            pair.Second.Role == Role.User);
}
