using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.InMemory;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Bindings.Harness;

/// <summary>The in-memory store, whose watchers of a task can be made to fail in the middle.</summary>
internal sealed class BreakableStore
{
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _breaks = [];

    public ITaskStore Over(IServiceProvider services) => new Breakable(this, services.GetRequiredService<InMemoryTaskStore>());

    public void Break(string taskId) => BreakOf(taskId).Cancel();

    private CancellationTokenSource BreakOf(string taskId) => _breaks.GetOrAdd(taskId, _ => new CancellationTokenSource());

    private sealed class Breakable(BreakableStore owner, ITaskStore inner) : DelegatingTaskStore(inner)
    {
        public override async IAsyncEnumerable<LogEntry> WatchAsync(
            string taskId, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var isBroken = owner.BreakOf(taskId).Token;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(isBroken, cancellationToken);
            await foreach (var entry in base.WatchAsync(taskId, after, either.Token))
                yield return entry;
            if (isBroken.IsCancellationRequested)
                throw new TaskStoreException("broken", isTransient: true);
        }
    }
}
