using System.Text.Json;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Chaos;

/// <summary>
/// A client with one task: it sends until it is answered, follows the task by waiting, streaming or polling, answers its question, and
/// may hang up, cancel or go away. Whatever fails it tries again, with the same message, elsewhere.
/// </summary>
internal sealed class ChaosClient(ChaosRun run, ClientPlan plan)
{
    /// <summary>How long an answer may take: the functions' own limit is 10 s, and the machine is busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly Random _random = new(plan.Seed);
    private readonly List<StreamEvent> _events = [];
    private string _lastFailure = "none";

    public ClientPlan Plan => plan;

    /// <summary>The task that was accepted.</summary>
    public string? TaskId { get; private set; }

    /// <summary>The state that it was told last.</summary>
    public string State { get; private set; } = "";

    /// <summary>Whether it was told that it has canceled the task.</summary>
    public bool HasCanceled { get; private set; }

    /// <summary>Whether what it has said meanwhile was accepted.</summary>
    public bool HasAdded { get; private set; }

    /// <summary>What it was streamed.</summary>
    public IReadOnlyList<StreamEvent> Events => _events;

    /// <summary>Whether it does not know yet how its task has ended.</summary>
    public bool IsWaiting => !TaskStates.IsTerminal(State);

    /// <summary>Has its task accepted and, unless it goes away, waits for its end.</summary>
    public async Task LiveAsync()
    {
        await SayAsync(Message(plan.Text, returnImmediately: plan.Follows == ClientPlan.Manner.Polls || plan.CancelsAfter is not null));
        run.Progressed();
        if (plan.GoesAway)
            return;
        if (plan.CancelsAfter is { } pause)
        {
            await Task.Delay(pause, run.Over);
            await CancelAsync();
        }

        if (plan.Adds is { } more)
            await AddAsync(Message(more, returnImmediately: true));
        await WaitForEndAsync();
    }

    /// <summary>Follows the task until it has ended, and answers when it asks.</summary>
    public async Task WaitForEndAsync()
    {
        var answer = Message(plan.Answer, returnImmediately: plan.Follows == ClientPlan.Manner.Polls);
        while (IsWaiting)
        {
            if (State == TaskStates.InputRequired)
                await SayAsync(answer);
            else
                await FollowAsync();
        }

        run.Progressed();
    }

    public override string ToString() => $"'{plan.Text}' {plan.Follows}, task {TaskId ?? "none"} {State}, last failure: {_lastFailure}";

    private string Subscription => Requests.About("SubscribeToTask", TaskId!);

    private string Message(string text, bool returnImmediately) =>
        Requests.Send(text, returnImmediately, Streams ? "SendStreamingMessage" : "SendMessage", TaskId);

    private bool Streams => plan is { Follows: ClientPlan.Manner.Streams, CancelsAfter: null };

    /// <summary>
    /// Sends a message. A stream that has begun is taken up again; an answer is sent again, since it may not have arrived.
    /// </summary>
    private Task SayAsync(string message) => AskAsync(async (instance, hangUp) =>
    {
        if (Streams)
            await ReadAsync(instance, TaskId is null || State == TaskStates.InputRequired ? message : Subscription, hangUp);
        else
            Learn((await CallAsync(instance, message, hangUp)).GetProperty("task"));
    });

    private Task FollowAsync() => AskAsync(async (instance, hangUp) =>
    {
        if (Streams)
        {
            await ReadAsync(instance, Subscription, hangUp);
            return;
        }

        await Task.Delay(_random.Next(100, 400), hangUp);
        Learn(await CallAsync(instance, Requests.Get(TaskId!), hangUp));
    });

    private Task AddAsync(string message) => AskAsync(async (instance, hangUp) =>
    {
        try
        {
            await CallAsync(instance, message, hangUp);
            HasAdded = true;
        }
        catch (InvalidOperationException refused) when (refused.Message.Contains("UNSUPPORTED_OPERATION", StringComparison.Ordinal))
        {
            // It was done sooner.
        }
    });

    private Task CancelAsync() => AskAsync(async (instance, hangUp) =>
    {
        try
        {
            Learn(await CallAsync(instance, Requests.About("CancelTask", TaskId!), hangUp));
            HasCanceled = State == TaskStates.Canceled;
        }
        catch (InvalidOperationException refused) when (refused.Message.Contains("TASK_NOT_CANCELABLE", StringComparison.Ordinal))
        {
            // It was done sooner.
        }
    });

    /// <summary>Reads a stream until it is the client's turn, or until the stream ends.</summary>
    private async Task ReadAsync(HttpClient instance, string body, CancellationToken hangUp)
    {
        await foreach (var streamed in instance.StreamAsync(body, _events.Count == 0 ? null : _events[^1].Id, hangUp))
        {
            Learn(streamed);
            if (TaskStates.IsTerminalOrInterrupted(State))
                return;
        }
    }

    private void Learn(JsonElement task) => (TaskId, State) = (task.GetProperty("id").GetString(), task.State()!);

    private void Learn(StreamEvent streamed)
    {
        if (streamed.Data.Contains("\"error\":", StringComparison.Ordinal))
            throw new InvalidOperationException(streamed.Data);
        _events.Add(streamed);
        var result = streamed.Result();
        TaskId = streamed.TaskId();
        if (result.Name is "task" or "statusUpdate")
            State = result.Value.State()!;
    }

    /// <summary>Asks one instance after the other until one answers.</summary>
    private async Task AskAsync(Func<HttpClient, CancellationToken, Task> ask)
    {
        while (true)
        {
            var hangsUp = _random.Next(8) == 0;
            using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(run.Over);
            hangUp.CancelAfter(hangsUp ? TimeSpan.FromMilliseconds(_random.Next(1000)) : Patience);
            try
            {
                await ask(run.MessageInstance(_random.Next()), hangUp.Token);
                return;
            }
            catch (Exception failure) when (IsPassing(failure))
            {
                run.Over.ThrowIfCancellationRequested();
                _lastFailure = failure.Message;
                if (hangUp.IsCancellationRequested && !hangsUp)
                    throw new TimeoutException($"There was no answer within {Patience}.", failure);
            }

            await Task.Delay(_random.Next(20, 300), run.Over);
        }
    }

    private static bool IsPassing(Exception failure) =>
        failure is HttpRequestException or IOException or OperationCanceledException ||
        (failure is InvalidOperationException && failure.Message.Contains("\"UNAVAILABLE\"", StringComparison.Ordinal));

    private static async Task<JsonElement> CallAsync(HttpClient instance, string body, CancellationToken hangUp)
    {
        using var content = Requests.Json(body);
        using var response = await instance.PostAsync(new Uri("/", UriKind.Relative), content, hangUp);
        var text = await response.Content.ReadAsStringAsync(hangUp);
        using var answer = JsonDocument.Parse(text);
        return answer.RootElement.TryGetProperty("result", out var result) ? result.Clone() : throw new InvalidOperationException(text);
    }
}
