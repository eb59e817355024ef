using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tasks.Running;

namespace ServerlessA2A.Tasks.Operations;

/// <summary>
/// The operations on tasks (A2A 1.0, section 3.1), whatever the binding and the version. A task or context of another owner, or of
/// another agent, answers exactly as one that does not exist.
/// </summary>
/// <remarks>Errors are <see cref="A2AException"/>; a store or queue that can't be reached is <see cref="TaskStoreException"/>.</remarks>
internal sealed class TaskLifecycle(
    ITaskStore store,
    ITaskQueue queue,
    HostedAgents agents,
    IWebhooks webhooks,
    TaskLimits limits,
    AccessTokens accessTokens,
    TimeProvider time,
    IdSource newId,
    IOptions<TaskOptions> options,
    ILogger<TaskLifecycle> logger)
{
    private readonly TaskStreams _streams = new(store);
    private readonly DuplicateDetection _duplicates = new(options.Value.DetectDuplicates);

    /// <summary>
    /// Makes or continues a task. Answers at once where the request says so; otherwise when the task rests, or with the task as it
    /// stands when the request's time is nearly over (section 3.2.2). The answer is the task, or the message that took its place.
    /// </summary>
    public async Task<SendMessageResponse> SendAsync(CallContext call, SendMessageRequest request, CancellationToken cancellationToken)
    {
        var waits = request.Configuration is not { ReturnImmediately: true };
        var task = await AcceptAsync(call, request, waits, cancellationToken);
        if (waits)
            task = await _streams.WaitUntilRestingAsync(task, call.TimeUp, cancellationToken);
        return task.Reply is { } reply
            ? new SendMessageResponse { Message = reply }
            : new SendMessageResponse { Task = Views.WithHistory(task.Task, request.Configuration?.HistoryLength) };
    }

    /// <summary>
    /// Makes or continues a task and streams it: the task, then its events, until it ends, waits for the client's input, or the request's
    /// time is nearly over (section 3.1.2); or the message that took the task's place, alone. With the number of the last event that the
    /// client has, the stream goes on from there.
    /// </summary>
    public async IAsyncEnumerable<StreamItem> SendStreamingAsync(
        CallContext call, SendMessageRequest request, long? lastEventId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RequireStreaming(call);
        var task = await AcceptAsync(call, request, waits: true, cancellationToken);
        using var linked = TaskStreams.Link(call.TimeUp, cancellationToken);
        var stop = linked?.Token ?? call.TimeUp;
        var historyLength = request.Configuration?.HistoryLength;
        var items = lastEventId is { } after && after < task.Seq
            ? _streams.ResumeAsync(task, after, historyLength, endsAtQuestion: true, stop)
            : _streams.OpenAsync(task, historyLength, endsAtQuestion: true, stop);
        // A client that has an earlier event knows the task already.
        if ((task.ReplyUntil is not null || task.IsReplied) && !(lastEventId > 0 && lastEventId < task.Seq))
            items = HeldStream.HoldAsync(items);
        await foreach (var item in items)
            yield return item;
    }

    /// <summary>The task as it stands (section 3.1.3).</summary>
    public async Task<A2ATask> GetAsync(CallContext call, GetTaskRequest request, CancellationToken cancellationToken)
    {
        RequestValidation.Check(request);
        var task = await ReadAsync(call, request.Id, cancellationToken);
        return Views.WithHistory(task.Task, request.HistoryLength);
    }

    /// <summary>A page of the caller's tasks, newest status first (section 3.1.4).</summary>
    public async Task<ListTasksResponse> ListAsync(CallContext call, ListTasksRequest request, CancellationToken cancellationToken)
    {
        RequestValidation.Check(request);
        var query = new TaskQuery
        {
            Owner = call.Caller.Owner,
            ContextId = string.IsNullOrEmpty(request.ContextId) ? null : request.ContextId,
            State = request.Status,
            StatusSince = request.StatusTimestampAfter,
            PageSize = request.PageSize ?? 50,
        };
        if (!string.IsNullOrEmpty(request.PageToken))
            query = query with { After = PageToken.Read(query, request.PageToken) };
        var page = await store.ListAsync(query, cancellationToken);
        return new ListTasksResponse
        {
            Tasks = [.. page.Tasks.Select(task => Views.InList(task.Task, request))],
            NextPageToken = page.Next is null ? "" : PageToken.Write(query, page.Next),
            PageSize = query.PageSize,
            TotalSize = page.TotalSize,
        };
    }

    /// <summary>
    /// Cancels a task; its worker stops within a second, wherever it runs. Canceling a canceled task again answers the same
    /// in 1.0 (section 3.1.5) and is an error in 0.3; a task that has ended otherwise can't be canceled.
    /// </summary>
    public async Task<A2ATask> CancelAsync(CallContext call, CancelTaskRequest request, CancellationToken cancellationToken)
    {
        RequestValidation.Check(request);
        while (true)
        {
            var task = await ReadAsync(call, request.Id, cancellationToken);
            if (task.State == TaskState.Canceled && call.Version == ProtocolVersion.V1_0)
                return task.Task;
            if (task.State.IsTerminal())
                throw A2AException.TaskNotCancelable(task.Id, task.State);
            var log = new TaskLog(store, webhooks, time, task);
            var canceled = new StatusChanged { State = TaskState.Canceled, Metadata = request.Metadata };
            if (await log.AppendAsync([canceled], cancellationToken) == AppendOutcome.Appended)
            {
                TaskLogMessages.TaskCanceled(logger, task.Id);
                limits.MadeRoom(call.Caller);
                return log.Snapshot.Task;
            }
        }
    }

    /// <summary>
    /// Streams a task: as it stands, then its events, through interruptions until it ends or the request's time is nearly over
    /// (section 3.1.6). With the number of the last event that the client has, the stream goes on from there, also when the task has
    /// ended since.
    /// </summary>
    public async IAsyncEnumerable<StreamItem> SubscribeAsync(
        CallContext call, SubscribeToTaskRequest request, long? lastEventId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RequireStreaming(call);
        RequestValidation.Check(request);
        var task = await ReadAsync(call, request.Id, cancellationToken);
        if (lastEventId > task.Seq)
            throw A2AException.InvalidParams("Last-Event-ID", $"is {lastEventId}, but the task's newest event is {task.Seq}");
        using var linked = TaskStreams.Link(call.TimeUp, cancellationToken);
        var stop = linked?.Token ?? call.TimeUp;
        IAsyncEnumerable<StreamItem> items;
        if (lastEventId is { } after && !(task.State.IsTerminal() && after == task.Seq))
            items = _streams.ResumeAsync(task, after, historyLength: null, endsAtQuestion: false, stop);
        else if (task.State.IsTerminal() && call.Version == ProtocolVersion.V1_0)
            throw A2AException.UnsupportedOperation($"The task has ended ({TaskStateNames.ToName(task.State)}) and has no events to come; read it with GetTask.");
        else
            items = _streams.OpenAsync(task, historyLength: null, endsAtQuestion: false, stop);
        await foreach (var item in items)
            yield return item;
    }

    /// <summary>Stores what the client says, in a task of its own or in the one it names, and asks for a run.</summary>
    private async Task<TaskSnapshot> AcceptAsync(
        CallContext call, SendMessageRequest request, bool waits, CancellationToken cancellationToken)
    {
        RequestValidation.Check(request);
        CardsOf(call).CheckMediaTypes(request);
        limits.CheckSize(request.Message);
        return string.IsNullOrEmpty(request.Message.TaskId)
            ? await CreateAsync(call, request, waits, cancellationToken)
            : await ContinueAsync(call, request, cancellationToken);
    }

    private async Task<TaskSnapshot> CreateAsync(
        CallContext call, SendMessageRequest request, bool waits, CancellationToken cancellationToken)
    {
        var contentHash = _duplicates.HashOfClaim(call.Caller, request.Message);
        if (await limits.RefusalOfNewTaskAsync(call.Caller, cancellationToken) is { } refusal)
        {
            // A message that came before makes no new task.
            var (owner, messageId) = (call.Caller.Owner, request.Message.MessageId);
            return contentHash is not null && await store.FindClaimAsync(owner, messageId, cancellationToken) is { } made
                ? await ReadClaimedAsync(call, made, contentHash, cancellationToken)
                : throw refusal;
        }

        var taskId = newId();
        var contextId = string.IsNullOrEmpty(request.Message.ContextId) ? newId() : request.Message.ContextId;
        var config = await webhooks.AcceptAsync(call, taskId, request.Configuration?.TaskPushNotificationConfig, cancellationToken);
        // A client that does not wait, or has a webhook, is sent the task.
        var replyUntil = CardsOf(call).Replies && waits && config is null ? call.TimeUpAt : (DateTimeOffset?)null;
        var first = new LogEntry(1, time.GetUtcMilliseconds(), [Received(call, request, taskId, contextId) with { ReplyUntil = replyUntil }]);
        var created = new NewTask
        {
            First = first,
            Snapshot = TaskFold.Begin(call.Caller.Owner, options.Value.Retention, first) with { WebhookIds = config is null ? [] : [config.Id] },
            Webhook = config,
            ContentHash = contentHash,
        };
        if (await store.CreateAsync(created, cancellationToken) is not { } claimed)
        {
            TaskLogMessages.TaskCreated(logger, taskId);
            await PublishAsync(call, taskId);
            await webhooks.AppendedAsync(created.Snapshot, first);
            return created.Snapshot;
        }

        return await ReadClaimedAsync(call, claimed, contentHash!, cancellationToken);
    }

    /// <summary>The same message came before: its answer is the task it made. That one may have been stored and never published.</summary>
    private async Task<TaskSnapshot> ReadClaimedAsync(
        CallContext call, Claim claim, string contentHash, CancellationToken cancellationToken)
    {
        DuplicateDetection.Check(claim, contentHash);
        var earlier = await ReadAsync(call, claim.TaskId, cancellationToken);
        if (earlier.NeedsRun(time.GetUtcNow()))
            await PublishAsync(call, earlier.Id);
        return earlier;
    }

    private async Task<TaskSnapshot> ContinueAsync(CallContext call, SendMessageRequest request, CancellationToken cancellationToken)
    {
        var message = request.Message;
        var config = request.Configuration?.TaskPushNotificationConfig;
        while (true)
        {
            var task = await ReadAsync(call, message.TaskId!, cancellationToken);
            if (!string.IsNullOrEmpty(message.ContextId) && message.ContextId != task.Task.ContextId)
                throw A2AException.InvalidParams("message.contextId", "is not the context of the task that message.taskId names");
            if (_duplicates.IsRepeat(task, message))
            {
                if (task.NeedsRun(time.GetUtcNow()))
                    await PublishAsync(call, task.Id);
                return task;
            }

            if (task.State.IsTerminal())
            {
                throw A2AException.UnsupportedOperation(
                    $"The task has ended ({TaskStateNames.ToName(task.State)}) and takes no more messages; " +
                    "send without taskId, with its contextId, to go on in the same conversation.");
            }

            limits.CheckHistory(task.Task, message);
            var log = new TaskLog(store, webhooks, time, task);
            if (config is not null)
                limits.CheckWebhooks(task.WebhookIds, config.Id ?? "");
            var accepted = await webhooks.AcceptAsync(call, task.Id, config, cancellationToken);
            var received = Received(call, request, task.Id, task.Task.ContextId!);
            TaskEvent said = task.State.IsInterrupted() ? received : new MessageAdded
            {
                Message = received.Message,
                AcceptedOutputModes = received.AcceptedOutputModes,
                RequestMetadata = received.RequestMetadata,
                Sender = received.Sender,
                Extensions = received.Extensions,
            };
            if (await log.AppendAsync([said], cancellationToken, accepted) == AppendOutcome.Appended)
            {
                TaskLogMessages.TaskContinued(logger, task.Id);
                // A run that holds the task sees the message by itself.
                if (log.Snapshot.NeedsRun(time.GetUtcNow()))
                    await PublishAsync(call, task.Id);
                return log.Snapshot;
            }
        }
    }

    /// <summary>Asks for a run of what is stored: also when the client has gone meanwhile, since nobody else would ask.</summary>
    private ValueTask PublishAsync(CallContext call, string taskId) =>
        queue.PublishRunAsync(accessTokens.Attach(new RunRequest(taskId), call.AccessToken), CancellationToken.None);

    private static MessageReceived Received(CallContext call, SendMessageRequest request, string taskId, string contextId) => new()
    {
        Message = request.Message with { TaskId = taskId, ContextId = contextId },
        AcceptedOutputModes = AgentCards.AcceptedBy(request),
        RequestMetadata = request.Metadata,
        Sender = call.Sender,
        Extensions = call.Extensions,
    };

    private async Task<TaskSnapshot> ReadAsync(CallContext call, string taskId, CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(call.Caller.Owner, taskId, cancellationToken) is { } task)
            return task;
        SecurityLog.TaskNotTheirs(logger, call.Caller.Owner, taskId);
        throw A2AException.TaskNotFound(taskId);
    }

    private AgentCards CardsOf(CallContext call) => agents.Find(call.Caller.Agent)!.Cards;

    private void RequireStreaming(CallContext call)
    {
        if (!CardsOf(call).Streaming)
            throw A2AException.UnsupportedOperation("This agent does not stream; send without streaming and poll the task.");
    }
}
