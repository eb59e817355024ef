using System.Runtime.CompilerServices;
using ServerlessA2A.Client.Transports;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.Client.Streams;

/// <summary>
/// Follows a task over as many connections as it takes. Where an agent cannot stream, the task is read again and again, with growing
/// delays.
/// </summary>
internal sealed class TaskFollower(Connection connection, A2AClientOptions options)
{
    private readonly ITransport _transport = connection.Transport;
    private readonly Retries _retries = new(options);
    private readonly StreamState _state = new();
    private string? _subscribedTo;
    private bool _polls = connection.Card.Capabilities.Streaming == false;

    /// <summary>
    /// Sends a message and follows its task to a terminal state, or to INPUT_REQUIRED: the client has to answer then. AUTH_REQUIRED ends it
    /// where the agent ends its stream.
    /// </summary>
    public async IAsyncEnumerable<StreamResponse> SendAsync(
        SendMessageRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerable<StreamEvent> Open(string? taskId) => taskId is null
            ? _polls ? SendOnceAsync(request, cancellationToken)
                : _transport.StreamAsync(Operations.SendStreamingMessage, request, null, cancellationToken)
            : Subscribe(taskId, request.Tenant, cancellationToken);

        var isNewTask = request.Message.TaskId is null;
        await foreach (var item in FollowAsync(Open, isNewTask, endsAtQuestion: true, request.Tenant, cancellationToken))
            yield return item;
    }

    /// <summary>Follows a task to a terminal state.</summary>
    public IAsyncEnumerable<StreamResponse> SubscribeAsync(SubscribeToTaskRequest request, CancellationToken cancellationToken)
    {
        _subscribedTo = request.Id;
        return FollowAsync(
            _ => Subscribe(request.Id, request.Tenant, cancellationToken), false, endsAtQuestion: false, request.Tenant, cancellationToken);
    }

    /// <summary>The task that is followed; null until a message's task is known.</summary>
    private string? TaskId => _state.TaskId ?? _subscribedTo;

    private async IAsyncEnumerable<StreamResponse> FollowAsync(
        Func<string?, IAsyncEnumerable<StreamEvent>> open,
        bool isNewTask,
        bool endsAtQuestion,
        string? tenant,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Attempts in a row that failed, and attempts in a row that brought nothing new. A task that is quiet for hours is none that fails.
        var (failures, quiet) = (0, 0);
        var isEmpty = false;
        while (true)
        {
            A2AClientException? failure = null;
            var isNews = false;
            var isResumed = TaskId is not null;
            var begun = options.TimeProvider.GetTimestamp();
            // A subscription that brings nothing at all may be one of an agent that sends changes only: the task itself tells. Agents with
            // numbers repeat what was missed, so that reading it as well would double it.
            var reads = isResumed && (_polls || (isEmpty && _state.LastEventId is null));
            isEmpty = false;
            if (reads)
            {
                IReadOnlyList<StreamResponse> news = [];
                try
                {
                    news = _state.Take(await ReadAsync(tenant, cancellationToken));
                    failures = 0;
                }
                catch (A2AClientException exception)
                {
                    failure = exception;
                }

                isNews = news.Count > 0;
                foreach (var item in news) yield return item;
            }
            else
            {
                _state.Reconnect();
                isEmpty = true;
                await using var events = open(_state.TaskId).GetAsyncEnumerator(cancellationToken);
                while (true)
                {
                    try
                    {
                        if (!await events.MoveNextAsync()) break;
                    }
                    catch (A2AClientException exception)
                    {
                        failure = exception;
                        break;
                    }

                    (failures, isEmpty) = (0, false);
                    foreach (var item in await TakeAsync(events.Current, tenant, cancellationToken))
                    {
                        isNews = true;
                        yield return item;
                    }

                    if (_state.IsAnswered || _state.State.IsTerminal()) yield break;
                    // A subscription goes on after a question, other than the stream of a message.
                    if (endsAtQuestion && isResumed && isNews && _state.State == TaskState.InputRequired) yield break;
                }
            }

            if (_state.IsAnswered || _state.State.IsTerminal()) yield break;
            var isEnded = failure is null && (!reads || _polls);
            if (endsAtQuestion && (_state.State == TaskState.InputRequired || (isEnded && _state.State == TaskState.AuthRequired)))
                yield break;
            quiet = isNews ? 0 : reads && !_polls ? quiet : quiet + 1;
            // The subscription follows the read that helped it.
            if (reads && !_polls && failure is null) continue;

            if (failure is null && _state.TaskId is null)
                failure = new(A2AError.InvalidAgentResponse, "The agent's stream ended before it named a task.");
            failures += failure is null ? 0 : 1;
            isEmpty &= failure?.IsTransient != false;
            if (failure is not null && !CanContinue(failure, failures, isNewTask)) throw failure;
            // A stream that brought something, or that lasted, is opened again at once: agents limit how long one lasts.
            var lasted = options.TimeProvider.GetElapsedTime(begun);
            var retryAfter = failure is { IsTransient: true } ? failure.RetryAfter : null;
            if (_polls || lasted < Retries.First || (quiet > 0 && lasted < Retries.Longest) || TaskId is null || retryAfter is not null)
                await _retries.DelayAsync(Math.Max(1, Math.Max(quiet, failures)), retryAfter, cancellationToken);
        }
    }

