using System.Net.Http.Json;
using System.Text.Json;

namespace Evaluation;

/// <summary>A conversation with an agent over A2A 1.0 (HTTP+JSON).</summary>
/// <param name="http">Has the agent's address.</param>
public sealed class A2AConversation(HttpClient http)
{
    private readonly string _contextId = $"{Guid.NewGuid()}";
    private readonly HashSet<(string? Id, string Text)> _artifacts = [];
    private string? _askingTask;

    /// <summary>Sends a message, and waits for the answer or the agent's question.</summary>
    public async Task<string> SayAsync(string text)
    {
        var message = new
        {
            messageId = $"{Guid.NewGuid()}",
            contextId = _contextId,
            taskId = _askingTask,
            role = "ROLE_USER",
            parts = new[] { new { text } },
        };
        // Without "./" the colon would make "message" a scheme.
        using var response = await http.PostAsJsonAsync("./message:send", new { message });
        var sent = await response.Content.ReadFromJsonAsync<JsonElement>();
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"The agent answered {(int)response.StatusCode}: {sent}");
        if (sent.TryGetProperty("message", out var reply))
            return TextOf(reply);
        var task = sent.GetProperty("task");
        while (StateOf(task) is "TASK_STATE_SUBMITTED" or "TASK_STATE_WORKING")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500));
            task = await http.GetFromJsonAsync<JsonElement>($"tasks/{task.GetProperty("id").GetString()}");
        }

        _askingTask = StateOf(task) == "TASK_STATE_INPUT_REQUIRED" ? task.GetProperty("id").GetString() : null;
        return string.Join('\n', NewTexts(task));
    }

    /// <summary>The texts of the artifacts that are new since the last turn, and of the status.</summary>
    private List<string> NewTexts(JsonElement task)
    {
        var texts = task.TryGetProperty("artifacts", out var artifacts)
            ? artifacts.EnumerateArray().Select(artifact => (Id: artifact.GetProperty("artifactId").GetString(), Text: TextOf(artifact)))
                .Where(_artifacts.Add).Select(artifact => artifact.Text).ToList()
            : [];
        if (task.GetProperty("status").TryGetProperty("message", out var status))
            texts.Add(TextOf(status));
        return texts;
    }

    private static string StateOf(JsonElement task) => task.GetProperty("status").GetProperty("state").GetString()!;

    private static string TextOf(JsonElement content) => string.Concat(
        from part in content.GetProperty("parts").EnumerateArray()
        where part.TryGetProperty("text", out _)
        select part.GetProperty("text").GetString());
}
