using System.Runtime.CompilerServices;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Chaos;

/// <summary>The store as an instance reaches it: late, not at all, or without learning whether it did.</summary>
internal sealed class UnreliableStore(Simulation simulation, Instance instance) : DelegatingTaskStore(simulation.Store)
{
    public override ValueTask<Claim?> CreateAsync(NewTask task, CancellationToken cancellationToken) =>
        DoAsync("create", () => base.CreateAsync(task, cancellationToken), cancellationToken);

    public override ValueTask<TaskSnapshot?> ReadAsync(string? owner, string taskId, CancellationToken cancellationToken) =>
        DoAsync("read", () => base.ReadAsync(owner, taskId, cancellationToken), cancellationToken);

    public override ValueTask<AppendOutcome> AppendAsync(NewEntry entry, CancellationToken cancellationToken) =>
        DoAsync("append", () => base.AppendAsync(entry, cancellationToken), cancellationToken);

    public override ValueTask<bool> RenewLeaseAsync(
        string taskId, string runId, DateTimeOffset until, CancellationToken cancellationToken) =>
        DoAsync("renew", () => base.RenewLeaseAsync(taskId, runId, until, cancellationToken), cancellationToken);

    public override ValueTask<bool> PostponeAsync(UnattendedTask task, DateTimeOffset until, CancellationToken cancellationToken) =>
        DoAsync("postpone", () => base.PostponeAsync(task, until, cancellationToken), cancellationToken);

    public override ValueTask<IReadOnlyList<UnattendedTask>> ListUnattendedAsync(
        DateTimeOffset before, int count, CancellationToken cancellationToken) =>
        DoAsync("list", () => ListInOrderAsync(before, count, cancellationToken), cancellationToken);

    public override async Task<TaskSnapshot?> WaitForRunChangeAsync(
        string taskId, string runId, int knownMessages, CancellationToken cancellationToken)
    {
        await PassAsync("watch run");
        var task = await base.WaitForRunChangeAsync(taskId, runId, knownMessages, cancellationToken);
        if (!cancellationToken.IsCancellationRequested)
            await PassAsync("run change");
        return task;
    }

    public override async Task<TaskSnapshot?> WaitUntilTerminalOrInterruptedAsync(string taskId, CancellationToken cancellationToken)
    {
        await PassAsync("watch state");
        var task = await base.WaitUntilTerminalOrInterruptedAsync(taskId, cancellationToken);
        if (!cancellationToken.IsCancellationRequested)
            await PassAsync("rest");
        return task;
    }

    public override async IAsyncEnumerable<LogEntry> WatchAsync(
        string taskId, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await PassAsync("watch");
        await foreach (var entry in base.WatchAsync(taskId, after, cancellationToken))
        {
            await PassAsync("entry");
            if (cancellationToken.IsCancellationRequested)
                yield break;
            yield return entry;
        }
    }

    /// <summary>What is due at the same moment comes in an order that another process repeats.</summary>
    private async ValueTask<IReadOnlyList<UnattendedTask>> ListInOrderAsync(
        DateTimeOffset before, int count, CancellationToken cancellationToken) =>
        [.. (await base.ListUnattendedAsync(before, int.MaxValue, cancellationToken))
            .OrderBy(task => task.Since).ThenBy(task => task.TaskId, StringComparer.Ordinal).Take(count)];

    private async ValueTask<T> DoAsync<T>(string what, Func<ValueTask<T>> effect, CancellationToken cancellationToken)
    {
        var fate = await PassAsync(what);
        cancellationToken.ThrowIfCancellationRequested();
        var result = await effect();
        if (fate.IsLate)
            await PassAsync($"{what} answer");
        if (fate.FailsAfter || instance.IsLost)
            throw Simulation.Fault();
        return result;
    }

    private async Task<Fate> PassAsync(string what)
    {
        var fate = await simulation.Gates.PassAsync(instance, what);
        return fate.FailsBefore || instance.IsLost ? throw Simulation.Fault() : fate;
    }
}
