using System.ComponentModel;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Chat.Tests.Scripted;
using ServerlessA2A.Chat.Tools;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Chat.Tests;

/// <summary>The model calls C# methods, which may tell, ask and fail.</summary>
public sealed class ChatToolTests : ChatAgentTest
{
    [Fact]
    public async Task AToolIsCalledWithWhatTheModelSaysAndItsResultIsTold()
    {
        Model.Enqueue(ModelTurn.Say("Let me look.").Call("get_weather", new { city = "Rome" }), ModelTurn.Say("Sunny."));

        var task = await AskAsync(NewAgent(services => services.AddAgentTool(
            ([Description("Where.")] string city) =>
            new { city, degrees = 30 }, "get_weather", "The weather of a city.")), "Weather in Rome?");

        Assert.Equal(TaskState.Completed, task.State);
        Assert.Equal("Let me look.\n\nSunny.", TextOf(task));
        var tools = Model.Calls[0].Options.Tools!.Cast<AIFunctionDeclaration>().ToList();
        Assert.Equal(["get_weather", "ask_user"], tools.Select(tool => tool.Name));
        Assert.Equal("The weather of a city.", tools[0].Description);
        Assert.Equal("""{"type":"object","properties":{"city":{"description":"Where.","type":"string"}},"required":["city"]}""", tools[0].JsonSchema.GetRawText());
        // The agent makes the calls: a client with its own function invocation must not.
        Assert.DoesNotContain(tools, tool => tool is AIFunction);
        Assert.Equal("""
            user: Weather in Rome?
            model: Let me look. | get_weather({"city":"Rome"})
            user: get_weather={"city":"Rome","degrees":30}
            """, Shown(Model.Calls[1]));
        Assert.Equal(2, UsageOf(task).GetProperty("calls").GetInt32());
    }

