using System.Runtime.CompilerServices;
using System.Text;
using ServerlessA2A.Agents;
using ServerlessA2A.Client;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace AgentCallsAgent;

/// <summary>Passes the question to another A2A agent, sleeps until that one is done, and returns its answer politely.</summary>
public sealed class PoliteAgent(A2AClient other) : IAgent
{
    public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var task = context.Checkpoint is null
            ? await SendAsync(context, cancellationToken)
            : await other.GetTaskAsync(OtherTaskOf(context), cancellationToken: cancellationToken);
        switch (task.Status.State)
        {
            case TaskState.Submitted or TaskState.Working:
                if (context.Checkpoint is null)
                    yield return AgentUpdate.Report("The other agent is at work.");
                // No instance runs meanwhile. The other agent's webhook wakes this task, at the latest the time does.
                yield return AgentUpdate.Sleep(Encoding.UTF8.GetBytes(task.Id), TimeSpan.FromMinutes(1));
                break;
            case TaskState.Completed:
                yield return AgentUpdate.Artifact("answer", $"With pleasure: {TextOf(task)}");
                break;
            case var state:
                yield return AgentUpdate.Fail($"The other agent ended with {state}.");
                break;
        }
    }

    /// <summary>The client has canceled this task while it slept: the other agent need not go on.</summary>
    public Task CanceledAsync(AgentContext context, CancellationToken cancellationToken) =>
        other.CancelTaskAsync(OtherTaskOf(context), cancellationToken);

    /// <summary>The message id is this task's id: after a crash the repeated call finds the same task of the other agent.</summary>
    private async Task<A2ATask> SendAsync(AgentContext context, CancellationToken cancellationToken)
    {
        var takesWebhooks = (await other.GetCardAsync(cancellationToken)).Capabilities.PushNotifications == true;
        var webhook = takesWebhooks ? context.CreateWebhook() : null;
        var request = new SendMessageRequest
        {
            Message = new() { MessageId = context.TaskId, Role = Role.User, Parts = [Part.FromText(context.Text)] },
            Configuration = new()
            {
                ReturnImmediately = true,
                TaskPushNotificationConfig = webhook is null ? null : new() { Url = webhook.AbsoluteUri },
            },
        };
        var response = await other.SendAsync(request, cancellationToken);
        return response.Task ?? throw new AgentException("The other agent answered with a message instead of a task.");
    }

    private static string OtherTaskOf(AgentContext context) => Encoding.UTF8.GetString(context.Checkpoint!.Value.Span);

    private static string TextOf(A2ATask task) =>
        string.Concat(task.Artifacts?.SelectMany(artifact => artifact.Parts).Select(part => part.Text) ?? []);
}
