using Microsoft.Extensions.Logging;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Webhooks.Configuration;

/// <summary>
/// The operations on webhooks (A2A 1.0, sections 3.1.7 to 3.1.10). They belong to a task and may be made, read and ended also when it has
/// ended.
/// </summary>
/// <remarks>Errors are <see cref="A2AException"/>: PushNotificationNotSupported where the card does not offer webhooks.</remarks>
internal sealed class WebhookRegistry(
    IWebhookStore store, DeliveryRequests requests, WebhookAcceptance acceptance, WebhookSecrets secrets, TaskLimits limits,
    ILogger<WebhookRegistry> logger)
{
    /// <summary>Makes a webhook, in place of one with the same id.</summary>
    public async Task<TaskPushNotificationConfig> CreateAsync(
        CallContext call, TaskPushNotificationConfig request, CancellationToken cancellationToken)
    {
        acceptance.RequireOffered(call);
        RequestValidation.Check(request);
        var webhook = await acceptance.AcceptAsync(call, request.TaskId!, request, prefix: "", cancellationToken);
        if (!await store.PutWebhookAsync(
            call.Caller.Owner, webhook, present => limits.CheckWebhooks(present, webhook.Id), cancellationToken))
            throw NotTheirs(call, webhook.TaskId);
        await requests.PublishAsync(webhook.TaskId, seq: 0, [webhook.Id]);
        return secrets.Reveal(webhook).Config;
    }

    /// <summary>Reads a webhook. One that is not there answers as its task would: TaskNotFound.</summary>
    public async Task<TaskPushNotificationConfig> GetAsync(
        CallContext call, GetTaskPushNotificationConfigRequest request, CancellationToken cancellationToken)
    {
        acceptance.RequireOffered(call);
        RequestValidation.Check(request);
        var webhooks = await ReadAllAsync(call, request.TaskId, cancellationToken);
        return webhooks.FirstOrDefault(webhook => webhook.Id == request.Id)?.Config ??
            throw new A2AException(A2AError.TaskNotFound, "The push notification configuration was not found.");
    }

    /// <summary>
    /// A page of a task's webhooks, in the order of their ids. The page token stands for the id of the last one before, which may have been
    /// deleted.
    /// </summary>
    public async Task<ListTaskPushNotificationConfigsResponse> ListAsync(
        CallContext call, ListTaskPushNotificationConfigsRequest request, CancellationToken cancellationToken)
    {
        acceptance.RequireOffered(call);
        RequestValidation.Check(request);
        var webhooks = await ReadAllAsync(call, request.TaskId, cancellationToken);
        var list = $"webhooks {call.Caller.Owner.Length} {call.Caller.Owner} {request.TaskId} ";
        var last = string.IsNullOrEmpty(request.PageToken) ? "" : PageToken.Read(list, request.PageToken);
        var rest = webhooks.Where(webhook => string.CompareOrdinal(webhook.Id, last) > 0).ToList();
        var size = request.PageSize is > 0 and var asked ? Math.Min(asked, rest.Count) : rest.Count;
        return new ListTaskPushNotificationConfigsResponse
        {
            Configs = [.. rest.Take(size).Select(webhook => webhook.Config)],
            NextPageToken = size < rest.Count ? PageToken.Write(list, rest[size - 1].Id) : "",
        };
    }

    /// <summary>Ends a webhook. One that is not there (any more) is no error.</summary>
    public async Task DeleteAsync(CallContext call, DeleteTaskPushNotificationConfigRequest request, CancellationToken cancellationToken)
    {
        acceptance.RequireOffered(call);
        RequestValidation.Check(request);
        if (!await store.DeleteWebhookAsync(call.Caller.Owner, request.TaskId, request.Id, cancellationToken))
            throw NotTheirs(call, request.TaskId);
    }

    private async Task<IReadOnlyList<Webhook>> ReadAllAsync(CallContext call, string taskId, CancellationToken cancellationToken) =>
        [.. (await store.ListWebhooksAsync(call.Caller.Owner, taskId, cancellationToken) ?? throw NotTheirs(call, taskId))
            .Select(secrets.Reveal)];

    private A2AException NotTheirs(CallContext call, string taskId)
    {
        SecurityLog.TaskNotTheirs(logger, call.Caller.Owner, taskId);
        return A2AException.TaskNotFound(taskId);
    }
}