    [Fact]
    public async Task ToolsThatAreCalledTogetherRunTogether()
    {
        var both = new CountdownEvent(2);
        Model.Enqueue(ModelTurn.Call("meet", new { name = "a" }).Call("meet", new { name = "b" }), ModelTurn.Say("Done."));

        var task = await AskAsync(NewAgent(services => services.AddAgentTool(
            (string name) =>
            {
                both.Signal();
                Assert.True(both.Wait(Guard.Limit));
                return name;
            },
            "meet")), "Go");

        Assert.Equal(TaskState.Completed, task.State);
        Assert.EndsWith("user: meet=\"a\" | meet=\"b\"", Shown(Model.Calls[1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatATooLThrowsIsTheModelsToDealWith()
    {
        Model.Enqueue(ModelTurn.Call("fail").Call("nowhere"), ModelTurn.Say("Sorry."));

        var task = await AskAsync(NewAgent(services => services.AddAgentTool(
            string () => throw new InvalidOperationException("The database is closed."), "fail")), "Go");

        Assert.Equal((TaskState.Completed, "Sorry."), (task.State, TextOf(task)));
        Assert.EndsWith(
            """user: fail={"error":"The database is closed."} | nowhere={"error":"There is no tool 'nowhere'; there are fail."}""",
            Shown(Model.Calls[1]).Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AToolThatTakesTooLongIsGivenUp()
    {
        Model.Enqueue(ModelTurn.Call("hang"), ModelTurn.Say("Sorry."));
        var id = await SendAsync("Go");
        var run = Engine.RunAsync(NewAgent(services => services.AddAgentTool(
            (CancellationToken cancellationToken) =>
            Task.Delay(Timeout.Infinite, cancellationToken), "hang"), ("ToolTimeLimit", "00:00:07")), id);

        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(7));
        Time.Advance(TimeSpan.FromSeconds(7));
        await run.WithinLimit("the run ends");

        Assert.EndsWith("""hang={"error":"The tool did not end within 7 s."}""", Shown(Model.Calls[1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AToolTellsHowFarItIs()
    {
        Model.Enqueue(ModelTurn.Call("work"), ModelTurn.Say("Done."));

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
        Model.Enqueue(ModelTurn.Call("ask_user", new { question = "Which city?" }), ModelTurn.Say("Sunny in Rome."));
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
            """, Shown(Model.Calls[1]));
        Assert.Equal("Sunny in Rome.", TextOf(done, "answer-2"));
        Assert.Equal(2, UsageOf(done).GetProperty("calls").GetInt32());
    }

    [Fact]
    public async Task AFileThatComesWithTheAnswerIsSeenToo()
    {
        Model.Enqueue(ModelTurn.Call("ask_user", new { question = "Which one?" }), ModelTurn.Say("I see."));
        var asked = await AskAsync(NewAgent(), "Look");

        await AskAsync(
            NewAgent(), [Protocol.Messages.Part.FromText("This"), Protocol.Messages.Part.FromBytes(new byte[] { 1 }, "image/png")],
            asked.Id);

        Assert.EndsWith("user: ask_user={\"answer\":\"This\"}\nuser: [image/png 1]", Shown(Model.Calls[1]));
    }

    [Fact]
    public async Task AToolAsksTheClientAndIsCalledAgainWithTheAnswer()
    {
        var answers = new List<(string CallId, string? Answer)>();
        Model.Enqueue(ModelTurn.Call("pay", new { sum = 3 }), ModelTurn.Say("Paid."));
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
        Assert.Equal("user: Pay\nmodel: pay({\"sum\":3})\nuser: pay=\"Paid 3 from Savings.\"", Shown(Model.Calls[1]));
    }

    [Fact]
    public async Task AToolThatNeedsAnAuthorizationIsCalledAgainWhenItIsThere()
    {
        var calls = 0;
        Model.Enqueue(ModelTurn.Call("read_mail").Call("note"), ModelTurn.Say("No mail."));
        var notes = 0;
        void Add(IServiceCollection services) => services
            .AddAgentTool(
                (ToolContext tool) =>
                calls++ == 0 ? throw tool.RequireAuthorization("Sign in at https://example.com.") : "none", "read_mail")
            .AddAgentTool(() => ++notes, "note");

        var asked = await AskAsync(NewAgent(Add), "Mail?");
        var done = await AskAsync(NewAgent(Add), "Done", asked.Id);

        Assert.Equal((TaskState.AuthRequired, "Sign in at https://example.com."), (asked.State, Said(asked)));
        Assert.Equal((TaskState.Completed, "No mail."), (done.State, TextOf(done, "answer-2")));
        Assert.Equal((2, 1), (calls, notes));
        Assert.EndsWith("user: read_mail=\"none\" | note=1", Shown(Model.Calls[1]));
    }

    [Fact]
    public async Task AModelThatCallsToolsForEverFailsTheTask()
    {
        Model.Answer = _ => ModelTurn.Call("again");

        var task = await AskAsync(NewAgent(services => services.AddAgentTool(() => "more", "again"), ("MaxTurns", "4")), "Go");

        Assert.Equal(
            (TaskState.Failed, "The model did not finish within 4 turns, the limit set by A2A:Chat:MaxTurns (A2A__Chat__MaxTurns)."),
            (task.State, Said(task)));
        Assert.Equal(4, Model.Calls.Count);
        Assert.Equal(4, UsageOf(task).GetProperty("calls").GetInt32());
    }

    [Fact]
    public async Task ResultsAreInTheOrderOfTheirCallsHoweverTheToolsEnd()
    {
        var second = new TaskCompletionSource();
        Model.Enqueue(ModelTurn.Call("turn", new { name = "a" }, "id-a").Call("turn", new { name = "b" }, "id-b"), ModelTurn.Say("Done."));

        await AskAsync(NewAgent(services => services.AddAgentTool(
            async (string name) =>
            {
                if (name == "b")
                    second.SetResult();
                else
                    await second.Task.WithinLimit("the second tool has ended");
                return name;
            },
            "turn")), "Go");

        Assert.Equal(["id-a:a", "id-b:b"], ResultsOf(Model.Calls[1]));
    }

    [Fact]
    public async Task ResultsKeepTheirOrderAndIdsOverQuestionsAndInstances()
    {
        Model.Enqueue(
            ModelTurn.Call("pay", new { sum = 1 }, "x").Call("pay", new { sum = 2 }, "y").Call("ask_user", new { question = "Sure?" }, "z")
            .Call("note", id: "w"),
            // A model may give the same id again.
            ModelTurn.Call("note", id: "x"),
            ModelTurn.Say("Paid."));
        static void Add(IServiceCollection services) => services
            .AddAgentTool(
                (int sum, ToolContext tool) => sum == 1 && tool.Answer is null ? throw tool.Ask("From where?") : $"Paid {sum}.", "pay")
            .AddAgentTool(() => "noted", "note");

        var asked = await AskAsync(NewAgent(Add), "Pay");
        var done = await AskAsync(NewAgent(Add), "Savings", asked.Id);

        Assert.Equal(TaskState.Completed, done.State);
        Assert.Equal(["x:Paid 1.", "y:Paid 2.", """z:{"answer":"Savings"}""", "w:noted"], ResultsOf(Model.Calls[1]));
        Assert.Equal(["x-2:noted"], ResultsOf(Model.Calls[2]));
    }

    [Fact]
    public async Task ACallThatMayBeCutIsNotMadeButAskedForAgain() =>
        Assert.Contains(
            "limit of tokens", await AskAgainAsync(ModelTurn.Say("I pay.").Call("pay", new { sum = 1 }).Finish(ChatFinishReason.Length)),
            StringComparison.Ordinal);

    [Fact]
    public async Task ACallWhoseArgumentsCanNotBeReadIsNotMadeButAskedForAgain() =>
        Assert.Contains(
            "(tool_calls: the arguments of pay are not a JSON object)", await AskAgainAsync(ModelTurn.Say("I pay.").GarbledCall("pay")),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("pay", "sum", """{"half of \ud83d":1}""")]
    [InlineData("pay", "sum", "\"half of \\ud83d\"")]
    [InlineData("ask_user", "question", "\"half of \\ud83d\"")]
    public async Task ACallWhoseArgumentsAreNoUnicodeIsNotMadeButAskedForAgain(string tool, string name, string value) =>
        Assert.Contains(
            $"(tool_calls: the arguments of {tool} are not valid Unicode)",
            await AskAgainAsync(ModelTurn.Say("I pay.").Give(() => new FunctionCallContent(
                "c1", tool, new Dictionary<string, object?> { [name] = Properties.Parse(value) }))),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ACallThatTheClientOrTheProviderHasMadeIsNotMadeAgain(bool hasResult)
    {
        var paid = 0;
        var call = new FunctionCallContent("c1", "pay") { InformationalOnly = !hasResult };
        Model.Enqueue(ModelTurn.Empty
            .Give(() => call)
            .Give(() => hasResult ? new FunctionResultContent("c1", "Paid 1.") : new UsageContent(new()))
            .Say("Paid.").Finish(ChatFinishReason.Stop));

        var task = await AskAsync(NewAgent(services => services.AddAgentTool(() => ++paid, "pay")), "Pay");

        Assert.Equal((TaskState.Completed, "Paid."), (task.State, TextOf(task)));
        Assert.Equal((0, 1), (paid, Model.Calls.Count));
    }

    [Theory]
    [InlineData("stop", "stop: the arguments of pay are not a JSON object")]
    [InlineData("cut", "The model ended without an answer: the arguments of pay are not a JSON object")]
    public async Task ATaskWhoseModelEndsWithAnInvalidCallNamesIt(string reason, string told)
    {
        Model.Answer = _ => ModelTurn.GarbledCall("pay").Finish(new ChatFinishReason(reason));

        var task = await AskAsync(NewAgent(services => services.AddAgentTool(() => 1, "pay")), "Pay");

        Assert.Equal((TaskState.Failed, 3), (task.State, Model.Calls.Count));
        Assert.EndsWith(told, Said(task), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 3, "tool_calls: the arguments of pay are not a JSON object")]
    [InlineData("length", 3, "A2A:Chat:MaxOutputTokens (A2A__Chat__MaxOutputTokens)")]
    [InlineData("tired", 1, "tired")]
    [InlineData("content_filter", 1, "content_filter")]
    public async Task ATaskFailsWhoseModelMakesNoBetterCall(string reason, int turns, string told)
    {
        var calls = 0;
        Model.Answer = _ => reason.Length == 0 ? ModelTurn.GarbledCall("pay") : ModelTurn.Call("pay").Finish(new ChatFinishReason(reason));

        var task = await AskAsync(NewAgent(services => services.AddAgentTool(() => ++calls, "pay")), "Pay");

        Assert.Equal((TaskState.Failed, 0, turns), (task.State, calls, Model.Calls.Count));
        Assert.Contains(told, Said(task), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnIntegerOf64BitsArrivesWithAllItsDigits()
    {
        const long Id = 1750000000000000001;
        var ids = new List<long>();
        Model.Enqueue(
            ModelTurn.Call("find", new { id = $"{Id}", others = new[] { $"{Id}" } })
            .Call("find", new { id = 7, others = Array.Empty<string>() }), ModelTurn.Say("Done."));

        await AskAsync(NewAgent(services => services.AddAgentTool(
            (long id, IReadOnlyList<long?> others) =>
            {
                lock (ids)
                    ids.AddRange([id, .. others.OfType<long>()]);
                return id;
            },
            "find")), "Go");

        Assert.Equal([7, Id, Id], ids.Order());
        Assert.EndsWith($"user: find={Id} | find=7", Shown(Model.Calls[1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnIntegerThatHasLostDigitsIsRefusedAndGivenAgain()
    {
        var ids = new List<long>();
        Model.Enqueue(
            ModelTurn.Call("find", new { id = 1.75e18 }), ModelTurn.Call("find", new { id = "1750000000000000001" }),
            ModelTurn.Say("Done."));

        await AskAsync(NewAgent(services => services.AddAgentTool((long id) => ids.Add(id), "find")), "Go");

        Assert.Equal([1750000000000000001], ids);
        Assert.EndsWith(
            """find={"error":"id is 1.75E+18, a number too large to arrive with all its digits. Give it as a string of decimal digits."}""",
            Shown(Model.Calls[1]).Replace("\\u002B", "+", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ToolsThatAreSwitchedOffAreNotOffered()
    {
        Model.Answer = _ => ModelTurn.Say("Ok.");
        static void Add(IServiceCollection services) => services.AddAgentTool(() => 1, "one").AddAgentTool(() => 2, "two");

        await AskAsync(NewAgent(Add, ("DisabledTools:0", "one")), "Go");
        await AskAsync(NewAgent(Add, ("Tools", "false"), ("AskUser", "false")), "Go");

        Assert.Equal(["two", "ask_user"], Model.Calls[0].Options.Tools!.Select(tool => tool.Name));
        Assert.Null(Model.Calls[1].Options.Tools);
    }

    /// <summary>What the model is told after a turn whose call of the tool <c>pay</c> was not made; then it makes a better one.</summary>
    private async Task<string> AskAgainAsync(ScriptedTurn garbled)
    {
        var calls = new List<int>();
        Model.Enqueue(garbled, ModelTurn.Call("pay", new { sum = 1000 }), ModelTurn.Say("Paid."));

        var task = await AskAsync(NewAgent(services => services.AddAgentTool((int sum) => calls.Add(sum), "pay")), "Pay");

        Assert.Equal((TaskState.Completed, "I pay.\n\nPaid."), (task.State, TextOf(task)));
        Assert.Equal([1000], calls);
        Assert.StartsWith("user: Pay\nmodel: I pay.\nuser: Your last ", Shown(Model.Calls[1]), StringComparison.Ordinal);
        return Shown(Model.Calls[1]);
    }

    /// <summary>The results of a call's last message: the id of each, and what it says.</summary>
    private static IEnumerable<string> ResultsOf(ModelCall call) => call.Messages.Last(message => message.Role == ChatRole.Tool).Contents
        .Cast<FunctionResultContent>().Select(result => $"{result.CallId}:{result.Result}");
}
