using System.Text.Json;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Chaos;

/// <summary>A client with one task and three webhooks for it: one comes with the message, two right after.</summary>
internal sealed class WebhookClient(WebhookChaosRun run, int number, int seed)
{
    /// <summary>How long an answer may take: the functions' own limit is 10 s, and the machine is busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly Random _random = new(seed);

    /// <summary>The task that was accepted.</summary>
    public string? TaskId { get; private set; }

    /// <summary>The webhook that came with the message.</summary>
    public string First => $"{number}-first";

    /// <summary>Those that were made afterwards, as it was told.</summary>
    public List<string> Later { get; } = [];

    /// <summary>Those of which it can't know whether they were made.</summary>
    public List<string> Doubtful { get; } = [];

    /// <summary>Has its task accepted, makes its webhooks, and lets the task come to its end.</summary>
    public async Task LiveAsync()
    {
        var (text, cancels) = Plan();
        var message = WebhookRequests.Send(text, run.Receiver.AddressOf(First), First);
        TaskId = (await AskAsync(() => message)).GetProperty("task").GetProperty("id").GetString();
        await CreateAsync("second");
        await CreateAsync("third");
        run.Progressed();
        if (cancels)
        {
            await Task.Delay(_random.Next(1000), run.Over);
            await AskAsync(() => Requests.About("CancelTask", TaskId!), mayBeTooLate: true);
        }

        var answer = Requests.Send("an answer", returnImmediately: true, taskId: TaskId);
        for (var state = ""; !TaskStates.IsTerminal(state); await Task.Delay(_random.Next(200, 500), run.Over))
        {
            state = (await AskAsync(() => Requests.Get(TaskId!))).State()!;
            if (state == TaskStates.InputRequired)
                await AskAsync(() => answer);
        }
    }

    /// <summary>Whether its webhooks know how the task has ended.</summary>
    public bool IsTold => TaskId is not null && Later.Count == 2 && Later.Append(First).All(name => run.Receiver.Of(name).HasEnded);

    public override string ToString() =>
        $"Client {number}, task {TaskId ?? "none"}: " +
            string.Join(", ", Later.Append(First).Select(name => $"{name} {(run.Receiver.Of(name).HasEnded ? "knows the end" : "waits")}"));

    private (string Text, bool Cancels) Plan()
    {
        var (to, pause) = (_random.Next(3, 11), _random.Next(5, 41));
        return _random.Next(10) switch
        {
            < 1 => ("ask", false),
            < 2 => ($"hello {number}", false),
            < 3 => ("count 30 40ms", true),
            < 7 => ($"count {to} {pause}ms checkpoint {_random.Next(2, 6)}", false),
            _ => ($"count {to} {pause}ms", false),
        };
    }

    /// <summary>
    /// Makes a webhook. Where the answer was lost it may be there: then another one is made, since a second of the same name would begin
    /// anew.
    /// </summary>
    private async Task CreateAsync(string name)
    {
        var tried = new List<string>();
        await AskAsync(() =>
        {
            tried.Add($"{number}-{name}-{tried.Count}");
            return WebhookRequests.Create(TaskId!, run.Receiver.AddressOf(tried[^1]), tried[^1]);
        });
        Later.Add(tried[^1]);
        Doubtful.AddRange(tried.SkipLast(1));
    }

    /// <summary>Asks one instance after the other until one answers.</summary>
    private async Task<JsonElement> AskAsync(Func<string> body, bool mayBeTooLate = false)
    {
        while (true)
        {
            using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(run.Over);
            hangUp.CancelAfter(Patience);
            try
            {
                using var content = Requests.Json(body());
                using var response = await run.MessageInstance(_random.Next())
                    .PostAsync(new Uri("/", UriKind.Relative), content, hangUp.Token);
                var text = await response.Content.ReadAsStringAsync(hangUp.Token);
                using var answer = JsonDocument.Parse(text);
                if (answer.RootElement.TryGetProperty("result", out var result))
                    return result.Clone();
                if (mayBeTooLate && text.Contains("TASK_NOT_CANCELABLE", StringComparison.Ordinal))
                    return default;
                if (!text.Contains("\"UNAVAILABLE\"", StringComparison.Ordinal))
                    throw new InvalidOperationException(text);
            }
            catch (HttpRequestException)
            {
                // The next one may answer.
            }

            await Task.Delay(_random.Next(20, 300), run.Over);
        }
    }
}
