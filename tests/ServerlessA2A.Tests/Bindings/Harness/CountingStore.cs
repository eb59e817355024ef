using System.Collections.Concurrent;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Bindings.Harness;

/// <summary>Remembers which tasks were made.</summary>
internal sealed class CountingStore(ITaskStore inner) : DelegatingTaskStore(inner)
{
    public ConcurrentQueue<string> Made { get; } = [];

    public override async ValueTask<Claim?> CreateAsync(NewTask task, CancellationToken cancellationToken)
    {
        var claimed = await base.CreateAsync(task, cancellationToken);
        if (claimed is null)
            Made.Enqueue(task.Snapshot.Id);
        return claimed;
    }
}
