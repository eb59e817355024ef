using System.Runtime.CompilerServices;
using Google.Cloud.Firestore;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <content>Watches tasks: Firestore reports each change, whoever made it.</content>
internal sealed partial class FirestoreTaskStore
{
    /// <summary>
    /// How long a watch goes without a report before it reads. Firestore's listeners miss nothing; the emulator's do, if another listener
    /// ends at that moment. One read every 15 s is the price of not relying on them.
    /// </summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <summary>How often a watch that has not read its task checks that the task still exists.</summary>
    private static readonly TimeSpan Recheck = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public async IAsyncEnumerable<LogEntry> WatchAsync(
        string taskId, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested || !TaskIds.IsPossible(taskId))
            yield break;
        var task = Tasks.Document(taskId);
        var isThereUntil = _time.GetUtcNow() + Recheck;
        if (after < 1)
        {
            if (await UnlessCancelledAsync(FindAsync(owner: null, taskId, cancellationToken), cancellationToken) is not { } document)
                yield break;
            isThereUntil = TaskDocument.ExpiryOf(document);
            if (await UnlessCancelledAsync(ReadFirstAsync(document, cancellationToken)!, cancellationToken) is not { } first)
                yield break;
            yield return first;
            after = 1;
        }

        using var listener = new LogListener(_calls, LogAfter(task, after), $"watch task {taskId}");
        while (!cancellationToken.IsCancellationRequested)
        {
            using var due = new CancellationTokenSource(UntilDue(isThereUntil), _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(due.Token, cancellationToken);
            var added = await listener.NextAsync(Silence, either.Token);
            if (added is null)
            {
                if (!due.IsCancellationRequested ||
                    await UnlessCancelledAsync(FindAsync(owner: null, taskId, cancellationToken), cancellationToken) is not { } document)
                    yield break;
                isThereUntil = TaskDocument.ExpiryOf(document);
                continue;
            }

            if (added.Count == 0)
                added = await ReadInSilenceAsync(
                    stop => QueryAsync($"watch task {taskId}", LogAfter(task, after), stop), listener.WaitAsync, cancellationToken) ?? [];
            foreach (var document in added)
            {
                // Reported changes may be reported again.
                if (document.GetValue<long>(LogDocument.Last) <= after)
                    continue;
                if (await UnlessCancelledAsync(
                    Schema.ReadAsync(document, LogDocument.ReadAsync(task, document, _payloads, cancellationToken))!,
                    cancellationToken) is not { } entry)
                    yield break;
                if (entry.First > after + 1)
                    throw new TaskStoreException(
                        $"Task {taskId}: the events {after + 1} to {entry.First - 1} have expired.", isTransient: false);
                after = entry.Last;
                yield return entry;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<TaskSnapshot?> WaitForRunChangeAsync(
        string taskId, string runId, int knownMessages, CancellationToken cancellationToken)
    {
        if (await WaitForAsync(taskId, IsChanged, cancellationToken) is not { } document || IsLost(document))
            return null;
        // An added message comes with a snapshot, which covers everything in the log before it.
        return await UnlessCancelledAsync(ReadSnapshotAsync(document, cancellationToken)!, cancellationToken);

        bool IsChanged(DocumentSnapshot found) => IsLost(found) || TaskDocument.AddedMessagesOf(found) > knownMessages;

        bool IsLost(DocumentSnapshot found) => TaskDocument.LeaseOf(found)?.RunId != runId;
    }

    /// <inheritdoc/>
    public async Task<TaskSnapshot?> WaitUntilTerminalOrInterruptedAsync(string taskId, CancellationToken cancellationToken)
    {
        if (await WaitForAsync(taskId, TaskDocument.IsTerminalOrInterrupted, cancellationToken) is not { } document)
            return null;
        return await UnlessCancelledAsync(ReadSnapshotAsync(document, cancellationToken)!, cancellationToken);
    }

    /// <summary>
    /// The document of a task once it satisfies a condition; null if the wait is cancelled or the task does not exist (any more).
    /// </summary>
    private async Task<DocumentSnapshot?> WaitForAsync(
        string taskId, Func<DocumentSnapshot, bool> isSo, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested || !TaskIds.IsPossible(taskId))
            return null;
        var document = Tasks.Document(taskId);
        var over = new TaskCompletionSource<DocumentSnapshot?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancellation = cancellationToken.UnsafeRegister(
            static over => ((TaskCompletionSource<DocumentSnapshot?>)over!).TrySetResult(null), over);
        var listener = document.Listen(
            (found, _) =>
            {
                GoogleCloudTelemetry.Read(1);
                Look(found);
                return Task.CompletedTask;
            },
            CancellationToken.None);
        try
        {
            while (true)
            {
                using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                await Task.WhenAny(over.Task, listener.ListenerTask, Task.Delay(Silence, silence.Token));
                await silence.CancelAsync();
                if (over.Task.IsCompleted)
                    return await over.Task;
                if (listener.ListenerTask.IsCompleted)
                    throw LogListener.Fault(_calls, listener.ListenerTask, $"watch task {taskId}");
                if (await ReadInSilenceAsync(
                    stop => GetAsync($"watch task {taskId}", document, stop), over.Task.WaitAsync, cancellationToken) is { } found)
                    Look(found);
            }
        }
        finally
        {
            _ = listener.StopAsync(CancellationToken.None);
        }

        void Look(DocumentSnapshot found)
        {
            try
            {
                if (!found.Exists)
                    over.TrySetResult(null);
                else if (Schema.Read(found, () => isSo(found)))
                    over.TrySetResult(found);
            }
            catch (TaskStoreException unreadable)
            {
                // Permanent. Thrown inside the listener it would look like a transient failure of the service.
                over.TrySetException(unreadable);
            }
        }
    }

    /// <summary>
    /// Reads what a listener may have missed. Null if it reports something meanwhile, which then need not wait for the read, if the read
    /// fails transiently, as the listener goes on, or if the watch is cancelled.
    /// </summary>
    internal static async Task<T?> ReadInSilenceAsync<T>(
        Func<CancellationToken, Task<T>> read, Func<CancellationToken, Task> report, CancellationToken cancellationToken)
        where T : class
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (reading, reported) = (read(over.Token), report(over.Token));
        await Task.WhenAny(reading, reported);
        await over.CancelAsync();
        await reported.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            return await reading;
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or TaskStoreException { IsTransient: true })
        {
            return null;
        }
    }

    private TimeSpan UntilDue(DateTimeOffset moment)
    {
        var wait = moment - _time.GetUtcNow();
        return wait <= TimeSpan.Zero ? TimeSpan.Zero : wait < Recheck ? wait : Recheck;
    }

    /// <summary>Ends a cancelled watch without an error.</summary>
    private static async Task<T?> UnlessCancelledAsync<T>(Task<T?> act, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await act;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
