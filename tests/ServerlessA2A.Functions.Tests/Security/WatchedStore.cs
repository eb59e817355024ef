using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Security;

/// <summary>Counts what only a request asks of the store: who is not let in must not get so far.</summary>
internal sealed class WatchedStore(ITaskStore inner) : DelegatingTaskStore(inner)
{
    private int _asked;

    public int Asked => Volatile.Read(ref _asked);

    public override ValueTask<Claim?> CreateAsync(NewTask task, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        return base.CreateAsync(task, cancellationToken);
    }

    public override ValueTask<TaskSnapshot?> ReadAsync(string? owner, string taskId, CancellationToken cancellationToken)
    {
        // Workers, who may still be at the end of an earlier task, read without an owner.
        if (owner is not null)
            Interlocked.Increment(ref _asked);
        return base.ReadAsync(owner, taskId, cancellationToken);
    }
}
