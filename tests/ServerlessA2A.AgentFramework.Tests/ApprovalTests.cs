using System.Text.Json;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using ServerlessA2A.AgentFramework.Tests.Support;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.AgentFramework.Tests;

/// <summary>Tools that need an approval, and tools that the client runs itself.</summary>
public sealed class ApprovalTests : AgentFrameworkTest
{
    private readonly List<string> _booked = [];
    private int _looked;

    private AIFunction Book => new ApprovalRequiredAIFunction(AIFunctionFactory.Create((string to) =>
    {
        _booked.Add(to);
        return $"to {to}";
    }, "book"));

    private AIFunction Look => AIFunctionFactory.Create(() => ++_looked, "look");

    [Theory]
    [InlineData("""{"approved": true}""", null)]
    [InlineData("""{"id": "ID", "approved": true}""", null)]
    [InlineData(null, "Yes.")]
    [InlineData(null, " ok ")]
    public async Task AnApprovedCallIsMade(string? data, string? text)
    {
        Model.Then("Let me see.", Call("a", "Rome"), ScriptedModel.Usage(5, 5)).Then("Booked.", ScriptedModel.Usage(7, 2));
        var asked = await AskAsync(NewAgent(Book), "To Rome");
        var request = DataOf(asked).GetProperty("approvalRequest");

        var done = await AskAsync(NewAgent(Book), [Answer(data, text, request)], asked.Id);

        Assert.Equal((TaskState.InputRequired, "Let me see."), (asked.State, TextOf(asked)));
        Assert.Equal("""May the agent call book with {"to":"Rome"}?""", Said(asked));
        Assert.Equal("book", request.GetProperty("tool").GetString());
        Assert.Equal("""{"to":"Rome"}""", request.GetProperty("arguments").GetRawText());
        Assert.Equal((TaskState.Completed, "Booked."), (done.State, TextOf(done, "answer-2")));
        Assert.Equal(["Rome"], _booked);
        Assert.EndsWith("book(Rome)\ntool: a=to Rome", Model.Calls[1], StringComparison.Ordinal);
        Assert.Equal((2, 12, 7), (Count("calls"), Count("inputTokens"), Count("outputTokens")));

        int Count(string name) => UsageOf(done).GetProperty(name).GetInt32();
    }

