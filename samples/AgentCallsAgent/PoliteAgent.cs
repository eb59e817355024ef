using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ServerlessA2A.Agents;

namespace AgentCallsAgent;

/// <summary>Passes the question to another A2A agent, waits for its answer, and returns it politely.</summary>
public sealed class PoliteAgent(HttpClient other, TimeProvider time) : IAgent
{
    private static readonly string[] Final =
    [
        "TASK_STATE_COMPLETED", "TASK_STATE_FAILED", "TASK_STATE_CANCELED", "TASK_STATE_REJECTED",
        "TASK_STATE_INPUT_REQUIRED", "TASK_STATE_AUTH_REQUIRED",
    ];

    public async IAsyncEnumerable<AgentUpdate> RunAsync(AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var id = context.Checkpoint is { } checkpoint
            ? Encoding.UTF8.GetString(checkpoint.Span)
            : await SendAsync(context, cancellationToken);
        yield return AgentUpdate.SaveCheckpoint(id); // After a crash the next run waits for the same task.
        yield return AgentUpdate.Report("The other agent is at work.");
        var task = await GetAsync(id, cancellationToken);
        while (!Final.Contains(StateOf(task)))
        {
            // Near the run's time limit the checkpoint ends the run, and the next run continues from it.
            if (context.HandOverRequested.IsCancellationRequested)
                yield return AgentUpdate.SaveCheckpoint(id);
            await Task.Delay(TimeSpan.FromMilliseconds(500), time, cancellationToken);
            task = await GetAsync(id, cancellationToken);
        }

        if (StateOf(task) == "TASK_STATE_COMPLETED")
            yield return AgentUpdate.Artifact("answer", $"With pleasure: {TextOf(task)}");
        else
            yield return AgentUpdate.Fail($"The other agent ended with {StateOf(task)}.");
    }

    /// <summary>The message id is this task's id: after a crash the repeated call finds the same task of the other agent.</summary>
    private async Task<string> SendAsync(AgentContext context, CancellationToken cancellationToken)
    {
        var request = new
        {
            message = new { messageId = context.TaskId, role = "ROLE_USER", parts = new[] { new { text = context.Text } } },
            configuration = new { returnImmediately = true },
        };
        // Without "./" the colon would make "message" a scheme.
        using var response = await other.PostAsJsonAsync("./message:send", request, cancellationToken);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return answer.GetProperty("task").GetProperty("id").GetString()!;
    }

    private Task<JsonElement> GetAsync(string id, CancellationToken cancellationToken) =>
        other.GetFromJsonAsync<JsonElement>($"tasks/{id}", cancellationToken);

    private static string StateOf(JsonElement task) => task.GetProperty("status").GetProperty("state").GetString()!;

    private static string TextOf(JsonElement task) => string.Concat(
        from artifact in task.GetProperty("artifacts").EnumerateArray()
        from part in artifact.GetProperty("parts").EnumerateArray()
        where part.TryGetProperty("text", out _)
        select part.GetProperty("text").GetString());
}
