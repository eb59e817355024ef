using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Operations;

/// <summary>Starts a task with a client's message.</summary>
internal sealed class TaskCreation(
    TaskLogs logs,
    RunRequests runs,
    HostedAgents agents,
    IWebhooks webhooks,
    TaskLimits limits,
    DuplicateDetection duplicates,
    IdSource newId)
{
    /// <summary>Creates the task and requests its run. A message that was sent before finds the task that it created.</summary>
    /// <param name="call">The caller.</param>
    /// <param name="request">The message.</param>
    /// <param name="waits">Whether the client waits, so that it may be answered with a message instead of the task.</param>
    /// <param name="cancellationToken">Cancels the creation, before it is stored.</param>
    public async Task<TaskSnapshot> CreateAsync(
        CallContext call, SendMessageRequest request, bool waits, CancellationToken cancellationToken)
    {
        var contentHash = duplicates.HashOfClaim(call.Caller, request.Message);
        if (await limits.RefusalOfNewTaskAsync(call.Caller, cancellationToken) is { } refusal)
        {
            // A message that was sent before creates no task.
            return contentHash is not null &&
                await logs.FindClaimAsync(call.Caller, request.Message.MessageId, cancellationToken) is { } made
                ? await ReadClaimedAsync(call, made, contentHash, cancellationToken)
                : throw refusal;
        }

        var taskId = newId();
        var contextId = string.IsNullOrEmpty(request.Message.ContextId) ? newId() : request.Message.ContextId;
        var webhook = await webhooks.AcceptAsync(call, taskId, request.Configuration?.TaskPushNotificationConfig, cancellationToken);
        // A client that does not wait, or has a webhook, is sent the task.
        var mayReply = agents.Find(call.Caller.Agent)!.Cards.Replies && waits && webhook is null;
        var received = ReceivedMessages.Of(call, request, taskId, contextId) with { ReplyUntil = mayReply ? call.TimeUpAt : null };
        var created = logs.Begin(call.Caller, received, webhook, contentHash);
        if (await logs.CreateAsync(created, cancellationToken) is { } claim)
            return await ReadClaimedAsync(call, claim, contentHash!, cancellationToken);
        await runs.EnsureAsync(created.Snapshot, call);
        return created.Snapshot;
    }

    /// <summary>The task of a message that was sent before. It may have been stored and its run never requested.</summary>
    private async Task<TaskSnapshot> ReadClaimedAsync(
        CallContext call, Claim claim, string contentHash, CancellationToken cancellationToken)
    {
        DuplicateDetection.Check(claim, contentHash);
        var earlier = (await logs.OpenAsync(call.Caller, claim.TaskId, cancellationToken)).Snapshot;
        await runs.EnsureAsync(earlier, call);
        return earlier;
    }
}
