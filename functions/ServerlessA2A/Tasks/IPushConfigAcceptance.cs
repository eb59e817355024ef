using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Tasks;

/// <summary>Decides about webhooks that clients want, before they are stored: the port through which tasks reach notifications.</summary>
internal interface IPushConfigAcceptance
{
    /// <summary>The configuration as it is to be stored for the task, with its ids; null where none is wanted.</summary>
    /// <exception cref="A2AException">PushNotificationNotSupported where webhooks are off; InvalidParams for a bad one.</exception>
    ValueTask<PushConfig?> AcceptAsync(CallContext call, string taskId, TaskPushNotificationConfig? config, CancellationToken cancellationToken);
}
