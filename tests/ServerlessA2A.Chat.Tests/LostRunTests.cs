using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Tests.Scripted;
using ServerlessA2A.Chat.Tools;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Chat.Tests;

/// <summary>
/// Wherever a run is lost, before any of its appends, the conversation goes on elsewhere: no finished tool is called again, no turn that
/// was saved is answered again, and nothing is said twice.
/// </summary>
public sealed class LostRunTests : ChatAgentTest
{
    private readonly ConcurrentQueue<string> _called = new();
    private readonly Lock _calling = new();

    /// <summary>How an instance loses its run.</summary>
    public enum Loss
    {
        /// <summary>It dies before the append.</summary>
        Death,

        /// <summary>The append is stored, and the instance dies without knowing it.</summary>
        LostAnswer,

        /// <summary>It stands still until its lease has expired and another instance has ended the task; then it goes on.</summary>
        Standstill,
    }

    public static TheoryData<Loss, bool, int> All
    {
        get
        {
            var all = new TheoryData<Loss, bool, int>();
            foreach (var loss in Enum.GetValues<Loss>())
            {
                foreach (var gathers in new[] { true, false })
                {
                    all.Add(loss, gathers, 1);
                    all.Add(loss, gathers, 3);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task NoFinishedToolIsCalledAgain(Loss loss, bool gathers, int losses)
    {
        Model.Answer = call => call.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Count() switch
        {
            0 => ModelTurn.Say("On", "e.").Call("step", new { number = 1 }, "a").Call("step", new { number = 2 }, "b"),
            2 => ModelTurn.Say("Two.").Call("step", new { number = 3 }, "c"),
            _ => ModelTurn.Say("Thr", "ee."),
        };
        if (!gathers)
            Settings.GatherInterval = TimeSpan.Zero;

        var at = 1;
        while (await LoseAsync(loss, at, losses))
            at++;

        Assert.InRange(at, 5, 40);
    }

    /// <summary>Loses some runs in a row before an append.</summary>
    /// <param name="loss">How.</param>
    /// <param name="at">The number of the append in each run.</param>
    /// <param name="losses">How many runs.</param>
    /// <returns>Whether any run had so many appends.</returns>
    private async Task<bool> LoseAsync(Loss loss, int at, int losses)
    {
        lock (_calling)
            _called.Clear();
        var callsBefore = Model.Calls.Count;
        var task = await Engine.SendAsync("Go");
        var (isLost, finished) = (false, new Dictionary<string, int>());
        for (var run = 0; run < losses; run++)
        {
            if (!await RunAndLoseAsync(task.Id, loss, at, clock: run, finished))
                break;
            isLost = true;
        }

        if (!(await Engine.ReadAsync(task.Id)).State.IsTerminal())
            await Instance(losses).RunAsync(NewAgent(AddStep), task.Id).WithinLimit("the last run ends");

        var ended = await Engine.ReadAsync(task.Id);
        var seen = $"{loss} before append {at}: {string.Join(' ', _called)}, finished {string.Join(' ', finished.Keys)}";
        Assert.True(ended.State == TaskState.Completed, $"{seen}: {ended.State} {Said(ended)}");
        Assert.Equal((seen, "One.\n\nTwo.\n\nThree."), (seen, TextOf(ended)));
        Assert.Equal(["a", "b", "c"], _called.Distinct().Order());
        Assert.All(finished, call => Assert.True(CallsOf(call.Key) == call.Value, $"{seen}: {call.Key} was called again."));
        Assert.All(_called.Distinct(), id => Assert.True(CallsOf(id) <= 1 + losses, seen));
        Assert.InRange(Model.Calls.Count - callsBefore, 3, 3 + losses);
        Time.Advance(TimeSpan.FromSeconds(1));
        return isLost;
    }

    private async Task<bool> RunAndLoseAsync(string taskId, Loss loss, int at, int clock, Dictionary<string, int> finished)
    {
        using var dies = new CancellationTokenSource();
        var (appends, isLost) = (0, false);
        var store = new InterveningStore(Engine.Store, async entry =>
        {
            if (++appends != at)
                return;
            isLost = true;
            if (loss == Loss.Standstill)
            {
                await NoteFinishedAsync(taskId, finished);
                await Instance(clock + 1).RunAsync(NewAgent(AddStep), taskId).WithinLimit("the other run ends");
                return;
            }

            await dies.CancelAsync();
            if (loss == Loss.Death)
                throw new OperationCanceledException(dies.Token);
        });
        try
        {
            await Instance(clock, store).RunAsync(NewAgent(AddStep), taskId, dies.Token).WithinLimit("the run ends");
        }
        catch (OperationCanceledException) when (isLost)
        {
        }

        if (loss != Loss.Standstill)
            await NoteFinishedAsync(taskId, finished);
        return isLost;
    }

    /// <summary>An instance whose clock is so many leases ahead of the first one's: those before it have lost theirs.</summary>
    private TestEngine Instance(int ahead, InterveningStore? store = null)
    {
        var clock = new ManualTimeProvider();
        clock.Advance(Time.GetUtcNow() - clock.GetUtcNow() + (ahead * 2 * Settings.LeaseDuration));
        return new TestEngine(
            store ?? Engine.Store, Engine.Queue, clock, Settings, new AgentCardOptions { OutputModes = { "*/*" }, InputModes = { "*/*" } });
    }

    private int CallsOf(string id) => _called.Count(called => called == id);

    /// <summary>Notes how often each call was made whose result is saved: it must not be made again.</summary>
    private async Task NoteFinishedAsync(string taskId, Dictionary<string, int> finished)
    {
        var ids = FinishedOf((await Engine.ReadAsync(taskId)).Checkpoint);
        lock (_calling)
        {
            foreach (var id in ids)
                finished.TryAdd(id, CallsOf(id));
        }
    }

    /// <summary>The calls whose results are in a checkpoint.</summary>
    private static IEnumerable<string> FinishedOf(ReadOnlyMemory<byte>? checkpoint)
    {
        if (checkpoint is not { } saved)
            return [];
        using var json = JsonDocument.Parse(saved);
        return [.. json.RootElement.GetProperty("messages").EnumerateArray()
            .SelectMany(message => message.GetProperty("contents").EnumerateArray())
            .Where(content => content.GetProperty("$type").GetString() == "functionResult")
                .Select(content => content.GetProperty("callId").GetString()!)];
    }

    private void AddStep(IServiceCollection services) => services.AddAgentTool(
        (int number, ToolContext tool, CancellationToken cancellationToken) =>
        {
            // A thread that comes too late is of a run that is over. It must not come between this check and the call.
            lock (_calling)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _called.Enqueue(tool.CallId);
            }

            return number;
        },
        "step");
}
