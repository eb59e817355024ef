using System.ComponentModel;
using Google.Cloud.AIPlatform.V1;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.FakeVertex;
using ServerlessA2A.GoogleCloud.Gemini.Tools;
using ServerlessA2A.Protocol;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini;

/// <summary>The model calls C# methods, which may tell, ask and fail.</summary>
public sealed class GeminiToolTests : GeminiTest
{
    [Fact]
    public async Task AToolIsCalledWithWhatTheModelSaysAndItsResultIsTold()
    {
        Vertex.Enqueue(ModelTurn.Say("Let me look.").Call("get_weather", new { city = "Rome" }), ModelTurn.Say("Sunny."));

        var task = await AskAsync(NewAgent(services => services.AddAgentTool(
            ([Description("Where.")] string city) => new { city, degrees = 30 }, "get_weather", "The weather of a city.")), "Weather in Rome?");

        Assert.Equal(TaskState.Completed, task.State);
        Assert.Equal("Let me look.\n\nSunny.", TextOf(task));
        var tools = Vertex.Calls[0].Request.Tools.SelectMany(tool => tool.FunctionDeclarations).ToList();
        Assert.Equal(["get_weather", "ask_user"], tools.Select(tool => tool.Name));
        Assert.Equal(("The weather of a city.", "Where.", Google.Cloud.AIPlatform.V1.Type.String), (tools[0].Description, tools[0].Parameters.Properties["city"].Description, tools[0].Parameters.Properties["city"].Type));
        Assert.Equal("""
            user: Weather in Rome?
            model: Let me look. | get_weather({"city":"Rome"})
            user: get_weather={"city":"Rome","degrees":30}
            """, Shown(Vertex.Calls[1].Request));
        Assert.Equal(2, UsageOf(task).GetProperty("calls").GetInt32());
    }

    [Fact]
    public async Task ToolsThatAreCalledTogetherRunTogether()
    {
        var both = new CountdownEvent(2);
        Vertex.Enqueue(ModelTurn.Call("meet", new { name = "a" }).Call("meet", new { name = "b" }), ModelTurn.Say("Done."));

        var task = await AskAsync(NewAgent(services => services.AddAgentTool(
            (string name) =>
            {
                both.Signal();
                Assert.True(both.Wait(Guard.Limit));
                return name;
            },
            "meet")), "Go");

        Assert.Equal(TaskState.Completed, task.State);
        var results = Vertex.Calls[1].Request.Contents[^1].Parts.Select(part => part.FunctionResponse.Response.Fields["output"].StringValue);
        Assert.Equal(["a", "b"], results.Order());
    }

    [Fact]
    public async Task WhatATooLThrowsIsTheModelsToDealWith()
    {
        Vertex.Enqueue(ModelTurn.Call("fail").Call("nowhere"), ModelTurn.Say("Sorry."));

        var task = await AskAsync(NewAgent(services => services.AddAgentTool(
            string () => throw new InvalidOperationException("The database is closed."), "fail")), "Go");

        Assert.Equal((TaskState.Completed, "Sorry."), (task.State, TextOf(task)));
        var results = Vertex.Calls[1].Request.Contents[^1].Parts.ToDictionary(part => part.FunctionResponse.Name, part => part.FunctionResponse.Response.Fields["error"].StringValue);
        Assert.Equal("The database is closed.", results["fail"]);
        Assert.Equal("There is no tool 'nowhere'; there are fail.", results["nowhere"]);
    }

    [Fact]
    public async Task AToolThatTakesTooLongIsGivenUp()
    {
        Vertex.Enqueue(ModelTurn.Call("hang"), ModelTurn.Say("Sorry."));
        var id = await SendAsync("Go");
        var run = Engine.RunAsync(NewAgent(services => services.AddAgentTool(
            (CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken), "hang"), ("ToolTimeLimit", "00:00:07")), id);

        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(7));
        Time.Advance(TimeSpan.FromSeconds(7));
        await run.WithinLimit("the run ends");

