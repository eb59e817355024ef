using ServerlessA2A.Bindings.Streams;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tasks.Operations;
using ServerlessA2A.Webhooks.Configuration;

namespace ServerlessA2A.Bindings.Operations;

/// <summary>Every operation, once: both bindings take theirs from here.</summary>
internal sealed class OperationTable(TaskLifecycle tasks, PushConfigurations webhooks, Admission admission, SigningKeys keys, EventStreams streams)
{
    public SendMessage SendMessage { get; } = new(tasks, streams);

    public SendStreamingMessage SendStreamingMessage { get; } = new(tasks, streams);

    public GetTask GetTask { get; } = new(tasks);

    public ListTasks ListTasks { get; } = new(tasks);

    public CancelTask CancelTask { get; } = new(tasks);

    public SubscribeToTask SubscribeToTask { get; } = new(tasks, streams);

    public CreatePushConfig CreatePushConfig { get; } = new(webhooks);

    public GetPushConfig GetPushConfig { get; } = new(webhooks);

    public ListPushConfigs ListPushConfigs { get; } = new(webhooks);

    public DeletePushConfig DeletePushConfig { get; } = new(webhooks);

    public GetExtendedAgentCard GetExtendedAgentCard { get; } = new(admission, keys);
}
