using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Contents;
using ServerlessA2A.Chat.Conversations;
using ServerlessA2A.Chat.Tests.Conversations;
using ServerlessA2A.Chat.Tools;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Chat.Tests;

public sealed class ToolCallsTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly CollectedLogs _logs = new();
    private readonly ChatAgentOptions _options = new();
    private readonly Dictionary<string, AIFunction> _tools = [];
    private readonly ServiceCollection _services = new();
    private readonly CancellationTokenSource _leave = new();
    private readonly CancellationTokenSource _cancel = new();
    private AgentContext _task = AgentContexts.Of(AgentContexts.User("m1", "Hi"));
    private ToolCalls? _calls;

    public void Dispose()
    {
        _leave.Dispose();
        _cancel.Dispose();
    }

    [Fact]
    public async Task WithoutCallsNothingHappens()
    {
        var conversation = Calling();

        Assert.Empty(await RunAsync(conversation));
        Assert.Null(_calls!.Interruption);
    }

    [Fact]
    public async Task AToolIsCalledWithItsArgumentsAndItsResultIsSaved()
    {
        Add("add", (int a, int b, string[] more) => new { Sum = a + b, More = string.Concat(more) });
        var conversation = Calling(Call("c1", "add", """{"a":1,"b":2,"more":["x","y"]}"""));

        var updates = await RunAsync(conversation);

        Assert.Equal("""{"sum":3,"more":"xy"}""", ResultOf(conversation, "c1"));
        Assert.Empty(conversation.OpenCalls());
        Assert.Equal(conversation.Save().Data.ToArray(), Assert.IsType<SaveCheckpointUpdate>(Assert.Single(updates)).Data.ToArray());
        Assert.Null(_calls!.Interruption);
    }

    [Theory]
    [InlineData("text", "\"Sunny.\"")]
    [InlineData("number", "12")]
    [InlineData("nothing", "null")]
    [InlineData("list", "[1,2]")]
    [InlineData("json", """{"a":[true]}""")]
    [InlineData("void", "null")]
    [InlineData("task", "\"later\"")]
    [InlineData("enum", "\"completed\"")]
    public async Task AnyResultIsJson(string tool, string json)
    {
        Add("text", () => "Sunny.");
        Add("number", () => 12);
        Add("nothing", () => (string?)null);
        Add("list", () => new List<int> { 1, 2 });
        Add("json", () => Properties.Parse("""{"a":[true]}"""));
        Add("void", () => { });
        Add("task", async () =>
        {
            await Task.Yield();
            return "later";
        });
        Add("enum", () => JsonSerializer.SerializeToElement("completed"));
        var conversation = Calling(Call("c1", tool));

        await RunAsync(conversation);

        Assert.Equal(json, ResultOf(conversation, "c1"));
    }

    [Fact]
    public async Task CallsAreMadeAllAtOnce()
    {
        var (first, second) = (NewSignal(), NewSignal());
        Add("first", async () =>
        {
            first.SetResult();
            await second.Task.WithinLimit("the second one is called");
            return 1;
        });
        Add("second", async () =>
        {
            second.SetResult();
            await first.Task.WithinLimit("the first one is called");
            return 2;
        });
        var conversation = Calling(Call("c1", "first"), Call("c2", "second"));

        await RunAsync(conversation);

        Assert.Equal(("1", "2"), (ResultOf(conversation, "c1"), ResultOf(conversation, "c2")));
    }

    [Fact]
    public async Task EachResultIsSavedWhenItIsThere()
    {
        var slow = NewSignal();
        Add("slow", async () =>
        {
            await slow.Task;
            return 1;
        });
        Add("fast", () => 2);
        var conversation = Calling(Call("c1", "slow"), Call("c2", "fast"));

        await using var updates = Start(conversation);
        Assert.True(await updates.MoveNextAsync());
        Assert.IsType<SaveCheckpointUpdate>(updates.Current);
        Assert.Equal(["c1"], Open(conversation));

        slow.SetResult();
        Assert.True(await updates.MoveNextAsync());
        Assert.IsType<SaveCheckpointUpdate>(updates.Current);
        Assert.Empty(conversation.OpenCalls());
        Assert.False(await updates.MoveNextAsync());
    }

    [Fact]
    public async Task AToolThatBlocksItsThreadHoldsUpNobodyElse()
    {
        using var release = new ManualResetEventSlim();
        Add("blocking", () => release.Wait(Guard.Limit));
        Add("fast", () => 2);
        var conversation = Calling(Call("c1", "blocking"), Call("c2", "fast"), Call("c3", "fast"));

        await using var updates = Start(conversation);
        while (conversation.OpenCalls().Count > 1)
            Assert.True(await updates.MoveNextAsync());
        Assert.Equal(["c1"], Open(conversation));

        release.Set();
        while (await updates.MoveNextAsync())
            Assert.IsType<SaveCheckpointUpdate>(updates.Current);
        Assert.Equal("true", ResultOf(conversation, "c1"));
    }

    [Fact]
    public async Task WhatAToolThrowsIsToldToTheModelAndLogged()
    {
        Add("broken", int () => throw new InvalidOperationException("There is no \"Rome\"."));
        Add("later", async () =>
        {
            await Task.Yield();
            throw new TimeoutException("Too late.");
        });
        var conversation = Calling(Call("c1", "broken"), Call("c2", "later"));

        await RunAsync(conversation);

        Assert.Equal("There is no \"Rome\".", ErrorOf(conversation, "c1"));
        Assert.Equal("""{"error":"Too late."}""", ResultOf(conversation, "c2"));
        Assert.All(_logs.Entries, entry => Assert.Equal((LogLevel.Warning, 6001), (entry.Level, entry.Id.Id)));
        Assert.Contains(
            _logs.Entries, entry => entry.Exception is TimeoutException && entry.Text.Contains("task t", StringComparison.Ordinal) &&
            entry.Text.Contains("later", StringComparison.Ordinal));
        Assert.Equal(2, _logs.Entries.Count);
    }

    [Fact]
    public async Task AToolThatEndsItselfAsCancelledHasFailed()
    {
        Add("cancelled", int () => throw new OperationCanceledException("Somebody else was in the way."));
        var conversation = Calling(Call("c1", "cancelled"));

        await RunAsync(conversation);

        Assert.Equal("""{"error":"Somebody else was in the way."}""", ResultOf(conversation, "c1"));
    }

    [Fact]
    public async Task ArgumentsThatDoNotFitAreTold()
    {
        Add("add", (int a) => a);
        var conversation = Calling(Call("c1", "add"), Call("c2", "add", """{"a":"one"}"""));

        await RunAsync(conversation);

        Assert.Contains("'a'", ErrorOf(conversation, "c1"), StringComparison.Ordinal);
        Assert.NotEqual("", ErrorOf(conversation, "c2"));
    }

    [Fact]
    public async Task ArgumentsThatCannotBeReadAreToldToTheModelAndLogged()
    {
        Add("filter", (Dictionary<string, int> filter) => filter.Count);
        var conversation = Calling(Call("c1", "filter", """{"filter":{"a":1,"a":2}}"""));

        await RunAsync(conversation).WithinLimit("the call ends");

        Assert.Equal("The arguments cannot be read: give valid JSON without repeated names.", ErrorOf(conversation, "c1"));
        var entry = Assert.Single(_logs.Entries);
        Assert.Equal((LogLevel.Warning, 6001), (entry.Level, entry.Id.Id));
    }

    [Fact]
    public async Task AToolThatRunsOutOfMemoryEndsTheRun()
    {
        Add("large", int () => throw new InsufficientMemoryException());
        var conversation = Calling(Call("c1", "large"));

        await Assert.ThrowsAsync<InsufficientMemoryException>(() => RunAsync(conversation).WithinLimit("the run ends"));

        Assert.Equal(["c1"], Open(conversation));
    }

    [Fact]
    public async Task AToolThatDoesNotExistIsToldWithThoseThatDo()
    {
        Add("a", () => 1);
        Add("b", () => 1);
        var conversation = Calling(Call("c1", "x"));

        await RunAsync(conversation);

        Assert.Equal("There is no tool 'x'; there are a, b.", ErrorOf(conversation, "c1"));
    }

    [Fact]
    public async Task WithoutAnyToolsNoneIsNamed()
    {
        var conversation = Calling(Call("c1", "x"));

        await RunAsync(conversation);

        Assert.Equal("There is no tool 'x'.", ErrorOf(conversation, "c1"));
    }

    [Fact]
    public async Task AResultThatIsTooLongIsNotGiven()
    {
        _options.MaxToolResultLength = 10;
        Add("text", (int length) => new string('a', length));
        var conversation = Calling(Call("c1", "text", """{"length":8}"""), Call("c2", "text", """{"length":9}"""));

        await RunAsync(conversation);

        Assert.Equal("\"aaaaaaaa\"", ResultOf(conversation, "c1"));
        Assert.Equal("""{"error":"The result is longer than 10 characters: ask for less."}""", ResultOf(conversation, "c2"));
    }

    [Fact]
    public async Task AResultThatIsNoJsonIsToldAsAFailure()
    {
        Add("number", () => double.NaN);
        var conversation = Calling(Call("c1", "number"));

        await RunAsync(conversation);

        Assert.NotEqual("", ErrorOf(conversation, "c1"));
    }

    [Theory]
    [InlineData("""{ "a": [1, 2], "b": "\u00e9" }""", """{"a":[1,2],"b":"é"}""")]
    [InlineData("""{"a":"half of \ud83d"}""", null)]
    public async Task AFunctionsOwnJsonIsWrittenWithoutBlanksIfItCanBeWritten(string json, string? expected)
    {
        _tools["raw"] = AIFunctionFactory.Create(
            () => 1, new AIFunctionFactoryOptions { Name = "raw", MarshalResult = (_, _, _) => new(Properties.Parse(json)) });
        var conversation = Calling(Call("c1", "raw"));

        await RunAsync(conversation);

        if (expected is null)
            Assert.NotEqual("", ErrorOf(conversation, "c1"));
        else
            Assert.Equal(expected, ResultOf(conversation, "c1"));
        Conversation.Of(
            _task with { Checkpoint = conversation.Save().Data }, new ListedFiles(["*"]), _ => Assert.Fail("The checkpoint is known."));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AToolThatTakesTooLongIsGivenUpWhetherItListensOrNot(bool listens)
    {
        _options.ToolTimeLimit = TimeSpan.FromSeconds(2.5);
        var (isCancelled, hasBegun) = (NewSignal(), NewSignal());
        Add("slow", async (CancellationToken cancellationToken) =>
        {
            // Not disposed of: what waits for the token is told first, and would take this with it as it ends.
            _ = cancellationToken.Register(() => isCancelled.TrySetResult());
            hasBegun.TrySetResult();
            await Task.Delay(Timeout.Infinite, listens ? cancellationToken : CancellationToken.None);
        });
        var conversation = Calling(Call("c1", "slow"));
        var run = RunAsync(conversation);

        // A tool whose time is over before it has begun is not called at all.
        await hasBegun.Task.WithinLimit("the tool has begun");
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(2.5));
        _time.Advance(TimeSpan.FromSeconds(2.4));
        Assert.False(run.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await run.WithinLimit("the tool is given up");

        Assert.Equal("""{"error":"The tool did not end within 2.5 s."}""", ResultOf(conversation, "c1"));
        var entry = Assert.Single(_logs.Entries);
        Assert.Equal((LogLevel.Warning, 6002), (entry.Level, entry.Id.Id));
        if (listens)
            await isCancelled.Task.WithinLimit("the tool is told");
        Assert.Equal(0, _time.RunningTimers);
    }

    [Fact]
    public async Task TheLimitIsEachCallsOwn()
    {
        _options.ToolTimeLimit = TimeSpan.FromSeconds(2);
        var release = NewSignal();
        Add("slow", async () =>
        {
            await release.Task;
            return 1;
        });
        Add("stuck", () => Task.Delay(Timeout.Infinite));
        var conversation = Calling(Call("c1", "slow"), Call("c2", "stuck"));
        await using var updates = Start(conversation);
        var next = updates.MoveNextAsync().AsTask();
        release.SetResult();
        Assert.True(await next);

        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(2));
        next = updates.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(await next);

        Assert.Equal("1", ResultOf(conversation, "c1"));
        Assert.Equal("The tool did not end within 2 s.", ErrorOf(conversation, "c2"));
    }

    [Fact]
    public async Task ProgressIsTold()
    {
        var goOn = NewSignal();
        Add("slow", async (ToolContext tool) =>
        {
            tool.Report("Half of it.");
            await goOn.Task;
            tool.Report("All of it.");
            return 1;
        });
        var conversation = Calling(Call("c1", "slow"));

        await using var updates = Start(conversation);
        Assert.True(await updates.MoveNextAsync());
        Assert.Equal("Half of it.", Assert.IsType<ReportUpdate>(updates.Current).Parts[0].Text);
        goOn.SetResult();
        Assert.True(await updates.MoveNextAsync());
        Assert.Equal("All of it.", Assert.IsType<ReportUpdate>(updates.Current).Parts[0].Text);
        Assert.True(await updates.MoveNextAsync());
        Assert.IsType<SaveCheckpointUpdate>(updates.Current);
        Assert.False(await updates.MoveNextAsync());
    }

    [Fact]
    public async Task ProgressAfterTheEndIsNobodysBusiness()
    {
        ToolContext? context = null;
        Add("fast", (ToolContext tool) =>
        {
            context = tool;
            return 1;
        });
        await RunAsync(Calling(Call("c1", "fast")));

        context!.Report("Still here.");
    }

    [Fact]
    public async Task AToolSeesItsTaskItsCallAndItsServices()
    {
        ToolContext? context = null;
        IServiceProvider? services = null;
        _services.AddSingleton("a service");
        Add("look", (ToolContext tool, IServiceProvider provider) => (context, services) = (tool, provider));
        var conversation = Calling(Call("c1", "look"));

        await RunAsync(conversation);

        Assert.Same(_task, context!.Agent);
        Assert.Equal(("c1", null), (context.CallId, context.Answer));
        Assert.Equal("a service", services!.GetRequiredService<string>());
    }

    [Fact]
    public async Task EachCallHasAContextOfItsOwn()
    {
        Add("id", (ToolContext tool) => tool.CallId);
        var conversation = Calling(Call("c1", "id"), Call("c2", "id"), Call("c3", "id"));

        await RunAsync(conversation);

        Assert.All((string[])["c1", "c2", "c3"], id => Assert.Equal($"\"{id}\"", ResultOf(conversation, id)));
    }

    [Fact]
    public async Task AToolMayAskTheClientAndIsCalledAgainWithTheAnswer()
    {
        var calls = new List<(string Color, string CallId, string? Answer)>();
        Add("paint", (ToolContext tool, string color) =>
        {
            lock (calls)
                calls.Add((color, tool.CallId, tool.Answer));
            return tool.Answer is null ? throw tool.Ask("How large?") : $"A {tool.Answer} one.";
        });
        var conversation = Calling(Call("c1", "paint", """{"color":"red"}"""));

        Assert.Empty(await RunAsync(conversation));
        Assert.Equal("How large?", Assert.IsType<AskUpdate>(_calls!.Interruption).Parts.Single().Text);
        Assert.Equal(["c1"], Open(conversation));
        conversation = Answer(conversation, "large");
        await RunAsync(conversation);

        Assert.Null(_calls.Interruption);
        Assert.Equal("\"A large one.\"", ResultOf(conversation, "c1"));
        Assert.Equal([("red", "c1", null), ("red", "c1", "large")], calls);
        Assert.Empty(_logs.Entries);
    }

    [Fact]
    public async Task AToolMayAskAgain()
    {
        Add("paint", (ToolContext tool) => tool.Answer is "blue" ? "Done."
            : throw tool.Ask(tool.Answer is null ? "Which color?" : $"There is no {tool.Answer}."));
        var conversation = Calling(Call("c1", "paint"));
        await RunAsync(conversation);
        conversation = Answer(conversation, "red");

        await RunAsync(conversation);
        Assert.Equal("There is no red.", Assert.IsType<AskUpdate>(_calls!.Interruption).Parts.Single().Text);
        conversation = Answer(conversation, "blue");
        await RunAsync(conversation);

        Assert.Equal("\"Done.\"", ResultOf(conversation, "c1"));
    }

    [Fact]
    public async Task AToolMayRequireAnAuthorization()
    {
        Add("mail", (ToolContext tool) => tool.Answer ?? throw tool.RequireAuthorization("Sign in at https://example.com/."));
        var conversation = Calling(Call("c1", "mail"));

        await RunAsync(conversation);
        Assert.Equal(
            "Sign in at https://example.com/.", Assert.IsType<RequireAuthorizationUpdate>(_calls!.Interruption).Parts.Single().Text);
        conversation = Answer(conversation, "done");
        await RunAsync(conversation);

        Assert.Equal("\"done\"", ResultOf(conversation, "c1"));
    }

    [Fact]
    public async Task WhatSeveralAskIsAskedAtOnceInTheOrderOfTheCalls()
    {
        var first = NewSignal();
        Add("late", async (ToolContext tool) =>
        {
            await first.Task;
            if (tool.Answer is null)
                throw tool.Ask("Which one?");
            return 1;
        });
        Add("early", (ToolContext tool) =>
        {
            first.TrySetResult();
            return tool.Answer is null ? throw tool.Ask("How large?") : 2;
        });
        Add("fast", () => 3);
        var conversation = Calling(Call("c1", "late"), Call("c2", "early"), Call("c3", "fast"), Call("c4", "ask_user", """{"question":"Really?"}"""));

        var updates = await RunAsync(conversation);
        Assert.Equal("Which one?\nHow large?\nReally?", Assert.IsType<AskUpdate>(_calls!.Interruption).Parts.Single().Text);
        Assert.IsType<SaveCheckpointUpdate>(Assert.Single(updates));
        Assert.Equal(["c1", "c2", "c4"], Open(conversation));
        conversation = Answer(conversation, "This.");
        await RunAsync(conversation);

        Assert.Empty(conversation.OpenCalls());
        Assert.Equal(("1", "2", "3", """{"answer":"This."}"""), (ResultOf(conversation, "c1"), ResultOf(conversation, "c2"), ResultOf(conversation, "c3"), ResultOf(conversation, "c4")));
    }

    [Fact]
    public async Task WhereOneNeedsAnAuthorizationThatIsWhatTheTaskWaitsFor()
    {
        Add("ask", int (ToolContext tool) => throw tool.Ask("Which one?"));
        Add("mail", int (ToolContext tool) => throw tool.RequireAuthorization("Sign in."));
        await RunAsync(Calling(Call("c1", "ask"), Call("c2", "mail")));

        Assert.Equal("Which one?\nSign in.", Assert.IsType<RequireAuthorizationUpdate>(_calls!.Interruption).Parts.Single().Text);
    }

    [Fact]
    public async Task TheModelMayAskTheClient()
    {
        var conversation = Calling(Call("c1", "ask_user", """{"question":"Which color?"}"""));

        Assert.Empty(await RunAsync(conversation));
        Assert.Equal("Which color?", Assert.IsType<AskUpdate>(_calls!.Interruption).Parts.Single().Text);
        Assert.Equal(["c1"], Open(conversation));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"question":null}""")]
    [InlineData("""{"question":" "}""")]
    [InlineData("""{"text":"Which?"}""")]
    public async Task AQuestionThatIsNoneIsTold(string arguments)
    {
        var conversation = Calling(Call("c1", "ask_user", arguments));

        await RunAsync(conversation);

        Assert.Null(_calls!.Interruption);
        Assert.Equal("The question is missing.", ErrorOf(conversation, "c1"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhoeverLeavesLeavesTheCallsThatHaveNotEndedToAnotherRun(bool listens)
    {
        // What ends first, the wait or the tool, is up to chance: many tries find both.
        for (var i = 0; i < 100; i++)
        {
            _tools.Clear();
            using var leave = new CancellationTokenSource();
            var started = NewSignal();
            Add("slow", async (CancellationToken cancellationToken) =>
            {
                started.TrySetResult();
                await Task.Delay(Timeout.Infinite, listens ? cancellationToken : CancellationToken.None);
            });
            Add("asking", int (ToolContext tool) => throw tool.Ask("Which?"));
            Add("fast", () => 2);
            var conversation = Calling(Call("c1", "slow"), Call("c2", "fast"), Call("c3", "asking"));
            var run = RunAsync(conversation, leave.Token);
            await started.Task.WithinLimit("the tool is called");

            await leave.CancelAsync();
            await run.WithinLimit("the run is left");

            Assert.Null(_calls!.Interruption);
            Assert.Superset(new HashSet<string> { "c1", "c3" }, Open(conversation).ToHashSet());
            Assert.DoesNotContain("error", Described.Of(conversation.Messages), StringComparison.Ordinal);
            Assert.Empty(_logs.Entries);
        }
    }

    [Fact]
    public async Task WhatHasEndedBeforeIsKept()
    {
        Add("slow", () => Task.Delay(Timeout.Infinite));
        Add("fast", () => 2);
        var conversation = Calling(Call("c1", "slow"), Call("c2", "fast"));
        await using var updates = Start(conversation);
        Assert.True(await updates.MoveNextAsync());

        await _leave.CancelAsync();

        Assert.False(await updates.MoveNextAsync());
        Assert.Equal(["c1"], Open(conversation));
        Assert.Equal("2", ResultOf(conversation, "c2"));
    }

    [Fact]
    public async Task WhoeverCancelsEndsEverything()
    {
        var (isCancelled, hasBegun) = (NewSignal(), NewSignal());
        Add("slow", async (CancellationToken cancellationToken) =>
        {
            await using var told = cancellationToken.Register(() => isCancelled.TrySetResult());
            hasBegun.TrySetResult();
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        });
        Add("fast", () => 2);
        var conversation = Calling(Call("c1", "slow"), Call("c2", "fast"));
        await using var updates = Start(conversation);
        Assert.True(await updates.MoveNextAsync());
        await hasBegun.Task.WithinLimit("the tool has begun");

        await _cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => updates.MoveNextAsync().AsTask());
        await isCancelled.Task.WithinLimit("the tool is told");
        Assert.Equal(["c1"], Open(conversation));
        Assert.Empty(_logs.Entries);
    }

    [Fact]
    public async Task WhoeverStopsListeningEndsTheToolsToo()
    {
        var (isCancelled, hasBegun) = (NewSignal(), NewSignal());
        Add("slow", async (CancellationToken cancellationToken) =>
        {
            await using var told = cancellationToken.Register(() => isCancelled.TrySetResult());
            hasBegun.TrySetResult();
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
        });
        Add("fast", (ToolContext tool) => tool.Report("Going."));
        var updates = Start(Calling(Call("c1", "slow"), Call("c2", "fast")));
        Assert.True(await updates.MoveNextAsync());
        await hasBegun.Task.WithinLimit("the tool has begun");

        await updates.DisposeAsync();

        await isCancelled.Task.WithinLimit("the tool is told");
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task ACallbackCallsTheToolAgainThatCreatedItAndTheModelGetsNothingOfIt()
    {
        WithCallbacks();
        Add("mail", (ToolContext tool) => tool.Callback is { } callback
            ? $"{callback.Subject} {callback["code"]!.Length}"
            : throw tool.RequireAuthorization("Sign in.", Part.FromData(new { Link = tool.CreateCallback().Uri })));
        Add("calendar", (ToolContext tool) => tool.Callback?["code"] ?? throw tool.RequireAuthorization("Sign in too."));
        var conversation = Calling(Call("c1", "mail"), Call("c2", "calendar"), Call("c3", "ask_user", """{"question":"When?"}"""));
        await RunAsync(conversation);
        var parts = Assert.IsType<RequireAuthorizationUpdate>(_calls!.Interruption).Parts;
        Assert.Equal("Sign in.\nSign in too.\nWhen?", parts[0].Text);
        Assert.Equal("https://agent.example.com/callback/t?state=c1", parts[1].Data!.Value.GetProperty("link").GetString());

        conversation = Answer(conversation, AgentContexts.User("callback-1", Part.FromData(new { code = "secret" })));
        await RunAsync(conversation);

        Assert.Equal("\"c1 6\"", ResultOf(conversation, "c1"));
        Assert.Equal(["c2", "c3"], Open(conversation));
        Assert.DoesNotContain("secret", Text(conversation), StringComparison.Ordinal);
        Assert.Equal("Sign in too.\nWhen?", Assert.IsType<RequireAuthorizationUpdate>(_calls!.Interruption).Parts.Single().Text);
        // A message of the client still answers what is open.
        conversation = Answer(conversation, AgentContexts.User("m9", "tomorrow"));
        Assert.Equal("""{"answer":"tomorrow"}""", ResultOf(conversation, "c3"));
    }

    [Fact]
    public async Task ACallbackWithoutAnOpenCallIsANoteForTheModel()
    {
        WithCallbacks();
        Add("mail", (ToolContext tool) => $"{tool.CreateCallback().State}");
        var conversation = Calling(Call("c1", "mail"));
        await RunAsync(conversation);

        conversation = Answer(conversation, AgentContexts.User("callback-1", Part.FromData(new { code = "secret" })));
        conversation = Answer(conversation, AgentContexts.User("m9", "Go on"));

        Assert.Contains("returned from the page of an authorization", Text(conversation), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", Text(conversation), StringComparison.Ordinal);
    }

    [Fact]
    public void LongCallIdsAreShortenedForTheSubject()
    {
        Assert.Equal("c1", ToolContext.SubjectOf("c1"));
        Assert.Equal(64, ToolContext.SubjectOf(new string('c', 101)).Length);
    }

    private static string Text(Conversation conversation) =>
        string.Join('\n', conversation.Messages.SelectMany(message => message.Contents).Select(content => content.ToString()));

    /// <summary>Callbacks as the engine has them: the id of the message says that it is one, for the call c1.</summary>
    private void WithCallbacks() => _task = _task with
    {
        Callbacks = (subject, _) => new AgentCallback
        {
            Id = "1",
            RedirectUri = new Uri("https://agent.example.com/callback"),
            State = subject,
            Uri = new Uri($"https://agent.example.com/callback/t?state={subject}"),
            ExpiresAt = _time.GetUtcNow().AddHours(1),
            CodeChallenge = "challenge",
        },
        CallbackResults = message => !message.MessageId.StartsWith("callback-", StringComparison.Ordinal) ? null : new CallbackResult
        {
            Id = "1",
            Subject = "c1",
            Values = new Dictionary<string, string> { ["code"] = message.Parts[0].Data!.Value.GetProperty("code").GetString()! },
            RedirectUri = new Uri("https://agent.example.com/callback"),
            CodeVerifier = "verifier",
        },
    };

    private static FunctionCallContent Call(string id, string name, string arguments = "{}") =>
        new(id, name, Properties.Parse(arguments).EnumerateObject()
            .ToDictionary(argument => argument.Name, argument => (object?)argument.Value));

    private static IEnumerable<string> Open(Conversation conversation) => conversation.OpenCalls().Select(call => call.CallId);

    /// <summary>The JSON that the model gets.</summary>
    private static string ResultOf(Conversation conversation, string callId) => ChatJson.ToElement(
        conversation.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>()
        .Single(result => result.CallId == callId).Result).GetRawText();

    private static string ErrorOf(Conversation conversation, string callId)
    {
        var member = Assert.Single(Properties.Parse(ResultOf(conversation, callId)).EnumerateObject());
        Assert.Equal("error", member.Name);
        return member.Value.GetString()!;
    }

    /// <summary>Adds a tool as an application does.</summary>
    private void Add(string name, Delegate method)
    {
        using var services = new ServiceCollection().AddAgentTool(method, name).BuildServiceProvider();
        _tools[name] = services.GetRequiredService<AIFunction>();
    }

    /// <summary>A conversation in which the model has just called these.</summary>
    private Conversation Calling(params FunctionCallContent[] calls)
    {
        var conversation = Conversation.Of(_task, new ListedFiles(["*"]), _ => { });
        conversation.Say([new TextContent("Let me see."), .. calls]);
        return conversation;
    }

    /// <summary>The next run's conversation, when the client has spoken.</summary>
    private Conversation Answer(Conversation conversation, string text) =>
        Answer(conversation, AgentContexts.User($"m{_task.History.Count + 1}", text));

    private Conversation Answer(Conversation conversation, Message message)
    {
        _task = _task with { Message = message, History = [.. _task.History, message], Checkpoint = conversation.Save().Data };
        return Conversation.Of(_task, new ListedFiles(["*"]), _ => Assert.Fail("The checkpoint is known."));
    }

    private IAsyncEnumerator<AgentUpdate> Start(Conversation conversation) => Run(conversation, _leave.Token).GetAsyncEnumerator();

    private IAsyncEnumerable<AgentUpdate> Run(Conversation conversation, CancellationToken leave)
    {
        _calls = new ToolCalls(
            new RunTools(new Dictionary<string, AIFunction>(_tools), [], []), _services.BuildServiceProvider(), _options, _time,
            _logs.LoggerFor<ToolCalls>());
        return _calls.RunAsync(_task, conversation, leave, _cancel.Token);
    }

    private Task<List<AgentUpdate>> RunAsync(Conversation conversation) => RunAsync(conversation, _leave.Token);

    private async Task<List<AgentUpdate>> RunAsync(Conversation conversation, CancellationToken leave)
    {
        var updates = new List<AgentUpdate>();
        await foreach (var update in Run(conversation, leave))
            updates.Add(update);
        return updates;
    }
}
