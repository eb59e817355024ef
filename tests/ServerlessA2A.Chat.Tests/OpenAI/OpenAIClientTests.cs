using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Tools;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Chat.Tests.OpenAI;

/// <summary>The agent over a second real chat client: that of OpenAI-compatible endpoints.</summary>
public sealed class OpenAIClientTests : ChatAgentTest
{
    private FakeOpenAI _server = null!;
    private Uri _address = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _server = await FakeOpenAI.StartAsync();
        _address = _server.Address;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _server.DisposeAsync();
    }

    protected override IChatClient CreateClient(IServiceProvider services) => new OpenAIClient(
        new ApiKeyCredential("sk-secret"),
        new OpenAIClientOptions { Endpoint = _address, RetryPolicy = new ClientRetryPolicy(0) }).GetChatClient("gpt-test").AsIChatClient();

    [Fact]
    public async Task WhatTheModelSaysIsStreamedAndItsCostIsToldWithTheTask()
    {
        Settings.GatherInterval = TimeSpan.Zero;
        var heard = new TaskCompletionSource();
        _server.Enqueue(async answer =>
        {
            await answer.SayAsync("Hel");
            await heard.Task;
            await answer.SayAsync("lo", " there.");
            await answer.EndAsync(input: 3, output: 12, reasoning: 7);
        });
        var id = await SendAsync("Hi");
        var run = Engine.RunAsync(NewAgent(null, ("Instructions", "Be brief."), ("Temperature", "0.5"), ("StopSequences:0", "END")), id);
        await Engine.WaitForAsync(id, said => said is ArtifactUpdated);
        heard.SetResult();
        await run.WithinLimit("the run ends");

        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Completed, "Hello there."), (task.State, TextOf(task)));
        Assert.Equal("""{"model":"gpt-test-2026","calls":1,"inputTokens":3,"outputTokens":5,"thinkingTokens":7}""", UsageOf(task).GetRawText());
        var request = Assert.Single(_server.Requests);
        Assert.Equal("system: Be brief.\nuser: Hi", Shown(request));
        Assert.Equal(
            ("gpt-test", true, 0.5),
            (request.GetProperty("model").GetString(), request.GetProperty("stream").GetBoolean(), request.GetProperty("temperature")
            .GetDouble()));
    }

    [Fact]
    public async Task ToolsThatAreCalledTogetherAreAnsweredInTheirOrder()
    {
        var second = new TaskCompletionSource();
        _server.Enqueue(async answer =>
        {
            await answer.SayAsync("Let me look.");
            await answer.CallAsync(0, "call_1", "get_weather", """{"city":"Rome"}""");
            await answer.CallAsync(1, "call_2", "get_weather", """{"city":"Oslo"}""");
            await answer.EndAsync("tool_calls");
        });
        EnqueueText("Sunny in Rome.");

        var task = await AskAsync(NewAgent(services => services.AddAgentTool(
            async (string city) =>
            {
                if (city == "Oslo")
                    second.SetResult();
                else
                    await second.Task.WithinLimit("the second tool has ended");
                return new { city, degrees = 30 };
            },
            "get_weather",
            "The weather of a city.")), "Weather?");

        Assert.Equal((TaskState.Completed, "Let me look.\n\nSunny in Rome."), (task.State, TextOf(task)));
        Assert.Equal("""
            user: Weather?
            assistant: Let me look. call_1 get_weather({"city":"Rome"}) call_2 get_weather({"city":"Oslo"})
            tool: call_1={"city":"Rome","degrees":30}
            tool: call_2={"city":"Oslo","degrees":30}
            """, Shown(_server.Requests[1]));
        Assert.Equal(2, UsageOf(task).GetProperty("calls").GetInt32());
        var tools = _server.Requests[0].GetProperty("tools").EnumerateArray()
            .Select(tool => tool.GetProperty("function").GetProperty("name").GetString());
        Assert.Equal(["get_weather", "ask_user"], tools);
    }

    [Fact]
    public async Task QuestionsAreAnsweredOnAnotherInstance()
    {
        static void Add(IServiceCollection services) => services.AddAgentTool(
            (int sum, ToolContext tool) =>
            tool.Answer is null ? throw tool.Ask($"Pay {sum} from where?") : $"Paid from {tool.Answer}.", "pay");
        _server.Enqueue(async answer =>
        {
            await answer.CallAsync(0, "call_1", "pay", """{"sum":3}""");
            await answer.CallAsync(1, "call_2", "ask_user", """{"question":"Sure?"}""");
            await answer.EndAsync("tool_calls");
        });
        EnqueueText("Paid.");

        var asked = await AskAsync(NewAgent(Add), "Pay");
        var done = await AskAsync(NewAgent(Add), "Savings", asked.Id);

        Assert.Equal((TaskState.InputRequired, "Pay 3 from where?\nSure?"), (asked.State, Said(asked)));
        Assert.Equal((TaskState.Completed, "Paid."), (done.State, TextOf(done, "answer-2")));
        Assert.Equal("""
            user: Pay
            assistant: call_1 pay({"sum":3}) call_2 ask_user({"question":"Sure?"})
            tool: call_1=Paid from Savings.
            tool: call_2={"answer":"Savings"}
            """, Shown(_server.Requests[1]));
    }

    [Fact]
    public async Task ARunThatIsLostBetweenTurnsRepeatsNeitherTheModelNorTheTools()
    {
        var steps = 0;
        void Add(IServiceCollection services) => services.AddAgentTool(() => ++steps, "step");
        var called = new TaskCompletionSource();
        _server.Enqueue(async answer =>
        {
            await answer.CallAsync(0, "call_1", "step", "{}");
            await answer.EndAsync("tool_calls");
        });
        _server.Enqueue(async answer =>
        {
            await answer.SayAsync("Do");
            called.SetResult();
            await answer.WaitUntilGoneAsync();
        });
        EnqueueText("Done.");
        var id = await SendAsync("Go");
        using var dies = new CancellationTokenSource();
        var lost = Engine.RunAsync(NewAgent(Add), id, dies.Token);
        await called.Task.WithinLimit("the second turn begins");
        await dies.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lost.WithinLimit("the run ends"));

        await Engine.RunAsync(NewAgent(Add), id).WithinLimit("the next run ends");

        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Completed, "Done.", 1), (task.State, TextOf(task), steps));
        Assert.Equal("user: Go\nassistant: call_1 step({})\ntool: call_1=1", Shown(_server.Requests[2]));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task WhatPassesIsLeftToAnotherRun(int status)
    {
        _server.Enqueue(answer => answer.FailAsync(status, "Busy."));
        EnqueueText("Hello.");
        var id = await SendAsync("Hi");

        var failure = await Assert.ThrowsAsync<AgentException>(() => Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends"));
        await Engine.RunAsync(NewAgent(), id).WithinLimit("the next run ends");

        Assert.Equal((true, $"The model's service responded with the HTTP status {status}."), (failure.IsTransient, failure.Message));
        Assert.Equal("Hello.", TextOf(await Engine.ReadAsync(id)));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    public async Task WhatDoesNotPassFailsTheTaskAndIsLogged(int status)
    {
        _server.Enqueue(answer => answer.FailAsync(status, "Incorrect API key provided: sk-secret."));

        var task = await AskAsync(NewAgent(), "Hi");

        Assert.Equal((TaskState.Failed, $"The model's service responded with the HTTP status {status}."), (task.State, Said(task)));
        Assert.Contains(Logs.Entries, entry => entry.Exception?.Message.Contains("Incorrect API key", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task AServiceThatIsNotThereIsTriedAgainByAnotherRun()
    {
        await _server.DisposeAsync();

        var failure = await Assert.ThrowsAsync<AgentException>(
            async () => await Engine.RunAsync(NewAgent(), await SendAsync("Hi")).WithinLimit("the run ends"));

        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task AnAnswerWhoseConnectionBreaksIsContinuedAndNothingIsSaidTwice()
    {
        var heard = new TaskCompletionSource();
        Settings.GatherInterval = TimeSpan.Zero;
        _server.Enqueue(async answer =>
        {
            await answer.SayAsync("The quick brown fox ");
            await heard.Task;
            answer.Cut();
        });
        EnqueueText("The quick brown ", "fox jumps over ", "the lazy dog.");
        var id = await SendAsync("Go");
        var run = Engine.RunAsync(NewAgent(), id);
        await Engine.WaitForAsync(id, said => said is ArtifactUpdated);
        heard.SetResult();
        await run.WithinLimit("the run ends");

        Assert.Equal("The quick brown fox jumps over the lazy dog.", TextOf(await Engine.ReadAsync(id)));
        Assert.StartsWith(
            "user: Go\nassistant: The quick brown fox \nuser: Your answer above broke off", Shown(_server.Requests[1]),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStreamThatEndsInTheMiddleIsContinued()
    {
        EnqueueText("Hello.");
        _server.Enqueue(answer => answer.SayAsync("One, "));
        EnqueueText("two.");
        var agent = NewAgent();
        await AskAsync(agent, "Hi");

        Assert.Equal("One, two.", TextOf(await AskAsync(agent, "Count")));
    }

    [Fact]
    public async Task ACallThatIsCutIsNotMade()
    {
        var sums = new List<int>();
        EnqueueText("Hello.");
        _server.Enqueue(async answer =>
        {
            await answer.SayAsync("I pay. ");
            await answer.CallAsync(0, "call_1", "pay", """{"sum":1""");
        });
        _server.Enqueue(async answer =>
        {
            await answer.CallAsync(0, "call_2", "pay", """{"sum":1000}""");
            await answer.EndAsync("tool_calls");
        });
        EnqueueText("Paid.");
        var agent = NewAgent(services => services.AddAgentTool((int sum) => sums.Add(sum), "pay"));
        await AskAsync(agent, "Hi");

        await AskAsync(agent, "Pay");

        Assert.Equal([1000], sums);
    }

    [Theory]
    [InlineData("length", """{"sum":1""")]
    [InlineData("length", """{"sum":1}""")]
    [InlineData("tool_calls", """{"sum":1""")]
    public async Task ACallThatMayBeGarbledOrCutIsNotMadeButAskedForAgain(string reason, string arguments)
    {
        var sums = new List<int>();
        _server.Enqueue(async answer =>
        {
            await answer.CallAsync(0, "call_1", "pay", arguments);
            await answer.EndAsync(reason);
        });
        _server.Enqueue(async answer =>
        {
            await answer.CallAsync(0, "call_2", "pay", """{"sum":1000}""");
            await answer.EndAsync("tool_calls");
        });
        EnqueueText("Paid.");

        var task = await AskAsync(NewAgent(services => services.AddAgentTool((int sum) => sums.Add(sum), "pay")), "Pay");

        Assert.Equal((TaskState.Completed, "Paid."), (task.State, TextOf(task)));
        Assert.Equal([1000], sums);
        Assert.Contains("user: Your last ", Shown(_server.Requests[1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARefusalWhichTheClientDropsIsAnEmptyAnswer()
    {
        for (var i = 0; i < 3; i++)
        {
            _server.Enqueue(async answer =>
            {
                await answer.DeltaAsync(new { role = "assistant", refusal = "I can't help with that." });
                await answer.EndAsync();
            });
        }

        var task = await AskAsync(NewAgent(), "How?");

        Assert.Equal((TaskState.Failed, "The model returned an empty answer."), (task.State, Said(task)));
    }

    [Fact]
    public async Task ABlockedAnswerFailsTheTask()
    {
        _server.Enqueue(async answer =>
        {
            await answer.SayAsync("First you ");
            await answer.EndAsync("content_filter");
        });

        var task = await AskAsync(NewAgent(), "How?");

        Assert.Equal((TaskState.Failed, "The answer was blocked: content_filter"), (task.State, Said(task)));
    }

    [Fact]
    public async Task JsonIsAskedForByItsSchema()
    {
        EnqueueText("""{"n":""", "4}");

        var task = await AskAsync(
            NewAgent(null, ("ResponseSchema", """{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}"""), ("AskUser", "false")),
            "How many?", accepted: "application/json");

        Assert.Equal("""{"n":4}""", Assert.Single(Assert.Single(task.Task.Artifacts!).Parts).Data!.Value.GetRawText());
        Assert.Equal("json_schema", _server.Requests[0].GetProperty("response_format").GetProperty("type").GetString());
    }

    [Fact]
    public async Task APictureReachesTheModel()
    {
        EnqueueText("I see.");

        await AskAsync(
            NewAgent(), [Part.FromText("Look"), Part.FromBytes(new byte[] { 1, 2 }, "image/png"),
            Part.FromUri("https://example.com/a.png", "image/png")]);

        var urls = _server.Requests[0].GetProperty("messages")[0].GetProperty("content").EnumerateArray().Skip(1)
            .Select(part => part.GetProperty("image_url").GetProperty("url").GetString());
        Assert.Equal(["data:image/png;base64,AQI=", "https://example.com/a.png"], urls);
    }

    [Fact]
    public async Task ACancelEndsTheCallAtOnce()
    {
        var gone = new TaskCompletionSource();
        Settings.GatherInterval = TimeSpan.Zero;
        _server.Enqueue(async answer =>
        {
            await answer.SayAsync("Once upon a time");
            await answer.WaitUntilGoneAsync();
            gone.SetResult();
        });
        var id = await SendAsync("A tale");
        var run = Engine.RunAsync(NewAgent(), id);
        await Engine.WaitForAsync(id, said => said is ArtifactUpdated);

        await Engine.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = id }, CancellationToken.None);
        await run.WithinLimit("the run ends");

        await gone.Task.WithinLimit("the call is gone");
        Assert.Equal(TaskState.Canceled, (await Engine.ReadAsync(id)).State);
    }

    private void EnqueueText(params string[] chunks) => _server.Enqueue(async answer =>
    {
        await answer.SayAsync(chunks);
        await answer.EndAsync();
    });

    /// <summary>A request's messages, in short: who says what.</summary>
    private static string Shown(JsonElement request) => string.Join('\n', request.GetProperty("messages").EnumerateArray().Select(message =>
    {
        var said = new List<string>();
        if (message.TryGetProperty("content", out var content))
            said.AddRange(
                content.ValueKind == JsonValueKind.Array ? content.EnumerateArray().Select(part => part.GetProperty("text").GetString()!)
                : [content.GetString() ?? ""]);
        if (message.TryGetProperty("tool_calls", out var calls))
        {
            said.AddRange(calls.EnumerateArray().Select(call =>
                $"{call.GetProperty("id").GetString()} {call.GetProperty("function").GetProperty("name").GetString()}" +
                $"({JsonNode.Parse(call.GetProperty("function").GetProperty("arguments").GetString()!)!.ToJsonString()})"));
        }

        var id = message.TryGetProperty("tool_call_id", out var answers) ? $"{answers.GetString()}=" : "";
        if (id.Length > 0 && said[0].StartsWith('{'))
            said[0] = JsonNode.Parse(said[0])!.ToJsonString();
        return $"{message.GetProperty("role").GetString()}: {id}{string.Join(' ', said.Where(text => text.Length > 0))}";
    }));
}
