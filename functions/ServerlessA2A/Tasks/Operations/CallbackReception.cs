using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks.Callbacks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Operations;

/// <summary>
/// Continues a task with a callback: as a message of the client that the task works for, so that the rules for messages hold. An
/// interrupted task runs again; one that is SUBMITTED or WORKING is offered the message; the callback is lost in neither case.
/// </summary>
internal sealed class CallbackReception(
    CallbackStates states, ITaskStore store, TaskContinuation continuation, TaskLogs logs, RunRequests runs)
{
    /// <summary>
    /// Wakes the task that waits for another agent. A task in an interrupted state is left alone: its next run looks anyway.
    /// </summary>
    /// <param name="state">The verified state of the webhook.</param>
    /// <param name="cancellationToken">Cancels the reception, before it is stored.</param>
    /// <exception cref="TaskStoreException">The store or the queue failed; the other agent repeats the call.</exception>
    public async Task<CallbackOutcome> WakeAsync(CallbackState state, CancellationToken cancellationToken)
    {
        if (states.IsExpired(state))
            return CallbackOutcome.Expired;
        while (true)
        {
            if (await logs.FindAsync(state.TaskId, cancellationToken) is not { } log || log.Snapshot.State.IsTerminal())
                return CallbackOutcome.Ended;
            if (log.Snapshot.State != TaskState.Working)
                return CallbackOutcome.Accepted;
            if (await log.AppendAsync([new Woken()], cancellationToken) != AppendOutcome.Appended)
                continue;
            await runs.EnsureAsync(log.Snapshot, new CallContext { Caller = Caller.Read(log.Snapshot.Owner) });
            return CallbackOutcome.Accepted;
        }
    }

    /// <summary>Appends the callback to its task and requests a run. A repeated call with equal parameters changes nothing.</summary>
    /// <param name="state">The verified state.</param>
    /// <param name="stateText">The state as it was received.</param>
    /// <param name="values">The parameters of the callback.</param>
    /// <param name="cancellationToken">Cancels the reception, before it is stored.</param>
    /// <exception cref="A2AException">ResourceExhausted: the task can take no more messages.</exception>
    /// <exception cref="TaskStoreException">The store or the queue failed; the browser may repeat the call.</exception>
    public async Task<CallbackOutcome> ReceiveAsync(
        CallbackState state, string stateText, IReadOnlyDictionary<string, string> values, CancellationToken cancellationToken)
    {
        if (states.IsExpired(state))
            return CallbackOutcome.Expired;
        if (await store.ReadAsync(owner: null, state.TaskId, cancellationToken) is not { } task)
            return CallbackOutcome.Ended;
        var call = new CallContext
        {
            Caller = Caller.Read(task.Owner),
            Sender = task.Sender ?? Sender.Anonymous,
            Extensions = task.Extensions,
        };
        var request = new SendMessageRequest
        {
            Message = CallbackMessages.Of(state, stateText, values),
            Configuration = new SendMessageConfiguration { AcceptedOutputModes = task.AcceptedOutputModes },
            // The skill that the client has named stays; its deadline was met by the question.
            Metadata = Deadline.Remove(task.RequestMetadata),
        };
        try
        {
            await continuation.ContinueAsync(call, request, cancellationToken);
            return CallbackOutcome.Accepted;
        }
        catch (A2AException ended) when (ended.Error == A2AError.UnsupportedOperation || ended.Error == A2AError.TaskNotFound)
        {
            return CallbackOutcome.Ended;
        }
        catch (A2AException used) when (used.Error == A2AError.InvalidParams)
        {
            return CallbackOutcome.Used;
        }
    }
}
