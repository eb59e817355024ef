using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.InMemory;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tasks.Operations;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Tasks.Callbacks;

/// <summary>A callback continues its task once, whatever the task does meanwhile.</summary>
public class CallbackReceptionTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<AgentCallback> _created = [];

    [Fact]
    public async Task ACallbackContinuesTheTaskForTheSenderOfItsMessage()
    {
        var engine = TestEngine.InMemory(_time);
        var agent = Authorizing();
        var claims = Properties.Parse("""{"sub":"alice"}""");
        var call = TestEngine.Call() with { Sender = new Sender("oidc") { Claims = claims } };
        var request = TestEngine.Request("hello") with
        {
            Metadata = Properties.Parse(
                $$"""{"serverlessa2a.deadline":"{{_time.GetUtcNow().AddMinutes(1):O}}","serverlessa2a.skill":"chat"}"""),
        };
        var task = await engine.Lifecycle.SendTaskAsync(call, request, CancellationToken.None);
        await engine.RunAsync(agent, task.Id);
        Assert.Equal(TaskState.AuthRequired, (await engine.ReadAsync(task.Id)).State);
        _time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(CallbackOutcome.Accepted, await ReceiveAsync(engine, ("code", "c-1"), ("iss", "https://provider.example.com")));
        await engine.RunAsync(agent, task.Id);

        var done = await engine.ReadAsync(task.Id);
        Assert.Equal((TaskState.Completed, "c-1"), (done.State, done.Task.Status.Message!.Parts[0].Text));
        var context = agent.Seen!;
        Assert.Equal(("oidc", "alice", "alice"), (context.Caller.Scheme, context.Caller.Name, context.Caller.FindClaim("sub")));
        Assert.Equal(["chat"], context.AllowedSkills);
        Assert.Null(context.Deadline);
        Assert.True(context.IsContinuation);
        var callback = context.Callback!;
        Assert.Equal((_created[0].Id, _created[0].RedirectUri, ""), (callback.Id, callback.RedirectUri, callback.Subject));
        Assert.Equal(("c-1", "https://provider.example.com", null), (callback["code"], callback["iss"], callback["error"]));
        Assert.Equal(callback.Id, $"{callback}");
        Assert.Equal("application/json", context.Message.Parts[0].MediaType);
    }

    /// <summary>JSON allows it, so the client's metadata is stored like that.</summary>
    [Fact]
    public async Task ACallbackContinuesATaskWhoseMetadataHasANameTwice()
    {
        var engine = TestEngine.InMemory(_time);
        var request = TestEngine.Request("hello") with
        {
            Metadata = JsonElement.Parse($$"""{"a":1,"serverlessa2a.deadline":"{{_time.GetUtcNow().AddMinutes(1):O}}","a":2}"""),
        };
        var task = await engine.Lifecycle.SendTaskAsync(TestEngine.Call(), request, CancellationToken.None);
        await engine.RunAsync(Authorizing(), task.Id);

        Assert.Equal(CallbackOutcome.Accepted, await ReceiveAsync(engine, ("code", "c-1")));

        Assert.Equal("""{"a":1,"a":2}""", (await engine.ReadAsync(task.Id)).RequestMetadata?.GetRawText());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ARepeatedCallIsAcceptedAndChangesNothingAndOtherParametersAreNot(bool detectDuplicates)
    {
        var engine = TestEngine.InMemory(_time, new TaskOptions { DetectDuplicates = detectDuplicates });
        var agent = Authorizing();
        var task = await engine.RunNewAsync(agent);

        Assert.Equal(CallbackOutcome.Accepted, await ReceiveAsync(engine, ("code", "c-1"), ("iss", "i")));
        var seq = (await engine.ReadAsync(task.Id)).Seq;
        Assert.Equal(CallbackOutcome.Accepted, await ReceiveAsync(engine, ("iss", "i"), ("code", "c-1")));
        Assert.Equal(CallbackOutcome.Used, await ReceiveAsync(engine, ("code", "c-2"), ("iss", "i")));
        Assert.Equal(seq, (await engine.ReadAsync(task.Id)).Seq);
        await engine.RunAsync(agent, task.Id);

        // Reloading the page of an accepted callback shows the same page.
        Assert.Equal(CallbackOutcome.Accepted, await ReceiveAsync(engine, ("code", "c-1"), ("iss", "i")));
        Assert.Equal(CallbackOutcome.Used, await ReceiveAsync(engine, ("code", "c-3")));
        Assert.Equal((TaskState.Completed, 2), ((await engine.ReadAsync(task.Id)).State, agent.Runs));
    }

    [Fact]
    public async Task AnExpiredCallbackChangesNothing()
    {
        var engine = TestEngine.InMemory(_time);
        var task = await engine.RunNewAsync(Authorizing());
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(CallbackOutcome.Expired, await ReceiveAsync(engine, ("code", "c-1")));

        Assert.Equal(TaskState.AuthRequired, (await engine.ReadAsync(task.Id)).State);
    }

    [Fact]
    public async Task ATaskThatHasEndedOrIsGoneTakesNoCallback()
    {
        var engine = TestEngine.InMemory(_time, new TaskOptions { Retention = TimeSpan.FromMinutes(30) });
        var task = await engine.RunNewAsync(Authorizing());
        await engine.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = task.Id }, CancellationToken.None);

        Assert.Equal(CallbackOutcome.Ended, await ReceiveAsync(engine, ("code", "c-1")));
        var later = engine.CallbackStates.Create("never-was", "", null);
        Assert.Equal(
            CallbackOutcome.Ended,
            await engine.CallbackReception.ReceiveAsync(later.State, later.Text, new Dictionary<string, string>(), CancellationToken.None));
    }

    [Fact]
    public async Task AWorkingAgentIsOfferedTheCallback()
    {
        var engine = TestEngine.InMemory(_time);
        var task = await engine.SendAsync("hello");
        var agent = new ScriptedAgent(WaitAsync);
        var run = engine.RunAsync(agent, task.Id);
        await engine.WaitForAsync(task.Id, each => each is StatusChanged { Message: not null });

        Assert.Equal(CallbackOutcome.Accepted, await ReceiveAsync(engine, ("code", "c-1")));
        await run.WithinLimit("the run ends");

        var done = await engine.ReadAsync(task.Id);
        Assert.Equal((TaskState.Completed, "c-1", 1), (done.State, done.Task.Status.Message!.Parts[0].Text, agent.Runs));
    }

    [Fact]
    public async Task ACallbackThatCrossesTheRequestIsNotLost()
    {
        var engine = TestEngine.InMemory(_time);
        var agent = new ScriptedAgent((context, _) => CrossAsync(context));
        var task = await engine.SendAsync("hello");

        await engine.RunAsync(agent, task.Id).WithinLimit("the first run ends");
        Assert.Equal(TaskState.Working, (await engine.ReadAsync(task.Id)).State);
        await engine.RunAsync(agent, task.Id).WithinLimit("the second run ends");

        var done = await engine.ReadAsync(task.Id);
        Assert.Equal((TaskState.Completed, "early", 2), (done.State, done.Task.Status.Message!.Parts[0].Text, agent.Runs));

        async IAsyncEnumerable<AgentUpdate> CrossAsync(AgentContext context)
        {
            if (context.Callback is { } callback)
            {
                yield return AgentUpdate.Complete(callback["code"]!);
                yield break;
            }

            _created.Add(context.CreateCallback());
            Assert.Equal(CallbackOutcome.Accepted, await ReceiveAsync(engine, ("code", "early")));
            yield return AgentUpdate.RequireAuthorization("Sign in.");
        }
    }

    [Fact]
    public async Task OfTwoCallsAtOnceOneIsAccepted()
    {
        TestEngine? other = null;
        CallbackOutcome? first = null;
        var memory = new InMemoryTaskStore(_time, Options.Create(new InMemoryOptions()));
        var store = new InterveningStore(memory, async entry =>
        {
            if (first is not null || !entry.Events.Any(each => each is MessageReceived { Message.Metadata: not null }))
                return;
            first = CallbackOutcome.Ended;
            first = await ReceiveAsync(other!, ("code", "quick"));
        });
        var keys = new SecurityOptions { EncryptionKeys = { Convert.ToBase64String(new byte[32]) } };
        var engine = new TestEngine(store, new InMemoryTaskQueue(), _time, security: keys);
        other = new TestEngine(memory, new InMemoryTaskQueue(), _time, security: keys);
        var task = await engine.RunNewAsync(Authorizing());

        var second = await ReceiveAsync(engine, ("code", "slow"));

        Assert.Equal((CallbackOutcome.Accepted, CallbackOutcome.Used), (first, second));
        Assert.Equal("quick", (await engine.ReadAsync(task.Id)).Request.Parts[0].Data!.Value.GetProperty("code").GetString());
    }

    [Fact]
    public async Task ACrashAfterTheCallbackWasAcceptedLosesNothing()
    {
        var engine = TestEngine.InMemory(_time);
        var agent = Authorizing();
        var task = await engine.RunNewAsync(agent);
        await ReceiveAsync(engine, ("code", "c-1"));
        // The instance dies before and during the run: what it had queued is lost, and so is its lease.
        var crashing = new ScriptedAgent((context, _) =>
        {
            Assert.NotNull(context.Callback);
            throw new AgentException("The network is down.") { IsTransient = true };
        });
        await Assert.ThrowsAsync<AgentException>(() => engine.RunAsync(crashing, task.Id));
        _time.Advance(TimeSpan.FromMinutes(5));
        await engine.Sweeper.SweepAsync(CancellationToken.None);

        await engine.RunAsync(agent, task.Id);

        Assert.Equal("c-1", (await engine.ReadAsync(task.Id)).Task.Status.Message!.Parts[0].Text);
        Assert.Equal(crashing.Seen!.Callback!.CodeVerifier, agent.Seen!.Callback!.CodeVerifier);
    }

    [Fact]
    public async Task AClientCannotSendACallback()
    {
        var engine = TestEngine.InMemory(_time);
        var task = await engine.RunNewAsync(Authorizing());
        var request = TestEngine.Request("hello", task.Id);
        var forged = request with
        {
            Message = request.Message with
            {
                Metadata = JsonSerializer.SerializeToElement(
                    new Dictionary<string, string> { ["serverlessa2a.callback"] = _created[0].State }),
            },
        };

        var rejected = await Assert.ThrowsAsync<A2AException>(
            () => engine.Lifecycle.SendAsync(TestEngine.Call(), forged, CancellationToken.None));

        Assert.Equal(A2AError.InvalidParams, rejected.Error);
        Assert.Contains("serverlessa2a.callback", rejected.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMessageOfTheClientIsNoCallback()
    {
        var engine = TestEngine.InMemory(_time);
        var agent = Authorizing();
        var task = await engine.RunNewAsync(agent);

        await engine.SendAsync("I have signed in", task.Id);
        await engine.RunAsync(agent, task.Id);

        Assert.Null(agent.Seen!.Callback);
        // Both links are valid: each is for one call.
        Assert.Equal((TaskState.AuthRequired, 2), ((await engine.ReadAsync(task.Id)).State, _created.Count));
        Assert.Equal(CallbackOutcome.Accepted, await ReceiveAsync(engine, ("code", "c-1")));
    }

    private ScriptedAgent Authorizing() => new((context, _) => AuthorizeAsync(context));

    private async IAsyncEnumerable<AgentUpdate> AuthorizeAsync(AgentContext context)
    {
        await Task.CompletedTask;
        if (context.Callback is { } callback)
        {
            yield return AgentUpdate.Complete(callback["code"] ?? $"refused: {callback["error"]}");
            yield break;
        }

        _created.Add(context.CreateCallback());
        yield return AgentUpdate.RequireAuthorization($"Sign in and return to {_created[^1].Uri}");
    }

    private async IAsyncEnumerable<AgentUpdate> WaitAsync(
        AgentContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _created.Add(context.CreateCallback());
        yield return AgentUpdate.Report("The link is there.");
        var message = await context.NewMessages.ReadAsync(cancellationToken);
        yield return AgentUpdate.Complete(context.CallbackOf(message)!["code"]!);
    }

    private Task<CallbackOutcome> ReceiveAsync(TestEngine engine, params (string Name, string Value)[] values)
    {
        var text = _created[0].State;
        Assert.True(engine.CallbackStates.TryRead(text, out var state));
        return engine.CallbackReception.ReceiveAsync(
            state, text, values.ToDictionary(value => value.Name, value => value.Value), CancellationToken.None);
    }
}
