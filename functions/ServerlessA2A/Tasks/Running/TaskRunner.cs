using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Callbacks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Telemetry;

namespace ServerlessA2A.Tasks.Running;

/// <summary>
/// Runs tasks: takes the lease, lets the agent work, and appends what it yields. Run requests are delivered at least once and in any order:
/// a request for a task in a terminal or interrupted state, or for one that a live worker holds, has no effect.
/// </summary>
public sealed class TaskRunner
{
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(30);

    private readonly TaskLeases _leases;
    private readonly RunRequests _requests;
    private readonly RunTurns _turns;
    private readonly ITaskStore _store;
    private readonly TaskCallbacks _callbacks;
    private readonly TimeProvider _time;
    private readonly IdSource _newId;
    private readonly TaskOptions _options;
    private readonly ILogger _logger;

    internal TaskRunner(
        TaskLeases leases,
        RunRequests requests,
        RunTurns turns,
        ITaskStore store,
        TaskCallbacks callbacks,
        TimeProvider time,
        IdSource newId,
        IOptions<TaskOptions> options,
        ILogger<TaskRunner> logger) =>
        (_leases, _requests, _turns, _store, _callbacks, _time, _newId, _options, _logger) =
            (leases, requests, turns, store, callbacks, time, newId, options.Value, logger);

    /// <summary>Runs a task until it ends, waits for its client, sleeps, hands over, or is lost to a cancel or another worker.</summary>
    /// <exception cref="TaskStoreException">The store or the queue failed; redeliver the request.</exception>
    /// <exception cref="AgentException">The agent failed for a transient reason; redeliver the request.</exception>
    /// <exception cref="OperationCanceledException">The host stops; redeliver the request.</exception>
    /// <remarks>
    /// A task whose tenant has all its turns does not run now (<see cref="RunTurns"/>).
    /// An agent whose constructor throws uses up no attempt: the exception is thrown, and the request is to be redelivered.
    /// </remarks>
    public async Task RunAsync(RunRequest request, CancellationToken cancellationToken)
    {
        await using var turn = _turns.Begin(request);
        if (await _leases.TakeAsync(request.TaskId, turn.TryTake, cancellationToken) is not var (log, hosted, agent))
            return;
        if (log.Snapshot.State == TaskState.Canceled)
        {
            await CleanUpAsync(log.Snapshot, hosted, agent, request, cancellationToken);
            return;
        }

        var lease = log.Snapshot.Lease!;
        using var span = EngineSpans.StartRun(log.TaskId, log.Snapshot.Task.ContextId, lease.RunId, lease.Attempt);
        var task = new LeasedTask(log, new OfferedMessages(log.Snapshot), _time);
        using var schedule = new RunSchedule(_time, _options, lease.Until, Deadline.Of(log.Snapshot));
        using var watch = new RunWatch(log, _time, _logger);
        var context = AgentContexts.Of(log.Snapshot, hosted, task.Messages, schedule, _requests.TokenOf(request), _store, _callbacks);
        using var agentRun = new AgentRun(agent, hosted.Title, context, _time, _options.StopGrace, cancellationToken);
        var events = new UpdateEvents(
            task, hosted.Cards, new RunExtensions(context, hosted.Cards), _options.MaxArtifactSize, _time, _newId);
        await using var run = new TaskRun(task, agentRun, events, schedule, watch, _options, _logger);
        var begun = Stopwatch.GetTimestamp();
        try
        {
            if (!await run.ExecuteAsync(cancellationToken))
                return;
        }
        finally
        {
            EngineMetrics.RunEnded(Stopwatch.GetElapsedTime(begun), run.Ending);
            if (span is not null)
                EngineSpans.EndRun(span, run.Ending, run.Error);
        }

        await _requests.ContinueAsync(request, cancellationToken);
    }

    /// <summary>Lets the agent clean up after a task that was canceled after a checkpoint.</summary>
    private async Task CleanUpAsync(
        TaskSnapshot task, HostedAgent hosted, IAgent agent, RunRequest request, CancellationToken cancellationToken)
    {
        using var schedule = new RunSchedule(_time, _options, leaseUntil: DateTimeOffset.MaxValue, deadline: null);
        var context = AgentContexts.Of(
            task, hosted, new OfferedMessages(task), schedule, _requests.TokenOf(request), _store, _callbacks);
        using var limit = new CancellationTokenSource(CleanUpLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        // The agent may block: not on the thread that takes the requests.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await agent.CanceledAsync(context, either.Token);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is not OutOfMemoryException)
        {
            TaskLogMessages.CleanUpFailed(_logger, failure, task.Id);
        }
    }

    /// <summary>
    /// Fails a task whose request for a run was given up, because every delivery of it failed. A task in a terminal or interrupted state,
    /// or one that a live worker holds, is left alone: if that worker is lost too, the sweep requests another run.
    /// </summary>
    /// <exception cref="TaskStoreException">The store failed; redeliver the dead letter.</exception>
    public Task GiveUpAsync(RunRequest request, CancellationToken cancellationToken) =>
        _leases.GiveUpAsync(request.TaskId, cancellationToken);
}
