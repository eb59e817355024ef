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
    public IAsyncEnumerable<StreamResponse> SubscribeAsync(SubscribeToTaskRequest request, CancellationToken cancellationToken) =>
        FollowAsync(
            _ => Subscribe(request.Id, request.Tenant, cancellationToken), false, endsAtQuestion: false, request.Tenant, cancellationToken,
            request.Id);

    private async IAsyncEnumerable<StreamResponse> FollowAsync(
        Func<string?, IAsyncEnumerable<StreamEvent>> open,
        bool isNewTask,
        bool endsAtQuestion,
        string? tenant,
        [EnumeratorCancellation] CancellationToken cancellationToken,
        string? taskId = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            A2AClientException? failure = null;
            var known = _state.TaskId ?? taskId;
            if (_polls && known is not null)
            {
                IReadOnlyList<StreamResponse> news = [];
                try
                {
                    var read = new GetTaskRequest { Id = known, Tenant = tenant };
                    news = _state.Take(await _transport.CallAsync(Operations.GetTask, read, cancellationToken));
                }
                catch (A2AClientException exception)
                {
                    failure = exception;
                }

                if (news.Count > 0) attempt = 1;
                foreach (var item in news) yield return item;
            }
            else
            {
                _state.Reconnect();
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

                    foreach (var item in _state.Take(events.Current))
                    {
                        attempt = 1;
                        yield return item;
                    }

                    if (_state.IsAnswered || _state.State.IsTerminal()) yield break;
                }
            }

            if (_state.IsAnswered || _state.State.IsTerminal()) yield break;
            if (endsAtQuestion && (_state.State == TaskState.InputRequired || (failure is null && _state.State == TaskState.AuthRequired)))
                yield break;

            if (failure is null && _state.TaskId is null)
                failure = new(A2AError.InvalidAgentResponse, "The agent's stream ended before it named a task.");
            if (failure is not null && !CanContinue(failure, attempt, isNewTask)) throw failure;
            // A stream that has brought something is opened again at once: agents limit how long one lasts.
            if (_polls || attempt > 1 || _state.TaskId is null || failure?.RetryAfter is not null)
                await _retries.DelayAsync(attempt, failure?.RetryAfter, cancellationToken);
        }
    }

    /// <summary>Whether another connection can continue after a failure, or polling can.</summary>
    private bool CanContinue(A2AClientException failure, int attempt, bool isNewTask)
    {
        if (failure.IsTransient)
        {
            if (attempt >= options.MaxAttempts) return false;
            return _state.TaskId is not null || options.ResendMessages || Retries.WasNotReceived(failure);
        }

        if (_polls) return false;
        // The agent may have lost its events, or never had numbers.
        if (failure.Error == A2AError.InvalidParams && _state.LastEventId is not null)
        {
            _state.ForgetLastEvent();
            return attempt < options.MaxAttempts;
        }

        // Agents of 1.0 reject a subscription to a task that is over; others have no streams at all.
        var cannotStream = failure.Error == A2AError.UnsupportedOperation || failure.Error == A2AError.MethodNotFound ||
            failure.Error == A2AError.MethodNotAllowed;
        if (!cannotStream || (_state.TaskId is null && !isNewTask && failure.Error != A2AError.UnsupportedOperation)) return false;
        return _polls = true;
    }

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