    [Theory]
    [InlineData("""{"approved": false, "reason": "too far"}""", null, "too far")]
    [InlineData("""{"approved": "true"}""", null, "")]
    [InlineData(null, "no", "")]
    [InlineData(null, "Paris instead, please", "Paris instead, please")]
    [InlineData(null, "yes, but to Paris", "yes, but to Paris")]
    public async Task ARejectedCallIsNotMadeAndTheModelReadsTheReason(string? data, string? text, string reason)
    {
        Model.Then(Call("a", "Rome")).Then("As you like.");
        var asked = await AskAsync(NewAgent(Book), "To Rome");

        var done = await AskAsync(NewAgent(Book), [Answer(data, text, default)], asked.Id);

        Assert.Equal((TaskState.Completed, "As you like."), (done.State, TextOf(done, "answer-2")));
        Assert.Empty(_booked);
        Assert.Contains(reason, Model.Calls[1], StringComparison.Ordinal);
        Assert.Contains("rejected", Model.Calls[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfSeveralCallsEachIsAnsweredByItsIdAndTheOthersAreAskedAgain()
    {
        Model.Then(Call("a", "Rome"), Call("b", "Oslo"), ScriptedModel.Call("look", "c")).Then("Done.");
        var asked = await AskAsync(NewAgent(Book, Look), "To Rome and Oslo");
        var ids = IdsIn(asked);

        var again = await AskAsync(NewAgent(Book, Look), [Data($$"""{"id": "{{ids[1]}}", "approved": true}""")], asked.Id);
        var empty = await AskAsync(NewAgent(Book, Look), "   ", asked.Id);
        var done = await AskAsync(NewAgent(Book, Look), "no", asked.Id);

        Assert.Equal(2, ids.Count);
        Assert.Equal((TaskState.InputRequired, TaskState.InputRequired, TaskState.Completed), (again.State, empty.State, done.State));
        Assert.Equal(ids[0], DataOf(again).GetProperty("approvalRequest").GetProperty("id").GetString());
        Assert.Equal(["Oslo"], _booked);
        Assert.Equal(1, _looked);
    }

    [Fact]
    public async Task AFileThatComesWithAnAnswerWaitsForTheOthers()
    {
        Model.Then(Call("a", "Rome"), Call("b", "Oslo")).Then("Done.");
        var asked = await AskAsync(NewAgent(Book), "To Rome and Oslo");
        Part[] answer = [Data($$"""{"id": "{{IdsIn(asked)[0]}}", "approved": true}"""), Part.FromBytes(new byte[] { 1 }, "image/png")];

        var again = await AskAsync(NewAgent(Book), answer, asked.Id);
        var done = await AskAsync(NewAgent(Book), "no", asked.Id);

        Assert.Equal((TaskState.InputRequired, TaskState.Completed), (again.State, done.State));
        Assert.Equal(["Rome"], _booked);
        Assert.EndsWith("user: DataContent", Model.Calls[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id": "\ud800"}""")]
    [InlineData("""{"\ud800": 1}""")]
    [InlineData("""{"id": "ID", "approved": true, "x": "\ud800"}""")]
    public async Task DataThatIsNoUnicodeAnswersNothing(string data)
    {
        Model.Then(Call("a", "Rome")).Then("Booked.");
        var asked = await AskAsync(NewAgent(Book), "To Rome");
        Part[] answer = [Answer(data, null, DataOf(asked).GetProperty("approvalRequest")), Part.FromText("yes")];

        var again = await AskAsync(NewAgent(Book), answer, asked.Id);
        Assert.Equal((TaskState.InputRequired, 0), (again.State, _booked.Count));
        var done = await AskAsync(NewAgent(Book), "yes", asked.Id);

        Assert.Equal(TaskState.Completed, done.State);
        Assert.Equal(["Rome"], _booked);
    }

    [Fact]
    public async Task ARunThatIsLostAfterAnApprovedCallDoesNotMakeItAgain()
    {
        Model.Then(Call("a", "Rome")).Then(Timeout.InfiniteTimeSpan).Then("Booked.").Then("Bye.");
        var asked = await AskAsync(NewAgent(Book), "To Rome");
        await SendAsync([Part.FromText("yes")], asked.Id);
        using var dies = new CancellationTokenSource();
        var lost = Engine.RunAsync(NewAgent(Book), asked.Id, dies.Token);
        await Model.Hanging.Task.WithinLimit("the call is made");
        await dies.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lost.WithinLimit("the run ends"));

        await Engine.RunAsync(NewAgent(Book), asked.Id).WithinLimit("the run ends");
        await AskAsync(NewAgent(Book), "Thanks");

        var done = await Engine.ReadAsync(asked.Id);
        Assert.Equal((TaskState.Completed, "Booked."), (done.State, TextOf(done, "answer-2")));
        Assert.Equal(["Rome"], _booked);
        Assert.EndsWith("book(Rome)\ntool: a=to Rome", Model.Calls[2], StringComparison.Ordinal);
        Assert.Single(Model.Calls[3].Split('\n'), line => line.Contains("a=to Rome", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AToolOfTheClientIsAnsweredByTheClient()
    {
        var schema = JsonDocument.Parse("""{"type":"object"}""").RootElement;
        var locate = AIFunctionFactory.CreateDeclaration("locate", "Locates the user.", schema);
        Model.Then(ScriptedModel.Call("locate", "a")).Then("In Rome.");
        AIAgentHost New() => Host(() => new ChatClientAgent(Model, tools: [locate]));
        var asked = await AskAsync(New(), "Where am I?");

        var done = await AskAsync(New(), [Data("""{"latitude": 41.9}""")], asked.Id);

        Assert.Equal("locate", DataOf(asked).GetProperty("inputRequest").GetProperty("name").GetString());
        Assert.Equal((TaskState.Completed, "In Rome."), (done.State, TextOf(done, "answer-2")));
        Assert.EndsWith("""tool: a={"latitude": 41.9}""", Model.Calls[1], StringComparison.Ordinal);
    }

    private static List<string> IdsIn(TaskSnapshot asked) => [.. asked.Task.Status.Message!.Parts.Select(part => part.Data)
        .OfType<JsonElement>().Select(data => data.GetProperty("approvalRequest").GetProperty("id").GetString()!)];

    private static FunctionCallContent Call(string id, string to) => ScriptedModel.Call("book", id, ("to", to));

    private static Part Answer(string? data, string? text, JsonElement request) => data is null
        ? Part.FromText(text!)
        : Data(data.Replace("ID", IdOf(request), StringComparison.Ordinal));

    private static string? IdOf(JsonElement request) =>
        request.ValueKind == JsonValueKind.Object ? request.GetProperty("id").GetString() : "";

    private static Part Data(string json) => Part.FromData(JsonDocument.Parse(json).RootElement);
}
