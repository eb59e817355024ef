using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Operations;
using ServerlessA2A.Webhooks.Addresses;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.Webhooks.Configuration;

/// <summary>
/// The operations on webhooks (A2A 1.0, sections 3.1.7 to 3.1.10). They belong to a task and may be made, read and ended also when it has
/// ended.
/// </summary>
/// <remarks>Errors are <see cref="A2AException"/>: PushNotificationNotSupported where the card does not offer webhooks.</remarks>
internal sealed class PushConfigurations(
    ITaskStore store, INotificationQueue queue, HostedAgents agents, AddressGuard guard, PushConfigSecrets secrets, TaskLimits limits, IdSource newId, ILogger<PushConfigurations> logger)
    : IPushConfigAcceptance
{
    /// <summary>The id of a 0.3 configuration that names none: that version knows one per task.</summary>
    private const string DefaultId = "default";

    /// <inheritdoc/>
    public async ValueTask<PushConfig?> AcceptAsync(CallContext call, string taskId, TaskPushNotificationConfig? config, CancellationToken cancellationToken)
    {
        if (config is null)
            return null;
        RequireOffered(call);
        return await AcceptAsync(call, taskId, config, "configuration.taskPushNotificationConfig.", cancellationToken);
    }

    /// <summary>Makes a webhook, in place of one with the same id.</summary>
    public async Task<TaskPushNotificationConfig> CreateAsync(
        CallContext call, TaskPushNotificationConfig request, CancellationToken cancellationToken)
    {
        RequireOffered(call);
        RequestValidation.Check(request);
        var config = await AcceptAsync(call, request.TaskId!, request, prefix: "", cancellationToken);
        if (!await store.PutPushConfigAsync(call.Caller.Owner, config, present => limits.CheckPushConfigs(present, config.Id), cancellationToken))
            throw NotTheirs(call, config.TaskId);
        await AnnounceAsync(config);
        return secrets.Reveal(config).Config;
    }

    /// <summary>Reads a webhook. One that is not there answers as its task would: TaskNotFound.</summary>
    public async Task<TaskPushNotificationConfig> GetAsync(
        CallContext call, GetTaskPushNotificationConfigRequest request, CancellationToken cancellationToken)
    {
        RequireOffered(call);
        RequestValidation.Check(request);
        var configs = await ReadAllAsync(call, request.TaskId, cancellationToken);
        return configs.FirstOrDefault(config => config.Id == request.Id)?.Config ??
            throw new A2AException(A2AError.TaskNotFound, "The push notification configuration was not found.");
    }

    /// <summary>A page of a task's webhooks, in the order of their ids. The page token is the id of the last one before.</summary>
    public async Task<ListTaskPushNotificationConfigsResponse> ListAsync(
        CallContext call, ListTaskPushNotificationConfigsRequest request, CancellationToken cancellationToken)
    {
        RequireOffered(call);
        RequestValidation.Check(request);
        var configs = await ReadAllAsync(call, request.TaskId, cancellationToken);
        var page = configs.AsEnumerable();
        if (!string.IsNullOrEmpty(request.PageToken))
        {
            if (configs.All(config => config.Id != request.PageToken))
                throw A2AException.InvalidParams("pageToken", "is not a token of this list; begin again without one");
            page = page.Where(config => string.CompareOrdinal(config.Id, request.PageToken) > 0);
        }

        var rest = page.ToList();
        var size = request.PageSize is > 0 and var asked ? Math.Min(asked, rest.Count) : rest.Count;
        return new ListTaskPushNotificationConfigsResponse
        {
            Configs = [.. rest.Take(size).Select(config => config.Config)],
            NextPageToken = size < rest.Count ? rest[size - 1].Id : "",
        };
    }

    /// <summary>Ends a webhook. One that is not there (any more) is no error.</summary>
    public async Task DeleteAsync(CallContext call, DeleteTaskPushNotificationConfigRequest request, CancellationToken cancellationToken)
    {
        RequireOffered(call);
        RequestValidation.Check(request);
        if (!await store.DeletePushConfigAsync(call.Caller.Owner, request.TaskId, request.Id, cancellationToken))
            throw NotTheirs(call, request.TaskId);
    }

    private async ValueTask<PushConfig> AcceptAsync(
        CallContext call, string taskId, TaskPushNotificationConfig config, string prefix, CancellationToken cancellationToken)
    {
        if (await guard.FaultOfAsync(new Uri(config.Url), cancellationToken) is { } fault)
        {
            SecurityLog.AddressRefused(logger, call.Caller.Owner, fault);
            throw A2AException.InvalidParams(prefix + "url", fault);
        }

        foreach (var (field, value) in new[]
        {
            ("token", config.Token), ("authentication.scheme", config.Authentication?.Scheme), ("authentication.credentials", config.Authentication?.Credentials),
        })
        {
            // Without the value, which may be a secret.
            if (value is not null && !WebhookHeaders.IsValue(value))
                throw A2AException.InvalidParams(prefix + field, "has characters that a header can't have");
        }

        var id = !string.IsNullOrEmpty(config.Id) ? config.Id : call.Version == ProtocolVersion.V0_3 ? DefaultId : newId();
        return secrets.Protect(new PushConfig(taskId, id, config with { Id = id, TaskId = taskId, Tenant = null }, call.Version));
    }

    private async Task<IReadOnlyList<PushConfig>> ReadAllAsync(CallContext call, string taskId, CancellationToken cancellationToken) =>
        [.. (await store.ListPushConfigsAsync(call.Caller.Owner, taskId, cancellationToken) ?? throw NotTheirs(call, taskId)).Select(secrets.Reveal)];

    private A2AException NotTheirs(CallContext call, string taskId)
    {
        SecurityLog.TaskNotTheirs(logger, call.Caller.Owner, taskId);
        return A2AException.TaskNotFound(taskId);
    }

    /// <summary>The webhook is told of the task as it stands; if nobody can be asked to now, the sweep asks.</summary>
    private async Task AnnounceAsync(PushConfig config)
    {
        try
        {
            await queue.PublishAsync(new Notification(config.TaskId, Seq: 0, config.Id), CancellationToken.None);
        }
        catch (TaskStoreException fault)
        {
            NotificationLog.NotAnnounced(logger, fault, config.TaskId, seq: 0);
        }
    }

    private void RequireOffered(CallContext call)
    {
        if (!agents.Find(call.Caller.Agent)!.Cards.PushNotifications)
            throw A2AException.PushNotificationNotSupported();
    }
}
