using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tests.Support;

/// <summary>A store that can't be reached when a test says so.</summary>
public sealed class FailingTaskStore(ITaskStore inner) : DelegatingTaskStore(inner)
{
    /// <summary>Whether this append fails; it has no effect then.</summary>
    public Func<LogEntry, bool> FailsAppend { get; set; } = _ => false;

    /// <summary>Whether this append takes effect and fails all the same: the answer was lost.</summary>
    public Func<LogEntry, bool> LosesAnswer { get; set; } = _ => false;

    /// <summary>Whether the faults pass.</summary>
    public bool IsTransient { get; set; } = true;

    /// <summary>Whether claims are as an earlier release has written them: without a hash.</summary>
    public bool ForgetsHashes { get; set; }

    public bool FailsRenewal { get; set; }

    public bool FailsWatch { get; set; }

    public override async ValueTask<Claim?> CreateAsync(NewTask task, CancellationToken cancellationToken) =>
        await base.CreateAsync(task, cancellationToken) is { } claim ? claim with { ContentHash = ForgetsHashes ? null : claim.ContentHash }
            : null;

    public override async ValueTask<AppendOutcome> AppendAsync(NewEntry entry, CancellationToken cancellationToken)
    {
        if (FailsAppend(entry.Entry))
            throw Unreachable();
        var outcome = await base.AppendAsync(entry, cancellationToken);
        return LosesAnswer(entry.Entry) ? throw Unreachable() : outcome;
    }

    public override ValueTask<bool> RenewLeaseAsync(
        string taskId, string runId, DateTimeOffset until, CancellationToken cancellationToken) =>
        FailsRenewal ? throw Unreachable() : base.RenewLeaseAsync(taskId, runId, until, cancellationToken);

    public override Task<TaskSnapshot?> WaitForRunChangeAsync(
        string taskId, string runId, int knownMessages, CancellationToken cancellationToken) =>
        FailsWatch ? Task.FromException<TaskSnapshot?>(Unreachable())
            : base.WaitForRunChangeAsync(taskId, runId, knownMessages, cancellationToken);

    private TaskStoreException Unreachable() => new("The store can't be reached.", IsTransient);
}

/// <summary>A queue that keeps what is published, and can't be reached when a test says so.</summary>
public sealed class RecordingQueue : ITaskQueue
{
    private readonly TaskCompletionSource<string> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<string> Published { get; } = [];

    /// <summary>The first id that is published, when it is.</summary>
    public Task<string> First => _first.Task.WithinLimit("a run is published");

    public bool Fails { get; set; }

    public ValueTask PublishRunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Fails)
            throw new TaskStoreException("The queue can't be reached.", isTransient: true);
        lock (Published)
            Published.Add(request.TaskId);
        _first.TrySetResult(request.TaskId);
        return ValueTask.CompletedTask;
    }
}
