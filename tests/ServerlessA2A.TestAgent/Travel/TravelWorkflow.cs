using Microsoft.Agents.AI.Workflows;
using Microsoft.Extensions.AI;

namespace ServerlessA2A.TestAgent.Travel;

/// <summary>A workflow with a step for each place; steps for places beyond the journey's last one do nothing.</summary>
public static class TravelWorkflow
{
    /// <summary>The longest journey.</summary>
    public const int MaxPlaces = 6;

    public static Workflow Create(Journal journal)
    {
        var start = new Start();
        var steps = Enumerable.Range(1, MaxPlaces).Select(place => Step(journal, place)).ToList();
        var end = new FunctionExecutor<Trip, string>(
            "report", (trip, _, _) => new ValueTask<string>(Journey.Report(Enumerable.Range(1, trip.Journey.Places))));
        var builder = new WorkflowBuilder(start).AddEdge(start, steps[0]);
        foreach (var (step, next) in steps.Zip(steps.Skip(1)))
            builder.AddEdge(step, next);
        return builder.AddEdge(steps[^1], end).WithOutputFrom(end).Build();
    }

    private static FunctionExecutor<Trip, Trip> Step(Journal journal, int place) => new(
        $"visit-{place}",
        async (trip, _, cancellationToken) =>
        {
            if (place > 1 && place <= trip.Journey.Places + 1)
                await journal.ShownAsync(trip.Journey.Number, place - 1, cancellationToken);
            if (place <= trip.Journey.Places)
                await journal.VisitAsync(trip.Journey.Number, place, call: "", trip.Journey.Pause, cancellationToken);
            return trip;
        });

    /// <summary>What one step sends to the next.</summary>
    public sealed record Trip(Journey Journey);

    private sealed class Start() : ChatProtocolExecutor("start")
    {
        protected override ProtocolBuilder ConfigureProtocol(ProtocolBuilder protocolBuilder) =>
            base.ConfigureProtocol(protocolBuilder).SendsMessage<Trip>();

        protected override async ValueTask TakeTurnAsync(
            List<ChatMessage> messages, IWorkflowContext context, bool? emitEvents, CancellationToken cancellationToken = default) =>
            await context.SendMessageAsync(new Trip(Journey.Of(messages)), cancellationToken);
    }
}