        Assert.Equal("The tool did not end within 7 s.", Vertex.Calls[1].Request.Contents[^1].Parts[0].FunctionResponse.Response.Fields["error"].StringValue);
    }

    [Fact]
    public async Task AToolTellsHowFarItIs()
    {
        Vertex.Enqueue(ModelTurn.Call("work"), ModelTurn.Say("Done."));

        var task = await AskAsync(NewAgent(services => services.AddAgentTool(
            (ToolContext tool) =>
            {
                tool.Report("Half of it.");
                return "ok";
            },
            "work")), "Go");

        var events = await Engine.EventsAsync(task.Id);
        Assert.Contains(events, said => said is StatusChanged { State: TaskState.Working, Message.Parts: [{ Text: "Half of it." }] });
    }

    [Fact]
    public async Task TheModelAsksTheClientBackAndGoesOnWithTheAnswer()
    {
        Vertex.Enqueue(ModelTurn.Call("ask_user", new { question = "Which city?" }), ModelTurn.Say("Sunny in Rome."));
        var agent = NewAgent();

        var asked = await AskAsync(agent, "Weather?");
        var done = await AskAsync(NewAgent(), "Rome", asked.Id);

        Assert.Equal((TaskState.InputRequired, "Which city?"), (asked.State, Said(asked)));
        Assert.Equal(1, UsageOf(asked).GetProperty("calls").GetInt32());
        Assert.Equal(TaskState.Completed, done.State);
        Assert.Equal("""
            user: Weather?
            model: ask_user({"question":"Which city?"})
            user: ask_user={"answer":"Rome"}
            """, Shown(Vertex.Calls[1].Request));
        Assert.Equal("Sunny in Rome.", TextOf(done, "answer-2"));
        Assert.Equal(2, UsageOf(done).GetProperty("calls").GetInt32());
    }

    [Fact]
    public async Task AFileThatComesWithTheAnswerIsSeenToo()
    {
        Vertex.Enqueue(ModelTurn.Call("ask_user", new { question = "Which one?" }), ModelTurn.Say("I see."));
        var asked = await AskAsync(NewAgent(), "Look");

        await AskAsync(NewAgent(), [Protocol.Part.FromText("This"), Protocol.Part.FromBytes(new byte[] { 1 }, "image/png")], asked.Id);

        Assert.EndsWith("user: ask_user={\"answer\":\"This\"}\nuser: [image/png 1]", Shown(Vertex.Calls[1].Request));
    }

    [Fact]
    public async Task AToolAsksTheClientAndIsCalledAgainWithTheAnswer()
    {
        var answers = new List<(string CallId, string? Answer)>();
        Vertex.Enqueue(ModelTurn.Call("pay", new { sum = 3 }), ModelTurn.Say("Paid."));
        void Add(IServiceCollection services) => services.AddAgentTool(
            (int sum, ToolContext tool) =>
            {
                answers.Add((tool.CallId, tool.Answer));
                return tool.Answer is null ? throw tool.Ask($"Pay {sum} from which account?") : $"Paid {sum} from {tool.Answer}.";
            },
            "pay");

        var asked = await AskAsync(NewAgent(Add), "Pay");
        var done = await AskAsync(NewAgent(Add), "Savings", asked.Id);

        Assert.Equal((TaskState.InputRequired, "Pay 3 from which account?"), (asked.State, Said(asked)));
        Assert.Equal(TaskState.Completed, done.State);
        Assert.Equal([null, "Savings"], answers.Select(answer => answer.Answer));
        Assert.Single(answers.Select(answer => answer.CallId).Distinct());
        Assert.Equal("user: Pay\nmodel: pay({\"sum\":3})\nuser: pay={\"output\":\"Paid 3 from Savings.\"}", Shown(Vertex.Calls[1].Request));
    }

    [Fact]
    public async Task AToolThatNeedsAnAuthorizationIsCalledAgainWhenItIsThere()
    {
        var calls = 0;
        Vertex.Enqueue(ModelTurn.Call("read_mail").Call("note"), ModelTurn.Say("No mail."));
        var notes = 0;
        void Add(IServiceCollection services) => services
            .AddAgentTool((ToolContext tool) => calls++ == 0 ? throw tool.RequireAuthorization("Sign in at https://example.com.") : "none", "read_mail")
            .AddAgentTool(() => ++notes, "note");

        var asked = await AskAsync(NewAgent(Add), "Mail?");
        var done = await AskAsync(NewAgent(Add), "Done", asked.Id);

        Assert.Equal((TaskState.AuthRequired, "Sign in at https://example.com."), (asked.State, Said(asked)));
        Assert.Equal((TaskState.Completed, "No mail."), (done.State, TextOf(done, "answer-2")));
        Assert.Equal((2, 1), (calls, notes));
        Assert.EndsWith("user: note={\"output\":1} | read_mail={\"output\":\"none\"}", Shown(Vertex.Calls[1].Request));
    }

    [Fact]
    public async Task AModelThatCallsToolsForEverFailsTheTask()
    {
        Vertex.Answer = _ => ModelTurn.Call("again");

        var task = await AskAsync(NewAgent(services => services.AddAgentTool(() => "more", "again"), ("MaxTurns", "4")), "Go");

        Assert.Equal((TaskState.Failed, "The model did not come to an end within 4 turns, the limit set by A2A:Gemini:MaxTurns (A2A__Gemini__MaxTurns)."), (task.State, Said(task)));
        Assert.Equal(4, Vertex.Calls.Count);
        Assert.Equal(4, UsageOf(task).GetProperty("calls").GetInt32());
    }

    [Fact]
    public async Task WhatTheModelHasThoughtBeforeACallComesBackSealedWithTheCall()
    {
        Vertex.Enqueue(ModelTurn.Call("note").WithSignature([1, 2, 3]), ModelTurn.Say("Done."));

        await AskAsync(NewAgent(services => services.AddAgentTool(() => "ok", "note")), "Go");

        var call = Vertex.Calls[1].Request.Contents[1].Parts[0];
        var (_, signature) = Assert.Single(GoogleCloud.Gemini.Chat.NumberedFields.Read(call, 11));
        Assert.Equal([1, 2, 3], ((Google.Protobuf.ByteString)signature).ToByteArray());
    }

    [Fact]
    public async Task AMalformedCallIsAskedForAgain()
    {
        Vertex.Enqueue(
            ModelTurn.Raw(new GenerateContentResponse { Candidates = { new Candidate { FinishReason = Candidate.Types.FinishReason.MalformedFunctionCall } } }),
            ModelTurn.Say("Done."));

        Assert.Equal("Done.", TextOf(await AskAsync(NewAgent(), "Go")));
    }

    [Fact]
    public async Task ToolsThatAreSwitchedOffAreNotOffered()
    {
        Vertex.Answer = _ => ModelTurn.Say("Ok.");
        static void Add(IServiceCollection services) => services.AddAgentTool(() => 1, "one").AddAgentTool(() => 2, "two");

        await AskAsync(NewAgent(Add, ("DisabledTools:0", "one")), "Go");
        await AskAsync(NewAgent(Add, ("Tools", "false"), ("AskUser", "false")), "Go");

        Assert.Equal(["two", "ask_user"], Vertex.Calls[0].Request.Tools.SelectMany(tool => tool.FunctionDeclarations).Select(tool => tool.Name));
        Assert.Empty(Vertex.Calls[1].Request.Tools);
    }
}
