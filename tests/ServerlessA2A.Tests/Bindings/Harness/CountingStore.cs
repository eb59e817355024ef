using System.Collections.Concurrent;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Tests.Bindings.Harness;

/// <summary>Remembers which tasks were made.</summary>
internal sealed class CountingStore(ITaskStore inner) : StoreDecorator(inner)
{
    public ConcurrentQueue<string> Made { get; } = [];

    public override async ValueTask<string?> CreateAsync(NewTask task, CancellationToken cancellationToken)
    {
        var claimed = await base.CreateAsync(task, cancellationToken);
        if (claimed is null)
            Made.Enqueue(task.Snapshot.Id);
        return claimed;
    }
}
