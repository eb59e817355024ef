using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Support;

/// <summary>Requests of an A2A 1.0 client, over JSON-RPC, written by hand.</summary>
internal static class Requests
{
    public static StringContent Json(string text) => new(text, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    /// <summary>The body of a send.</summary>
    public static string Send(string text, bool returnImmediately = false, string method = "SendMessage", string? taskId = null) =>
        $$$"""
        {
          "jsonrpc": "2.0", "id": 1, "method": "{{{method}}}",
          "params": {
            "message": { "messageId": "{{{Guid.NewGuid()}}}", "taskId": "{{{taskId}}}", "role": "ROLE_USER", "parts": [{ "text": "{{{text}}}" }] },
            "configuration": { "returnImmediately": {{{(returnImmediately ? "true" : "false")}}} }
          }
        }
        """;

    /// <summary>The body of a call that names a task.</summary>
    public static string About(string method, string taskId) => $$$"""{"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{"id":"{{{taskId}}}"}}""";

    /// <summary>The body of a poll.</summary>
    public static string Get(string taskId) => About("GetTask", taskId);

    /// <summary>What the test agent has said when it has counted that far.</summary>
    public static string Count(int to) => string.Concat(Enumerable.Range(1, to).Select(number => $"{number} "));

    /// <summary>Follows a task until it has ended, and reads it then.</summary>
    public static async Task<JsonElement> EndOfAsync(this HttpClient client, string taskId)
    {
        using var limit = new CancellationTokenSource(Guard.Limit);
        while (true)
        {
            var task = await client.CallAsync(Get(taskId));
            if (task.State() is "TASK_STATE_COMPLETED" or "TASK_STATE_FAILED" or "TASK_STATE_CANCELED" or "TASK_STATE_REJECTED")
                return task;
            await foreach (var streamed in client.StreamAsync(About("SubscribeToTask", taskId), lastEventId: 1, limit.Token))
                limit.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Calls a method and hands out its result.</summary>
    public static async Task<JsonElement> CallAsync(this HttpClient client, string body)
    {
        using var content = Json(body);
        using var response = await client.PostAsync(new Uri("/", UriKind.Relative), content);
        var text = await response.Content.ReadAsStringAsync();
        using var answer = JsonDocument.Parse(text);
        return answer.RootElement.TryGetProperty("result", out var result) ? result.Clone() : throw new InvalidOperationException(text);
    }

    /// <summary>The text of a task's artifact.</summary>
    public static string? ArtifactText(this JsonElement task) =>
        task.GetProperty("artifacts")[0].GetProperty("parts")[0].GetProperty("text").GetString();

    /// <summary>The state of a task.</summary>
    public static string? State(this JsonElement task) => task.GetProperty("status").GetProperty("state").GetString();
}
