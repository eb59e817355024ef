using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessA2A.Chat.Remote;
using ServerlessA2A.Chat.Tests.Scripted;
using ServerlessA2A.Chat.Tools;
using ServerlessA2A.Client;
using ServerlessA2A.Client.Credentials;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Addresses;

namespace ServerlessA2A.Chat.Tests;

/// <summary>The model calls another agent, which runs on a server of this machine.</summary>
public sealed class RemoteAgentTests : ChatAgentTest
{
    private AgentHost _remote = null!;

    /// <summary>The lease is renewed at other times than those that the tests wait for.</summary>
    public RemoteAgentTests() => Settings.LeaseDuration = TimeSpan.FromSeconds(90);

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _remote = await AgentHost.StartAsync(("Agent:Replies", "true"));
    }

    public override async Task DisposeAsync()
    {
        await _remote.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task TheOtherAgentsResultIsTheTools()
    {
        Model.Enqueue(ModelTurn.Call("other", new { message = "hello" }), ModelTurn.Say("Done."));

        var task = await AskAsync(NewAgent(AddOther), "Go");

        Assert.Equal((TaskState.Completed, "Done."), (task.State, TextOf(task)));
        Assert.EndsWith("user: other=\"hello\"", Shown(Model.Calls[1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ItsMessageIsTheToolsResultAndItsFailureAnError()
    {
        Model.Enqueue(
            ModelTurn.Call("other", new { message = "reply:hi" }, id: "a").Call("other", new { message = "fail:broken" }, id: "b"),
            ModelTurn.Say("Done."));

        await AskAsync(NewAgent(AddOther), "Go");

        Assert.Contains("other=\"hi\"", Shown(Model.Calls[1]), StringComparison.Ordinal);
        Assert.Contains("ended with Failed. broken", Shown(Model.Calls[1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ItsFilesAreNamedInTheToolsResultAndFollowIt()
    {
        Model.Enqueue(ModelTurn.Call("other", new { message = "described:hello" }), ModelTurn.Say("Done."));

        await AskAsync(NewAgent(AddOther), "Go");

        Assert.EndsWith(
            "user: other=\"hello\\nhttps://x.example/a\\n(The file without a name of the type image/png, 1 bytes.)\\n\\n" +
            "described:hello\"\nuser: Files in the result of other: | [image/png 1]",
            Shown(Model.Calls[1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARunThatIsLostWaitsForTheSameTaskInTheNextOne()
    {
        Model.Enqueue(ModelTurn.Call("other", new { message = "hold:gate" }), ModelTurn.Say("Done."));
        var id = await SendAsync("Go");
        using var dies = new CancellationTokenSource();
        var lost = Engine.RunAsync(NewAgent(AddOther), id, dies.Token);
        var checkpoints = 0;
        // After the model's turn, and after the other agent's task was saved.
        await Engine.WaitForAsync(id, said => said is CheckpointSaved && ++checkpoints == 2);
        await dies.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lost.WithinLimit("the run ends"));

        var next = Engine.RunAsync(NewAgent(AddOther), id);
        _remote.Agent.Release("gate");
        await next.WithinLimit("the run ends");

        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Completed, "Done."), (task.State, TextOf(task)));
        Assert.Single(await TasksAsync());
    }

    [Fact]
    public async Task ItsQuestionIsAskedAndAnswered()
    {
        Model.Enqueue(ModelTurn.Call("other", new { message = "ask" }), ModelTurn.Say("Done."));

        var asked = await AskAsync(NewAgent(AddOther), "Go");
        var done = await AskAsync(NewAgent(AddOther), "ask", asked.Id);

        Assert.Equal((TaskState.InputRequired, "Which one?"), (asked.State, Said(asked)));
        Assert.Equal(TaskState.Completed, done.State);
        Assert.Equal(TaskState.Completed, Assert.Single(await TasksAsync()).Status.State);
    }

    [Fact]
    public async Task AnAnswerThatAnEarlierVersionHasSentIsNotSentAgain()
    {
        using var network = new AskingHandler();
        using var http = new HttpClient(network);
        var tool = new RemoteAgentTool(new A2AClient(AskingHandler.Card, null, http), "other", "Helps.", Time);
        // The checkpoint of such a version has the answer, but no number of it.
        var context = new ToolContext(
            AgentContexts.Of(AgentContexts.User("m", "Go")), "call", answer: "this one", callback: null, saved: "t\nsent\nslept",
            _ => { }, _ => { });
        var arguments = new AIFunctionArguments(new Dictionary<string, object?> { ["message"] = "hello" })
        {
            Context = new Dictionary<object, object?> { [typeof(ToolContext)] = context },
        };

        await Assert.ThrowsAsync<ToolInterruptionException>(() => tool.InvokeAsync(arguments).AsTask());

        Assert.Contains("GetTask", Assert.Single(network.Bodies), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMessageThatRepliesToTheAnswerIsTheToolsResult()
    {
        using var network = new AskingHandler();
        using var http = new HttpClient(network);
        void Add(IServiceCollection services) =>
            services.AddSingleton<AIFunction>(new RemoteAgentTool(new A2AClient(AskingHandler.Card, null, http), "other", "Helps.", Time));
        Model.Enqueue(ModelTurn.Call("other", new { message = "hello" }), ModelTurn.Say("Done."));

        var asked = await AskAsync(NewAgent(Add), "Go");
        var done = await AskAsync(NewAgent(Add), "this one", asked.Id);

        Assert.Equal((TaskState.InputRequired, "Which one?"), (asked.State, Said(asked)));
        Assert.Equal(TaskState.Completed, done.State);
        Assert.EndsWith("other=\"That one is gone.\"", Shown(Model.Calls[1]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TASK_STATE_COMPLETED", "other=\"All is booked.\"")]
    [InlineData("TASK_STATE_AUTH_REQUIRED", "other={\"error\":\"Too late.\"}")]
    public async Task ItsWorkIsTheToolsResultIfItEndedWhileTheClientWasAsked(string state, string result)
    {
        using var network = new AskingHandler { AsksAs = "TASK_STATE_AUTH_REQUIRED", AnswerEndsAs = state };
        using var http = new HttpClient(network);
        void Add(IServiceCollection services) =>
            services.AddSingleton<AIFunction>(new RemoteAgentTool(new A2AClient(AskingHandler.Card, null, http), "other", "Helps.", Time));
        Model.Enqueue(ModelTurn.Call("other", new { message = "hello" }), ModelTurn.Say("Done."));

        var asked = await AskAsync(NewAgent(Add), "Go");
        var done = await AskAsync(NewAgent(Add), "this one", asked.Id);

        Assert.Equal((TaskState.AuthRequired, TaskState.Completed), (asked.State, done.State));
        Assert.EndsWith(result, Shown(Model.Calls[1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnlyTheAgentThatHasAskedGetsTheAnswer()
    {
        await using var travel = await AgentHost.StartAsync();
        using var asks = new A2AClient(_remote.Address!);
        // The clock that the test advances is only that of the agent that works.
        void Add(IServiceCollection services) => services
            .AddSingleton<AIFunction>(new RemoteAgentTool(asks, "other", "Helps.", TimeProvider.System))
            .AddRemoteAgent(travel.Address!, "travel", "Travels.");
        Model.Enqueue(
            ModelTurn.Call("other", new { message = "ask" }, id: "a").Call("travel", new { message = "hold:gate" }, id: "b"),
            ModelTurn.Say("Done."));
        var id = await SendAsync("Go");
        var run = Engine.RunAsync(NewAgent(Add), id);
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(20));
        Time.Advance(TimeSpan.FromSeconds(20));
        await run.WithinLimit("the run ends");

        var answered = await AskAsync(NewAgent(Add), "ask:1234", id);
        Assert.Equal((TaskState.Working, true), (answered.State, answered.SleepUntil is not null));
        // A message that nobody has asked for is the model's, and the answer is not sent again with it.
        await AskAsync(NewAgent(Add), "Hurry", id);
        travel.Agent.Release("gate");
        using var client = new A2AClient(travel.Address!);
        await client.WaitAsync(Assert.Single(await client.ListTasksAsync().ToListAsync()).Id);
        await WakeAsync(id, Add);

        Assert.Equal(TaskState.Completed, (await Engine.ReadAsync(id)).State);
        Assert.Equal(["ask", "ask:1234"], await SaidToAsync(_remote));
        Assert.Equal(["hold:gate"], await SaidToAsync(travel));
        Assert.EndsWith("user: other=\"ask:1234\" | travel=\"hold:gate\"\nuser: Hurry", Shown(Model.Calls[1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CancelingTheTaskCancelsTheOtherOne()
    {
        Model.Enqueue(ModelTurn.Call("other", new { message = "hold:never" }));
        var id = await SendAsync("Go");
        var run = Engine.RunAsync(NewAgent(AddOther), id);
        var checkpoints = 0;
        await Engine.WaitForAsync(id, said => said is CheckpointSaved && ++checkpoints == 2);
        using var client = new A2AClient(_remote.Address!);
        var other = Assert.Single(await TasksAsync());

        await Engine.Lifecycle.CancelAsync(TestEngine.Call(), new() { Id = id }, CancellationToken.None);

        Assert.Equal(TaskState.Canceled, (await client.WaitAsync(other.Id).WithinLimit("the other task ends")).Status.State);
        await run.WithinLimit("the run ends");
    }

    [Fact]
    public async Task CancelingTheTaskCancelsTheOtherOneWhoseResponseIsStillOnItsWay()
    {
        using var network = new HoldingHandler();
        using var http = new HttpClient(network);
        using var agent = new A2AClient(_remote.Address!, null, http);
        Model.Enqueue(ModelTurn.Call("other", new { message = "hold:never" }));
        var id = await SendAsync("Go");
        var run = Engine.RunAsync(NewAgent(services => services.AddSingleton(Engine.Store).AddSingleton<AIFunction>(
            new RemoteAgentTool(agent, "other", "Helps.", Time) { CancelLimit = Guard.Limit })), id);
        await network.Held.WithinLimit("the other agent has the message");
        using var client = new A2AClient(_remote.Address!);
        var other = Assert.Single(await TasksAsync());

        await Engine.Lifecycle.CancelAsync(TestEngine.Call(), new() { Id = id }, CancellationToken.None);
        await run.WithinLimit("the run ends");
        network.Release();

        Assert.Equal(TaskState.Canceled, (await client.WaitAsync(other.Id).WithinLimit("the other task ends")).Status.State);
    }

    [Fact]
    public async Task ALongTaskOfItIsAwaitedAsleep()
    {
        Model.Enqueue(ModelTurn.Call("other", new { message = "hold:gate" }), ModelTurn.Say("Done."));
        var id = await SleepAsync();
        using var client = new A2AClient(_remote.Address!);
        // It rejects the address of this engine as a webhook, so it has to be asked.
        Assert.Equal(Time.GetUtcNow() + TimeSpan.FromSeconds(10), (await Engine.ReadAsync(id)).SleepUntil);

        await WakeAsync(id);
        Assert.NotNull((await Engine.ReadAsync(id)).SleepUntil);
        _remote.Agent.Release("gate");
        await client.WaitAsync(Assert.Single(await TasksAsync()).Id);
        await WakeAsync(id);

        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Completed, "Done."), (task.State, TextOf(task)));
        Assert.Equal(2, Model.Calls.Count);
        Assert.Single(await TasksAsync());
    }

    [Fact]
    public async Task ALongTaskOfItIsAwaitedAsleepWhileItIsDown()
    {
        using var network = new FaultyHandler();
        using var http = new HttpClient(network);
        using var other = new A2AClient(_remote.Address!, new() { MaxAttempts = 1 }, http);
        void Add(IServiceCollection services) => services.AddSingleton<AIFunction>(new RemoteAgentTool(other, "other", "Helps.", Time));
        Model.Enqueue(ModelTurn.Call("other", new { message = "hold:gate" }), ModelTurn.Say("Done."));
        var id = await SleepAsync(Add);

        network.IsDown = true;
        await WakeAsync(id, Add);
        network.IsDown = false;
        var asleep = await Engine.ReadAsync(id);
        _remote.Agent.Release("gate");
        using var client = new A2AClient(_remote.Address!);
        await client.WaitAsync(Assert.Single(await TasksAsync()).Id);
        await WakeAsync(id, Add);

        Assert.Equal((TaskState.Working, Time.GetUtcNow()), (asleep.State, asleep.SleepUntil));
        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Completed, "Done.", 2), (task.State, TextOf(task), Model.Calls.Count));
        Assert.EndsWith("other=\"hold:gate\"", Shown(Model.Calls[1]), StringComparison.Ordinal);
        Assert.Single(await TasksAsync());
    }

    [Fact]
    public async Task AnAnswerIsSentAgainWhenItIsUpAgain()
    {
        using var network = new FaultyHandler();
        using var http = new HttpClient(network);
        using var other = new A2AClient(_remote.Address!, new() { MaxAttempts = 1 }, http);
        void Add(IServiceCollection services) => services.AddSingleton<AIFunction>(new RemoteAgentTool(other, "other", "Helps.", Time));
        Model.Enqueue(ModelTurn.Call("other", new { message = "ask" }), ModelTurn.Say("Done."));
        var asked = await AskAsync(NewAgent(Add), "Go");

        network.IsDown = true;
        await AskAsync(NewAgent(Add), "ask:1234", asked.Id);
        network.IsDown = false;
        await WakeAsync(asked.Id, Add);

        Assert.Equal(TaskState.Completed, (await Engine.ReadAsync(asked.Id)).State);
        Assert.Equal(["ask", "ask:1234"], await SaidToAsync(_remote));
    }

    [Fact]
    public async Task AFirstMessageWhoseResponseIsLostBeginsOneTask()
    {
        using var network = new FaultyHandler { LosesResponse = true };
        using var http = new HttpClient(network);
        using var other = new A2AClient(_remote.Address!, null, http);
        Model.Enqueue(ModelTurn.Call("other", new { message = "hello" }), ModelTurn.Say("Done."));

        await AskAsync(
            NewAgent(services => services.AddSingleton<AIFunction>(new RemoteAgentTool(other, "other", "Helps.", Time))), "Go");

        Assert.False(network.LosesResponse);
        Assert.EndsWith("other=\"hello\"", Shown(Model.Calls[1]), StringComparison.Ordinal);
        Assert.Single(await TasksAsync());
    }

    [Fact]
    public async Task CancelingATaskThatSleepsCancelsTheOtherOne()
    {
        Model.Enqueue(ModelTurn.Call("other", new { message = "hold:never" }));
        var id = await SleepAsync();

        await Engine.Lifecycle.CancelAsync(TestEngine.Call(), new() { Id = id }, CancellationToken.None);
        await Engine.RunAsync(NewAgent(AddOther), id).WithinLimit("the agent cleans up");

        Assert.Equal(TaskState.Canceled, Assert.Single(await TasksAsync()).Status.State);
    }

    [Fact]
    public async Task CancelingATaskThatAsksForTheOtherOneCancelsThatToo()
    {
        Model.Enqueue(ModelTurn.Call("other", new { message = "ask" }));
        var asked = await AskAsync(NewAgent(AddOther), "Go");

        await Engine.Lifecycle.CancelAsync(TestEngine.Call(), new() { Id = asked.Id }, CancellationToken.None);
        await Engine.RunAsync(NewAgent(AddOther), asked.Id).WithinLimit("the agent cleans up");

        Assert.Equal(TaskState.Canceled, Assert.Single(await TasksAsync()).Status.State);
    }

    [Fact]
    public async Task ALoopOfAgentsEnds()
    {
        Model.Enqueue(ModelTurn.Call("other", new { message = "hello" }), ModelTurn.Say("Done."));
        var request = new SendMessageRequest
        {
            Message = new() { MessageId = "m", Role = Role.User, Parts = [Part.FromText("Go")] },
            Configuration = new() { ReturnImmediately = true },
            Metadata = JsonElement.Parse("""{"serverlessa2a.depth":8}"""),
        };

        var id = (await Engine.Lifecycle.SendTaskAsync(TestEngine.Call(), request, CancellationToken.None)).Id;
        await Engine.RunAsync(NewAgent(AddOther), id).WithinLimit("the run ends");

        Assert.Contains("this looks like a loop", Shown(Model.Calls[1]), StringComparison.Ordinal);
        Assert.Empty(await TasksAsync());
    }

    [Fact]
    public async Task ACardCannotLeadInside()
    {
        await using var decoy = await AgentHost.StartAsync(("Agent:PublicUrl", _remote.Address!.AbsoluteUri));
        Model.Enqueue(ModelTurn.Call("other", new { message = "hello" }), ModelTurn.Say("Done."));

        await AskAsync(
            NewAgent(services => services.AddRemoteAgent(decoy.Address!, "other", "Helps.", options => options.MaxAttempts = 1)), "Go");

        Assert.Contains("other={\"error\":", Shown(Model.Calls[1]), StringComparison.Ordinal);
        Assert.Empty(await TasksAsync());
    }

    /// <summary>The card chooses the header of an API key, which must not look like a request for the program's own credentials.</summary>
    [Fact]
    public async Task AHeaderOfTheMetadataServerLeadsNowhereElse()
    {
        await using var decoy = await AgentHost.StartAsync(("Agent:PublicUrl", _remote.Address!.AbsoluteUri));
        Model.Enqueue(ModelTurn.Call("other", new { message = "hello" }), ModelTurn.Say("Done."));

        await AskAsync(
            NewAgent(services => services.AddRemoteAgent(decoy.Address!, "other", "Helps.", options =>
            {
                options.MaxAttempts = 1;
                options.Credentials.Add(AgentCredential.ApiKey("Google", "Metadata-Flavor"));
            })), "Go");

        Assert.Contains("other={\"error\":", Shown(Model.Calls[1]), StringComparison.Ordinal);
        Assert.Empty(await TasksAsync());
    }

    [Fact]
    public async Task AConnectionIsTheProgramsOwnAndTheMetadataServerIsNotForCards()
    {
        var connections = new RemoteConnections(
            _remote.Address!,
            new GuardedConnections(
                new AddressGuard(Options.Create(new WebhookOptions()), new DnsHostAddresses()), TimeProvider.System));
        using var handler = connections.NewHandler();
        using var http = new HttpMessageInvoker(handler, disposeHandler: false);
        var sockets = Assert.IsType<SocketsHttpHandler>(Assert.IsType<DelegatingHandler>(handler, exactMatch: false).InnerHandler);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://metadata.google.internal/");
        request.Headers.Add("Metadata-Flavor", "Google");

        Assert.False(sockets.UseProxy);
        Assert.True(sockets.EnableMultipleHttp2Connections);
        Assert.Equal(
            (TimeSpan.FromMinutes(6), HttpKeepAlivePingPolicy.WithActiveRequests),
            (sockets.KeepAlivePingDelay, sockets.KeepAlivePingPolicy));
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => http.SendAsync(request, CancellationToken.None));
        Assert.Contains("is that of the metadata server", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A task whose run waits for the other agent until its patience is over.</summary>
    private async Task<string> SleepAsync(Action<IServiceCollection>? add = null)
    {
        var id = await SendAsync("Go");
        var run = Engine.RunAsync(NewAgent(add ?? AddOther), id);
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(20));
        Time.Advance(TimeSpan.FromSeconds(20));
        await run.WithinLimit("the run ends");
        return id;
    }

    /// <summary>Runs the task when its sleep is over.</summary>
    private async Task WakeAsync(string id, Action<IServiceCollection>? add = null)
    {
        Time.Advance(TimeSpan.FromSeconds(10));
        await Engine.RunAsync(NewAgent(add ?? AddOther), id).WithinLimit("the run ends");
    }

    /// <summary>What a remote agent was sent for its only task.</summary>
    private static async Task<List<string?>> SaidToAsync(AgentHost host)
    {
        using var client = new A2AClient(host.Address!);
        var task = await client.GetTaskAsync(Assert.Single(await client.ListTasksAsync().ToListAsync()).Id);
        return [.. task.History!.Where(message => message.Role == Role.User).Select(message => message.Parts[0].Text)];
    }

    /// <summary>The other agent's tasks.</summary>
    private async Task<List<A2ATask>> TasksAsync()
    {
        using var client = new A2AClient(_remote.Address!);
        return await client.ListTasksAsync().ToListAsync();
    }

    private void AddOther(IServiceCollection services) =>
        services.AddSingleton(Engine.Store).AddRemoteAgent(_remote.Address!, "other", "Helps.");

    /// <summary>Answers 503 while the agent is down, and loses the response to one message that the agent has accepted.</summary>
    private sealed class FaultyHandler() : DelegatingHandler(new SocketsHttpHandler())
    {
        public bool IsDown { get; set; }

        public bool LosesResponse { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (IsDown)
                return new(HttpStatusCode.ServiceUnavailable);
            var sent = request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : "";
            var response = await base.SendAsync(request, cancellationToken);
            // The agent rejects the message with the webhook.
            if (!LosesResponse || !sent.Contains("hello", StringComparison.Ordinal) ||
                sent.Contains("taskPushNotification", StringComparison.Ordinal))
                return response;
            LosesResponse = false;
            throw new HttpRequestException("The connection was reset.");
        }
    }

    /// <summary>Holds the response that names the other agent's task.</summary>
    private sealed class HoldingHandler() : DelegatingHandler(new SocketsHttpHandler())
    {
        private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Held => _held.Task;

        public void Release() => _released.TrySetResult();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var sent = request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : "";
            var response = await base.SendAsync(request, cancellationToken);
            // The agent rejects the message with the webhook, and names no task.
            if (!sent.Contains("hold:never", StringComparison.Ordinal) || sent.Contains("taskPushNotification", StringComparison.Ordinal))
                return response;
            _held.TrySetResult();
            await _released.Task.WaitAsync(cancellationToken);
            return response;
        }
    }

    /// <summary>An agent that asks, replies to the answer with a message, and leaves its task as it is.</summary>
    private sealed class AskingHandler : HttpMessageHandler
    {
        public static readonly AgentCard Card = new()
        {
            Name = "other",
            Description = "",
            Version = "1",
            SupportedInterfaces = [new() { Url = "https://a.example.com", ProtocolBinding = "JSONRPC", ProtocolVersion = "1.0" }],
            Capabilities = new(),
            DefaultInputModes = [],
            DefaultOutputModes = [],
            Skills = [],
        };

        public List<string> Bodies { get; } = [];

        /// <summary>The state in which it asks.</summary>
        public string AsksAs { get; init; } = "TASK_STATE_INPUT_REQUIRED";

        /// <summary>If set, it rejects the answer, and its task has this state.</summary>
        public string? AnswerEndsAs { get; init; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsStringAsync(cancellationToken);
            Bodies.Add(body);
            var answered = body.Contains("GetTask", StringComparison.Ordinal)
                    ? $"\"result\":{TaskIn(Bodies.Exists(IsAnswer) ? AnswerEndsAs ?? AsksAs : AsksAs)}"
                : IsAnswer(body) && AnswerEndsAs is not null ? """
                    "error":{"code":-32004,"message":"Too late."}
                    """
                : IsAnswer(body) ? """
                    "result":{"message":{"messageId":"r","role":"ROLE_AGENT","parts":[{"text":"That one is gone."}]}}
                    """
                : $$"""
                    "result":{"task":{{TaskIn(AsksAs)}}}
                    """;
            return new(HttpStatusCode.OK)
            {
                Content = new StringContent($$"""{"jsonrpc":"2.0","id":"1",{{answered}}}""", Encoding.UTF8, "application/json"),
            };
        }

        private static bool IsAnswer(string body) => body.Contains("this one", StringComparison.Ordinal);

        private static string TaskIn(string state) => $$$"""
            {"id":"t","contextId":"c","status":{"state":"{{{state}}}",
            "message":{"messageId":"q","role":"ROLE_AGENT","parts":[{"text":"Which one?"}]}},
            "artifacts":[{"artifactId":"a","parts":[{"text":"All is booked."}]}]}
            """;
    }
}
