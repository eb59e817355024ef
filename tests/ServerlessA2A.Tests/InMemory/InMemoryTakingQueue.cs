using ServerlessA2A.InMemory;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Conformance;

namespace ServerlessA2A.Tests.InMemory;

/// <summary>The in-memory queue with a hand at its other end.</summary>
internal sealed class InMemoryTakingQueue(InMemoryTaskQueue queue) : ITakingQueue
{
    public ValueTask PublishRunAsync(RunRequest request, CancellationToken cancellationToken) =>
        queue.PublishRunAsync(request, cancellationToken);

    public async Task<RunRequest> TakeAsync(CancellationToken cancellationToken) =>
        await queue.TakeAllAsync(cancellationToken).FirstAsync(cancellationToken);
}
