using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;
using ServerlessA2A.Telemetry;
using ServerlessA2A.Webhooks.Addresses;

namespace ServerlessA2A.Webhooks.Configuration;

/// <summary>Checks the webhooks that clients send, and makes them as they are stored.</summary>
internal sealed class WebhookAcceptance(
    HostedAgents agents, AddressGuard guard, WebhookSecrets secrets, IdSource newId, ILogger<WebhookAcceptance> logger)
{
    /// <summary>The id of a 0.3 configuration that names none: that version knows one per task.</summary>
    private const string DefaultId = "default";

    /// <summary>Rejects the call where the agent's card does not offer webhooks.</summary>
    /// <exception cref="A2AException">PushNotificationNotSupported.</exception>
    public void RequireOffered(CallContext call)
    {
        if (!agents.Find(call.Caller.Agent)!.Cards.PushNotifications)
            throw A2AException.PushNotificationNotSupported();
    }

    /// <summary>The webhook as it is stored, with its ids and its secrets encrypted.</summary>
    /// <param name="call">The call.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="config">The configuration that the client sent.</param>
    /// <param name="prefix">The path of the configuration in the request, for errors.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="A2AException">InvalidParams.</exception>
    public async ValueTask<Webhook> AcceptAsync(
        CallContext call, string taskId, TaskPushNotificationConfig config, string prefix, CancellationToken cancellationToken)
    {
        if (await guard.FaultOfAsync(new Uri(config.Url), cancellationToken) is { } fault)
        {
            SecurityLog.AddressRefused(logger, call.Caller.Owner, fault);
            throw A2AException.InvalidParams(prefix + "url", fault);
        }

        foreach (var (field, value) in new[]
        {
            ("token", config.Token),
            ("authentication.scheme", config.Authentication?.Scheme),
            ("authentication.credentials", config.Authentication?.Credentials),
        })
        {
            // Without the value, which may be a secret.
            if (value is not null && !WebhookHeaders.IsValue(value))
                throw A2AException.InvalidParams(prefix + field, "has characters that a header can't have");
        }

        var id = !string.IsNullOrEmpty(config.Id) ? config.Id : call.Version == ProtocolVersion.V0_3 ? DefaultId : newId();
        return secrets.Protect(new Webhook(taskId, id, config with { Id = id, TaskId = taskId, Tenant = null }, call.Version)
        {
            TraceParent = EngineSpans.TraceParent,
        });
    }
}
