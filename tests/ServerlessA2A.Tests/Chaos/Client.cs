using System.Globalization;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Operations;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Chaos;

/// <summary>
/// A client with one task: it sends until it is answered, follows the task by waiting, streaming or polling, answers its questions, and
/// may hang up, cancel or go away. Whatever fails is tried again after a while.
/// </summary>
internal sealed class Client(Simulation simulation, int number, int seed)
{
    private readonly Random _random = new(seed);
    private readonly StreamedArtifacts _streamed = new();
    private long? _lastEventId;

    public Plan Plan { get; } = new(seed);

    /// <summary>The task that was accepted.</summary>
    public string? TaskId { get; private set; }

    /// <summary>The state that the client was told last.</summary>
    public TaskState State { get; private set; }

    /// <summary>Whether it was told that it has canceled the task.</summary>
    public bool HasCanceled { get; private set; }

    /// <summary>The messages that were accepted while the agent was at work, or had asked.</summary>
    public List<string> Added { get; } = [];

    /// <summary>What it has put together of the task's stream to its end; null where it did not stream to the end.</summary>
    public string? Streamed { get; private set; }

    /// <summary>The messages that the agent has heard of, as the stream has it.</summary>
    public IReadOnlyList<string> StreamedHeard { get; private set; } = [];

    public async Task LiveAsync()
    {
        var streams = Next(_random, 2) == 0;
        var waits = Next(_random, 2) == 0;
        var goesAway = Next(_random, 10) == 0;
        var canceling = Task.CompletedTask;
        var adding = Task.CompletedTask;
        var message = Plan.Seed.ToString(CultureInfo.InvariantCulture);
        for (var answers = 0; ; answers++)
        {
            var request = Request(message, answers, returnImmediately: !waits);
            if (streams)
                await StreamAsync(request);
            else
                await SendAsync(request);
            if (goesAway)
                return;
            if (answers == 0 && Next(_random, 8) == 0)
                canceling = CancelAsync();
            if (answers == 0 && Next(_random, 2) == 0)
                adding = AddAsync(new Random(seed + 1));
            while (!State.IsTerminal() && State != TaskState.InputRequired)
                await PollAsync();
            await canceling;
            await adding;
            if (State.IsTerminal())
                break;
            message = $"answer {answers}";
        }

        // Also who knows the end may ask for what came before it.
        if (streams && State == TaskState.Completed)
            await StreamAsync(null);
    }

    private SendMessageRequest Request(string text, int answers, bool returnImmediately) => TestEngine.Request(
        text, TaskId, $"{number} {answers}", new SendMessageConfiguration { ReturnImmediately = returnImmediately });

    private Task SendAsync(SendMessageRequest request) => AskUntilAnsweredAsync("send", async (engine, call, hangUp) =>
    {
        var task = await engine.Lifecycle.SendTaskAsync(call, request, hangUp);
        (TaskId, State) = (task.Id, task.Status.State);
    });

    private Task PollAsync() => AskUntilAnsweredAsync("get", async (engine, call, hangUp) =>
    {
        await Task.Delay(Pause(), simulation.Time, hangUp);
        State = (await engine.Lifecycle.GetAsync(call, new GetTaskRequest { Id = TaskId! }, hangUp)).Status.State;
    });

    private async Task CancelAsync()
    {
        await Task.Delay(Pause(), simulation.Time);
        await AskUntilAnsweredAsync("cancel", async (engine, call, hangUp) =>
        {
            var task = await engine.Lifecycle.CancelAsync(call, new CancelTaskRequest { Id = TaskId! }, hangUp);
            HasCanceled = task.Status.State == TaskState.Canceled;
        });
    }