    /// <summary>Whether another connection can continue after a failure, or reading the task can.</summary>
    private bool CanContinue(A2AClientException failure, int failures, bool isNewTask)
    {
        if (failure.IsTransient)
            return _retries.MayRepeat(failure, failures) && (TaskId is not null || _retries.MayResend(failure));
        if (_polls) return false;
        // The agent may have lost its events, or never had numbers.
        if (failure.Error == A2AError.InvalidParams && _state.LastEventId is not null)
        {
            _state.ForgetLastEvent();
            return failures < options.MaxAttempts;
        }

        // Agents reject a subscription to a task that is over, or that is not theirs any more, each in its own way. Others have no streams
        // at all. Whether the task can be followed is what reading it tells.
        if (TaskId is not null)
            return _polls = failure.Error != A2AError.Unauthenticated && failure.Error != A2AError.PermissionDenied;
        var cannotStream = failure.Error == A2AError.UnsupportedOperation || failure.Error == A2AError.MethodNotFound ||
            failure.Error == A2AError.MethodNotAllowed;
        return _polls = cannotStream && (isNewTask || failure.Error == A2AError.UnsupportedOperation);
    }

    /// <summary>The new events in an event: those in the task itself, where the event cannot be trusted to be all that is new.</summary>
    private async ValueTask<IReadOnlyList<StreamResponse>> TakeAsync(
        StreamEvent next, string? tenant, CancellationToken cancellationToken)
    {
        if (!_state.NeedsTask(next, isSubscription: _subscribedTo is not null))
        {
            var events = _state.Take(next);
            if (next.Item.Task is null || !_state.HidesQuestion) return events;
        }

        try
        {
            var task = await _retries.RunAsync(token => ReadAsync(tenant, token), _ => true, cancellationToken);
            var events = _state.Take(task);
            if (next.Item.Task is { } opening) _state.SkipRestOf(opening);
            // An agent stores an event before it sends it, so that the task includes it. A status proves it.
            return next.Item.StatusUpdate is { } update && StreamState.IsBehind(task, update.Status)
                ? [.. events, .. _state.Take(next)] : events;
        }
        catch (A2AClientException)
        {
            // Then the event is all there is.
            return _state.Take(next);
        }
    }

    private Task<A2ATask> ReadAsync(string? tenant, CancellationToken cancellationToken) =>
        _transport.CallAsync(Operations.GetTask, new GetTaskRequest { Id = TaskId!, Tenant = tenant }, cancellationToken);

    private IAsyncEnumerable<StreamEvent> Subscribe(string taskId, string? tenant, CancellationToken cancellationToken) =>
        _transport.StreamAsync(
            Operations.SubscribeToTask, new SubscribeToTaskRequest { Id = taskId, Tenant = tenant }, _state.LastEventId, cancellationToken);

    private async IAsyncEnumerable<StreamEvent> SendOnceAsync(
        SendMessageRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var immediate = request with { Configuration = (request.Configuration ?? new()) with { ReturnImmediately = true } };
        var response = await _transport.CallAsync(Operations.SendMessage, immediate, cancellationToken);
        yield return new(null, new() { Task = response.Task, Message = response.Message });
    }
}
