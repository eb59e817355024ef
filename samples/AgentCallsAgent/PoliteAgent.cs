using System.Runtime.CompilerServices;
using System.Text;
using ServerlessA2A.Agents;
using ServerlessA2A.Client;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;

namespace AgentCallsAgent;

/// <summary>Passes the question to another A2A agent, waits for its answer, and returns it politely.</summary>
public sealed class PoliteAgent(A2AClient other) : IAgent
{
    public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var id = context.Checkpoint is { } checkpoint
            ? Encoding.UTF8.GetString(checkpoint.Span)
            : await SendAsync(context, cancellationToken);
        yield return AgentUpdate.SaveCheckpoint(id); // After a crash the next run waits for the same task.
        yield return AgentUpdate.Report("The other agent is at work.");
        A2ATask? task;
        while ((task = await WaitAsync(id, context.HandOverRequested, cancellationToken)) is null)
            yield return AgentUpdate.SaveCheckpoint(id); // Ends the run near its time limit; the next run continues from it.

        if (task.Status.State == TaskState.Completed)
            yield return AgentUpdate.Artifact("answer", $"With pleasure: {TextOf(task)}");
        else
            yield return AgentUpdate.Fail($"The other agent ended with {task.Status.State}.");
    }

    /// <summary>The message id is this task's id: after a crash the repeated call finds the same task of the other agent.</summary>
    private async Task<string> SendAsync(AgentContext context, CancellationToken cancellationToken)
    {
        var request = new SendMessageRequest
        {
            Message = new() { MessageId = context.TaskId, Role = Role.User, Parts = [Part.FromText(context.Text)] },
            Configuration = new() { ReturnImmediately = true },
        };
        var response = await other.SendAsync(request, cancellationToken);
        return response.Task?.Id ?? throw new AgentException("The other agent answered with a message instead of a task.");
    }

    private async Task<A2ATask?> WaitAsync(string id, CancellationToken handOver, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(handOver, cancellationToken);
        try
        {
            return await other.WaitAsync(id, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static string TextOf(A2ATask task) =>
        string.Concat(task.Artifacts?.SelectMany(artifact => artifact.Parts).Select(part => part.Text) ?? []);
}