    /// <summary>Says more now and then, whatever the task is at. Who says it in between must not disturb the other's chances.</summary>
    private async Task AddAsync(Random random)
    {
        for (var left = random.Next(1, 5); left > 0; left--)
        {
            await Task.Delay(Pause(random), simulation.Time);
            var request = TestEngine.Request("more", TaskId, $"{number} more {left}");
            await AskUntilAnsweredAsync("add", random, async (engine, call, hangUp) =>
            {
                try
                {
                    await engine.Lifecycle.SendAsync(call, request, hangUp);
                    Added.Add(request.Message.MessageId);
                }
                catch (A2AException refused) when (refused.Error == A2AError.UnsupportedOperation)
                {
                    // It has ended.
                }
            });
        }
    }

    /// <summary>Streams until the task ends or asks, however often the stream breaks or its time is up.</summary>
    private async Task StreamAsync(SendMessageRequest? request)
    {
        do
        {
            await AskUntilAnsweredAsync("stream", async (engine, call, hangUp) =>
            {
                var items = request is null || (TaskId is not null && request.Message.TaskId is null)
                    ? engine.Lifecycle.SubscribeAsync(call, new SubscribeToTaskRequest { Id = TaskId! }, _lastEventId ?? 0, hangUp)
                    : engine.Lifecycle.SendStreamingAsync(call, request, _lastEventId, hangUp);
                await foreach (var item in items)
                    Add(item);
                await Task.Delay(Pause(), simulation.Time, hangUp);
            });
        }
        while (State is TaskState.Submitted or TaskState.Working);
    }

    private void Add(StreamItem item)
    {
        if (item.Response.Task is null && item.Id <= _lastEventId)
            simulation.Violated($"Client {number}: event {item.Id} comes after {_lastEventId}.");
        _lastEventId = item.Id;
        _streamed.Add(item);
        if (item.Response.Task is { } task)
            (TaskId, State) = (task.Id, task.Status.State);
        if (item.Response.StatusUpdate is { } update)
            State = update.Status.State;
        StreamedHeard = Heard.Split(_streamed.Texts.GetValueOrDefault(Heard.ArtifactId, ""));
        Streamed = State.IsTerminal() ? Plan.Describe(_streamed.Texts.Select(text => (text.Key, text.Value))) : null;
    }

    /// <summary>Asks one instance after another, until one answers, or refuses because the task has gone on meanwhile.</summary>
    private Task AskUntilAnsweredAsync(string what, Func<TestEngine, CallContext, CancellationToken, Task> ask) =>
        AskUntilAnsweredAsync(what, _random, ask);

    private async Task AskUntilAnsweredAsync(string what, Random random, Func<TestEngine, CallContext, CancellationToken, Task> ask)
    {
        while (true)
        {
            var instance = simulation.NewInstance(what);
            using var hangUp = new CancellationTokenSource(Next(random, 6) == 0 ? Pause(random) : TimeSpan.FromDays(1), simulation.Time);
            using var timeUp = new CancellationTokenSource(TimeSpan.FromSeconds(50), instance.Clock);
            try
            {
                await ask(instance.Engine, TestEngine.Call(timeUp: timeUp.Token), hangUp.Token).WaitAsync(instance.Lost);
                return;
            }
            catch (A2AException refused) when (
                refused.Error == A2AError.UnsupportedOperation || refused.Error == A2AError.TaskNotCancelable)
            {
                State = TaskState.Unspecified;
                return;
            }
            catch (Exception failed) when (failed is TaskStoreException || hangUp.IsCancellationRequested || instance.IsLost)
            {
                await Task.Delay(Pause(random), simulation.Time);
            }
            finally
            {
                instance.IsDone = true;
            }
        }
    }

    private TimeSpan Pause() => Pause(_random);

    private static TimeSpan Pause(Random random) => TimeSpan.FromMilliseconds(1 + Next(random, 19_999));

    /// <summary>A number below another one. The cancel draws from the same numbers as what the client does beside it.</summary>
    private static int Next(Random random, int below)
    {
        lock (random)
            return random.Next(below);
    }
}
