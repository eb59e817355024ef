using System.ComponentModel;
using Google.Cloud.AIPlatform.V1;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Chat.Tools;
using ServerlessA2A.FakeVertex;
using ServerlessA2A.Protocol.Tasks;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini;

/// <summary>The model calls C# methods, which may tell, ask and fail.</summary>
public sealed class GeminiToolTests : GeminiTest
{
    [Fact]
    public async Task AToolIsCalledWithWhatTheModelSaysAndItsResultIsTold()
    {
        Vertex.Enqueue(ModelTurn.Say("Let me look.").Call("get_weather", new { city = "Rome" }), ModelTurn.Say("Sunny."));

        var task = await AskAsync(NewAgent(services => services.AddAgentTool(
            ([Description("Where.")] string city) =>
            new { city, degrees = 30 }, "get_weather", "The weather of a city.")), "Weather in Rome?");

        Assert.Equal(TaskState.Completed, task.State);
        Assert.Equal("Let me look.\n\nSunny.", TextOf(task));
        var tools = Vertex.Calls[0].Request.Tools.SelectMany(tool => tool.FunctionDeclarations).ToList();
        Assert.Equal(["get_weather", "ask_user"], tools.Select(tool => tool.Name));
        Assert.Equal("The weather of a city.", tools[0].Description);
        Assert.Equal("""{"type":"object","properties":{"city":{"type":"string","description":"Where."}},"required":["city"]}""", Json(tools[0].ParametersSchema()));
        Assert.Equal("""
            user: Weather in Rome?
            model: Let me look. | get_weather({"city":"Rome"})
            user: get_weather={"city":"Rome","degrees":30}
            """, Shown(Vertex.Calls[1].Request));
        Assert.Equal(2, UsageOf(task).GetProperty("calls").GetInt32());
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
    public async Task ResultsKeepTheirOrderAndIdsOverQuestionsAndInstances()
    {
        Vertex.Enqueue(
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
        Assert.Equal(["x:Paid 1.", "y:Paid 2.", "z:Savings", "w:noted"], ResultsOf(Vertex.Calls[1]));
        Assert.Equal(["x:noted"], ResultsOf(Vertex.Calls[2]));
        Assert.Equal("pay", Vertex.Calls[2].Request.Contents[2].Parts[0].FunctionResponse.Name);
    }

    [Theory]
    [InlineData(Candidate.Types.FinishReason.MalformedFunctionCall, "MALFORMED_FUNCTION_CALL: Not like this.")]
    [InlineData((Candidate.Types.FinishReason)15, "UNEXPECTED_TOOL_CALL: Not like this.")]
    [InlineData(Candidate.Types.FinishReason.MaxTokens, "limit of tokens")]
    public async Task ACallThatMayBeGarbledOrCutIsNotMadeButAskedForAgain(Candidate.Types.FinishReason reason, string told)
    {
        var calls = new List<int>();
        Vertex.Enqueue(
            ModelTurn.Say("I pay.").Call("pay", new { sum = 1 }).Finish(reason, "Not like this."),
            ModelTurn.Call("pay", new { sum = 1000 }),
            ModelTurn.Say("Paid."));

        var task = await AskAsync(NewAgent(services => services.AddAgentTool((int sum) => calls.Add(sum), "pay")), "Pay");

        Assert.Equal((TaskState.Completed, "I pay.\n\nPaid."), (task.State, TextOf(task)));
        Assert.Equal([1000], calls);
        Assert.StartsWith("user: Pay\nmodel: I pay.\nuser: Your last ", Shown(Vertex.Calls[1].Request), StringComparison.Ordinal);
        Assert.Contains(told, Shown(Vertex.Calls[1].Request), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Candidate.Types.FinishReason.MalformedFunctionCall, 3, "MALFORMED_FUNCTION_CALL")]
    [InlineData((Candidate.Types.FinishReason)15, 3, "UNEXPECTED_TOOL_CALL")]
    [InlineData(Candidate.Types.FinishReason.MaxTokens, 3, "A2A:Gemini:MaxOutputTokens (A2A__Gemini__MaxOutputTokens)")]
    [InlineData(Candidate.Types.FinishReason.Other, 1, "OTHER")]
    [InlineData((Candidate.Types.FinishReason)99, 1, "99")]
    [InlineData(Candidate.Types.FinishReason.Safety, 1, "SAFETY")]
    public async Task ATaskFailsWhoseModelMakesNoBetterCall(Candidate.Types.FinishReason reason, int turns, string told)
    {
        var calls = 0;
        Vertex.Answer = _ => ModelTurn.Call("pay").Finish(reason);

        var task = await AskAsync(NewAgent(services => services.AddAgentTool(() => ++calls, "pay")), "Pay");

        Assert.Equal((TaskState.Failed, 0, turns), (task.State, calls, Vertex.Calls.Count));
        Assert.Contains(told, Said(task), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnIntegerOf64BitsArrivesWithAllItsDigits()
    {
        const long Id = 1750000000000000001;
        var ids = new List<long>();
        Vertex.Enqueue(
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
        Assert.Equal("""{"type":"string","description":"(a whole number, in decimal digits)"}""", Json(Vertex.Calls[0].Request.Tools[0].FunctionDeclarations[0].ParametersSchema()!.Value.GetProperty("properties").GetProperty("id")));
        Assert.Contains(
            $"user: find={{\"output\":\"{Id}\"}} | find={{\"output\":7}}", Shown(Vertex.Calls[1].Request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnIntegerThatHasLostDigitsIsRefusedAndGivenAgain()
    {
        var ids = new List<long>();
        Vertex.Enqueue(
            ModelTurn.Call("find", new { id = 1750000000000000001 }), ModelTurn.Call("find", new { id = "1750000000000000001" }),
            ModelTurn.Say("Done."));

        await AskAsync(NewAgent(services => services.AddAgentTool((long id) => ids.Add(id), "find")), "Go");

        Assert.Equal([1750000000000000001], ids);
        Assert.Equal(
            "id is 1.75E+18, a number too large to arrive with all its digits. Give it as a string of decimal digits.",
            Vertex.Calls[1].Request.Contents[^1].Parts[0].FunctionResponse.Response.Fields["error"].StringValue);
    }

    [Fact]
    public async Task AResultThatTheServiceWouldRefuseGoesAsText()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 40)) + string.Concat(Enumerable.Repeat("]", 40));
        Vertex.Enqueue(ModelTurn.Call("schema").Call("deep"), ModelTurn.Say("Done."));

        var task = await AskAsync(NewAgent(services => services
            .AddAgentTool(() => System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>("""{"a":[{"$ref":"#/$defs/b"}]}"""), "schema")
            .AddAgentTool(() => System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(deep), "deep")), "Go");

        Assert.Equal(TaskState.Completed, task.State);
        Assert.Equal(
            ["""{"a":[{"$ref":"#/$defs/b"}]}""", deep],
            Vertex.Calls[1].Request.Contents[^1].Parts.Select(part => part.FunctionResponse.Response.Fields["output"].StringValue));
    }

    /// <summary>The results of a request's last turn: the id of each, and what it says.</summary>
    private static IEnumerable<string> ResultsOf(ModelCall call) => call.Request.Contents[^1].Parts.Select(part =>
        $"{GoogleCloud.Gemini.Chat.NumberedFields.ReadText(part.FunctionResponse, 3)}:" +
        $"{part.FunctionResponse.Response.Fields.Values.Single().StringValue}");

    private static string Json(System.Text.Json.JsonElement? json) => System.Text.Json.JsonSerializer.Serialize(json);
}
