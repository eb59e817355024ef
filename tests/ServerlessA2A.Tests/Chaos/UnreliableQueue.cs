using ServerlessA2A.Tasks;

namespace ServerlessA2A.Tests.Chaos;

/// <summary>The queue as an instance reaches it. What was published may come never, twice and in any order.</summary>
internal sealed class UnreliableQueue(Simulation simulation, Instance instance) : ITaskQueue
{
    public async ValueTask PublishRunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var fate = await simulation.Gates.PassAsync(instance, "publish");
        cancellationToken.ThrowIfCancellationRequested();
        if (fate.FailsBefore || instance.IsLost)
            throw Simulation.Fault();
        simulation.Publish(request, fate.Roll);
        if (fate.FailsAfter)
            throw Simulation.Fault();
    }
}
