using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Callbacks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Operations;

/// <summary>
/// The operations on tasks (A2A 1.0, section 3.1), for every binding and version. A task or context of another owner, or of another agent,
/// is answered exactly like one that does not exist.
/// </summary>
/// <remarks>Errors are <see cref="A2AException"/>; a store or queue that cannot be reached is <see cref="TaskStoreException"/>.</remarks>
internal sealed class TaskLifecycle(
    ITaskStore store,
    TaskLogs logs,
    TaskCreation creation,
    TaskContinuation continuation,
    RunRequests runs,
    HostedAgents agents,
    TaskLimits limits,
    ILogger<TaskLifecycle> logger)
{
    private readonly TaskStreams _streams = new(store);

    /// <summary>
    /// Creates or continues a task. Answers at once where the request says so; otherwise when the task reaches a terminal or interrupted
    /// state, or when the request's time is nearly over (section 3.2.2). The answer is the task, or the message that replaces it.
    /// </summary>
    public async Task<SendMessageResponse> SendAsync(CallContext call, SendMessageRequest request, CancellationToken cancellationToken)
    {
        var waits = request.Configuration is not { ReturnImmediately: true };
        var task = await AcceptAsync(call, request, waits, cancellationToken);
        if (waits && !task.State.IsTerminalOrInterrupted())
        {
            using var linked = TaskStreams.Link(call.TimeUp, cancellationToken);
            var found = await store.WaitUntilTerminalOrInterruptedAsync(task.Id, linked?.Token ?? call.TimeUp);
            cancellationToken.ThrowIfCancellationRequested();
            task = found ?? await store.ReadAsync(task.Owner, task.Id, cancellationToken) ?? task;
        }

        return task.Reply is { } reply
            ? new SendMessageResponse { Message = reply }
            : new SendMessageResponse { Task = Views.WithHistory(task.Task, request.Configuration?.HistoryLength) };
    }

    /// <summary>
    /// Creates or continues a task and streams it: the task, then its events, until it ends, needs the client's input, or the request's
    /// time is nearly over (section 3.1.2); or only the message that replaces the task. With the number of the client's last event, the
    /// stream continues after it.
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
        // A client that has an earlier event has the task already.
        if ((task.ReplyUntil is not null || task.IsReplied) && !(lastEventId > 0 && lastEventId < task.Seq))
            items = HeldStream.HoldAsync(items);
        await foreach (var item in items)
            yield return item;
    }

    /// <summary>Reads a task (section 3.1.3).</summary>
    public async Task<A2ATask> GetAsync(CallContext call, GetTaskRequest request, CancellationToken cancellationToken)
    {
        RequestValidation.Check(request);
        var task = (await logs.OpenAsync(call.Caller, request.Id, cancellationToken)).Snapshot;
        return Views.WithHistory(task.Task, request.HistoryLength);
    }

    /// <summary>Lists a page of the caller's tasks, newest status first (section 3.1.4).</summary>
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
    /// Cancels a task; its worker stops within a second, wherever it runs. Canceling a canceled task again returns it in 1.0 (section
    /// 3.1.5) and is an error in 0.3; a task in another terminal state cannot be canceled.
    /// </summary>
    public async Task<A2ATask> CancelAsync(CallContext call, CancelTaskRequest request, CancellationToken cancellationToken)
    {
        RequestValidation.Check(request);
        while (true)
        {
            var log = await logs.OpenAsync(call.Caller, request.Id, cancellationToken);
            var task = log.Snapshot;
            if (task.State == TaskState.Canceled)
            {
                // The queue may have failed after the cancel was stored: the client then repeats it.
                await runs.CleanUpAsync(task);
                if (call.Version == ProtocolVersion.V1_0)
                    return task.Task;
            }

            if (task.State.IsTerminal())
                throw A2AException.TaskNotCancelable(task.Id, task.State);
            var canceled = new StatusChanged { State = TaskState.Canceled, Metadata = request.Metadata };
            if (await log.AppendAsync([canceled], cancellationToken) == AppendOutcome.Appended)
            {
                TaskLogMessages.TaskCanceled(logger, task.Id);
                limits.MadeRoom(call.Caller);
                await runs.CleanUpAsync(task);
                return log.Snapshot.Task;
            }
        }
    }

    /// <summary>
    /// Streams a task: the task as it is, then its events, through interruptions until it ends or the request's time is nearly over
    /// (section 3.1.6). With the number of the client's last event, the stream continues after it, also when the task has ended since.
    /// </summary>
    public async IAsyncEnumerable<StreamItem> SubscribeAsync(
        CallContext call, SubscribeToTaskRequest request, long? lastEventId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RequireStreaming(call);
        RequestValidation.Check(request);
        var task = (await logs.OpenAsync(call.Caller, request.Id, cancellationToken)).Snapshot;
        if (lastEventId > task.Seq)
            throw A2AException.InvalidParams("Last-Event-ID", $"is {lastEventId}, but the task's newest event is {task.Seq}");
        using var linked = TaskStreams.Link(call.TimeUp, cancellationToken);
        var stop = linked?.Token ?? call.TimeUp;
        IAsyncEnumerable<StreamItem> items;
        if (lastEventId is { } after && !(task.State.IsTerminal() && after == task.Seq))
            items = _streams.ResumeAsync(task, after, historyLength: null, endsAtQuestion: false, stop);
        else if (task.State.IsTerminal() && call.Version == ProtocolVersion.V1_0)
        {
            throw A2AException.UnsupportedOperation(
                $"The task has ended ({TaskStateNames.ToName(task.State)}) and has no events to come; read it with GetTask.");
        }
        else
            items = _streams.OpenAsync(task, historyLength: null, endsAtQuestion: false, stop);
        await foreach (var item in items)
            yield return item;
    }

    /// <summary>Stores the client's message, in a new task or in the one it names, and requests a run.</summary>
    private async Task<TaskSnapshot> AcceptAsync(
        CallContext call, SendMessageRequest request, bool waits, CancellationToken cancellationToken)
    {
        RequestValidation.Check(request);
        CallbackMessages.CheckIsClients(request.Message);
        var cards = CardsOf(call);
        cards.Skills.Check(request.Metadata, call.Sender.Claims);
        cards.CheckMediaTypes(request);
        limits.CheckSize(request);
        Deadline.Check(request.Metadata);
        foreach (var extension in cards.CodeOf(call.Extensions))
            extension.Check(new ExtensionRequest(request.Message, request.Metadata));
        return string.IsNullOrEmpty(request.Message.TaskId)
            ? await creation.CreateAsync(call, request, waits, cancellationToken)
            : await continuation.ContinueAsync(call, request, cancellationToken);
    }

    private AgentCards CardsOf(CallContext call) => agents.Find(call.Caller.Agent)!.Cards;

    private void RequireStreaming(CallContext call)
    {
        if (!CardsOf(call).Streaming)
            throw A2AException.UnsupportedOperation("This agent does not stream; send without streaming and poll the task.");
    }
}
