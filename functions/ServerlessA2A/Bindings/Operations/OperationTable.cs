using ServerlessA2A.Bindings.Streams;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tasks.Operations;
using ServerlessA2A.Webhooks.Configuration;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>The operations, which all bindings share.</summary>
internal sealed class OperationTable(
    TaskLifecycle tasks, WebhookRegistry webhooks, Admission admission, SigningKeys keys, EventStreams streams)
{
    public SendMessage SendMessage { get; } = new(tasks, streams);

    public SendStreamingMessage SendStreamingMessage { get; } = new(tasks, streams);

    public GetTask GetTask { get; } = new(tasks);

    public ListTasks ListTasks { get; } = new(tasks);

    public CancelTask CancelTask { get; } = new(tasks);

    public SubscribeToTask SubscribeToTask { get; } = new(tasks, streams);

    public CreateTaskPushNotificationConfig CreateTaskPushNotificationConfig { get; } = new(webhooks);

    public GetTaskPushNotificationConfig GetTaskPushNotificationConfig { get; } = new(webhooks);

    public ListTaskPushNotificationConfigs ListTaskPushNotificationConfigs { get; } = new(webhooks);

    public DeleteTaskPushNotificationConfig DeleteTaskPushNotificationConfig { get; } = new(webhooks);

    public GetExtendedAgentCard GetExtendedAgentCard { get; } = new(admission, keys);
}
