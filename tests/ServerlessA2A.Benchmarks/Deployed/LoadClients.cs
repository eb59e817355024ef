using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ServerlessA2A.Benchmarks.Servers;

namespace ServerlessA2A.Benchmarks.Deployed;

/// <summary>
/// Clients that each begin the next task when the last one has ended: half of them wait, a quarter stream, a quarter poll. Each sees its
/// task to the end.
/// </summary>
internal sealed class LoadClients : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly HttpClient[] _instances;
    private readonly ConcurrentBag<double> _milliseconds = [];
    private readonly ConcurrentQueue<string> _errors = new();
    private int _lost;

    public LoadClients(IEnumerable<RunningServer> instances) => _instances = [.. instances.Select(instance =>
        new HttpClient { BaseAddress = new Uri($"http://{instance.Address}/"), Timeout = Timeout.InfiniteTimeSpan })];

    /// <summary>How long each completed task took from its send, in milliseconds.</summary>
    public IReadOnlyCollection<double> Milliseconds => _milliseconds;

    /// <summary>Answers that were errors, or tasks that ended other than completed.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Accepted tasks that have not ended within three minutes.</summary>
    public int Lost => _lost;

    public Task RunAsync(int clients, TimeSpan duration)
    {
        var began = Stopwatch.GetTimestamp();
        return Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            for (var number = 0; Stopwatch.GetElapsedTime(began) < duration; number++)
                await LiveAsync(client, number);
        })));
    }

    public void Dispose() => Array.ForEach(_instances, instance => instance.Dispose());

    private async Task LiveAsync(int client, int number)
    {
        var began = Stopwatch.GetTimestamp();
        var text = $"hello {client} {number}";
        try
        {
            var task = (client % 4) switch
            {
                0 => await StreamAsync(Instance(number), text),
                1 => await CallAsync(Instance(number), Send("SendMessage", text, isImmediate: true)),
                _ => await CallAsync(Instance(number), Send("SendMessage", text, isImmediate: false)),
            };
            var id = task.GetProperty("id").GetString()!;
            for (var turn = number; !IsTerminal(task); turn++)
            {
                if (Stopwatch.GetElapsedTime(began) > Patience)
                {
                    Interlocked.Increment(ref _lost);
                    return;
                }

                await Task.Delay(200);
                task = await CallAsync(
                    Instance(turn),
                    $$"""{ "jsonrpc": "2.0", "id": 1, "method": "GetTask", "params": { "id": "{{id}}", "historyLength": 0 } }""");
            }

            if (State(task) == "TASK_STATE_COMPLETED")
                _milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            else
                _errors.Enqueue($"{text} ended {State(task)}.");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or InvalidDataException or JsonException)
        {
            _errors.Enqueue($"{text}: {failure.Message}");
        }
    }

    private HttpClient Instance(int turn) => _instances[turn % _instances.Length];

    private static async Task<JsonElement> CallAsync(HttpClient instance, string body)
    {
        using var response = await instance.SendAsync(Request(body), HttpCompletionOption.ResponseHeadersRead);
        var answer = await response.Content.ReadAsStringAsync();
        return ResultOf(answer) is var result && result.TryGetProperty("task", out var task) ? task : result;
    }

    /// <summary>The task as the stream began with it, in the state that the stream ended with.</summary>
    private static async Task<JsonElement> StreamAsync(HttpClient instance, string text)
    {
        using var response = await instance.SendAsync(
            Request(Send("SendStreamingMessage", text, isImmediate: false)), HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        JsonElement? task = null, last = null;
        while (await lines.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith("data:", StringComparison.Ordinal))
                continue;
            var result = ResultOf(line[5..]);
            if (result.TryGetProperty("task", out var begun))
                task = begun;
            else if (result.TryGetProperty("statusUpdate", out var update))
                last = update;
        }

        if (task is not { } whole)
            throw new InvalidDataException($"A stream had no task: HTTP {(int)response.StatusCode}.");
        return last is { } end && IsTerminal(end)
            ? JsonElement.Parse(
                $$"""{ "id": {{whole.GetProperty("id").GetRawText()}}, "status": {{end.GetProperty("status").GetRawText()}} }""")
            : whole;
    }

    private static JsonElement ResultOf(string answer) => JsonElement.Parse(answer).TryGetProperty("result", out var result)
        ? result
        : throw new InvalidDataException(answer);

    private static string? State(JsonElement task) => task.GetProperty("status").GetProperty("state").GetString();

    private static bool IsTerminal(JsonElement task) =>
        State(task) is "TASK_STATE_COMPLETED" or "TASK_STATE_FAILED" or "TASK_STATE_CANCELED" or "TASK_STATE_REJECTED";

    private static HttpRequestMessage Request(string body) => new(HttpMethod.Post, "/")
    {
        Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        Headers = { { "A2A-Version", "1.0" } },
    };

    private static string Send(string method, string text, bool isImmediate) =>
        $$"""
        {
          "jsonrpc": "2.0", "id": 1, "method": "{{method}}",
          "params": {
            "message": { "messageId": "{{Guid.NewGuid()}}", "role": "ROLE_USER", "parts": [{ "text": "{{text}}" }] },
            "configuration": { "returnImmediately": {{(isImmediate ? "true" : "false")}} }
          }
        }
        """;
}
