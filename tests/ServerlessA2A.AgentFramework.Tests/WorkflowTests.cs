using Microsoft.Agents.AI;
using Microsoft.Agents.AI.Workflows;
using Microsoft.Extensions.AI;
using ServerlessA2A.AgentFramework.Tests.Support;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.AgentFramework.Tests;

/// <summary>Workflows that are hosted as agents.</summary>
public sealed class WorkflowTests : AgentFrameworkTest
{
    private readonly List<string> _ran = [];
    private readonly TaskCompletionSource _hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _hang;
    private bool _isWrapped;

    [Fact]
    public async Task AgentsInSequenceAreRunOnceThoughTheInstanceIsLostBetweenThem()
    {
        Model.Then("Draft.").Then("Rev", Timeout.InfiniteTimeSpan).Then("Review.").Then("Draft 2.").Then("Review 2.");
        var id = await SendAsync("Write");
        using var dies = new CancellationTokenSource();
        var lost = Engine.RunAsync(Sequence(), id, dies.Token);
        await Model.Hanging.Task.WithinLimit("the second agent works");
        await Engine.WaitForAsync(id, said => said is CheckpointSaved);
        await dies.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lost.WithinLimit("the run ends"));

        await Engine.RunAsync(Sequence(), id).WithinLimit("the run ends");

        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Completed, "Draft.\n\nReview."), (task.State, TextOf(task)));
        Assert.Equal(["user: Write", "user: Write\nuser: Draft.", "user: Write\nuser: Draft."], Model.Calls);

        var next = await AskAsync(Sequence(), "Again");
        Assert.Equal("Draft 2.\n\nReview 2.", TextOf(next));
        Assert.Equal(1, Occurrences(Model.Calls[3], "Write"));
        Assert.Equal(1, Occurrences(Model.Calls[3], "Again"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AFinishedStepIsNotRepeatedAfterACrash(bool isBehindMiddleware)
    {
        _isWrapped = isBehindMiddleware;
        _hang = true;
        var id = await SendAsync("abc");
        using var dies = new CancellationTokenSource();
        var lost = Engine.RunAsync(Steps(), id, dies.Token);
        await _hangs.Task.WithinLimit("the second step works");
        await Engine.WaitForAsync(id, said => said is CheckpointSaved);
        await dies.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lost.WithinLimit("the run ends"));
        _hang = false;

        await Engine.RunAsync(Steps(), id).WithinLimit("the run ends");

        var task = await Engine.ReadAsync(id);
        Assert.Equal((TaskState.Completed, "ABC!"), (task.State, TextOf(task)));
        Assert.Equal(["upper abc", "exclaim ABC", "exclaim ABC", "print ABC!"], _ran);
    }

    [Fact]
    public async Task AHandOverTakesPlaceWhenTheStepHasEnded()
    {
        var gate = new TaskCompletionSource();
        Func<Task> wait = () => { Model.Hanging.SetResult(); return gate.Task; };
        Model.Then("Draft.", wait).Then("Review.");
        var id = await SendAsync("Write");
        var first = Engine.RunAsync(Sequence(), id);
        await Model.Hanging.Task.WithinLimit("the first agent works");

        Time.Advance(Settings.RunTimeLimit - Settings.HandOverMargin);
        gate.SetResult();
        await first.WithinLimit("the run hands over");
        var handedOver = await Engine.ReadAsync(id);
        await Engine.RunAsync(Sequence(), id).WithinLimit("the run ends");

        Assert.Equal((TaskState.Working, "Draft."), (handedOver.State, TextOf(handedOver)));
        Assert.Equal("Draft.\n\nReview.", TextOf(await Engine.ReadAsync(id)));
        Assert.Equal(2, Model.Calls.Count);
    }

    [Fact]
    public async Task OnlyTheNewestCheckpointIsSaved()
    {
        var first = await AskAsync(Steps(), "abc");
        var sizes = new List<int> { first.Checkpoint!.Value.Length };
        for (var turn = 0; turn < 4; turn++)
            sizes.Add((await AskAsync(Steps(), "abc")).Checkpoint!.Value.Length);

        Assert.InRange(sizes[^1] - sizes[0], 0, 2_000);
    }

    [Theory]
    [InlineData("yes", "go")]
    [InlineData("no", "stop")]
    public async Task TheRequestOfAWorkflowIsAskedAndAnsweredOnAnotherInstance(string answer, string end)
    {
        var asked = await AskAsync(Asking<bool>(isOk => isOk ? "go" : "stop"), "Launch?");
        var done = await AskAsync(Asking<bool>(isOk => isOk ? "go" : "stop"), answer, asked.Id);

        Assert.Equal((TaskState.InputRequired, "Launch?"), (asked.State, Said(asked)));
        var request = DataOf(asked).GetProperty("inputRequest");
        Assert.Equal("confirm", request.GetProperty("name").GetString());
        Assert.Equal("""{"data":"Launch?"}""", request.GetProperty("arguments").GetRawText());
        Assert.Equal((TaskState.Completed, end), (done.State, TextOf(done, "answer-2")));
    }

    [Fact]
    public async Task AnAnswerOfTheWrongTypeIsAskedForAgain()
    {
        var asked = await AskAsync(Asking<int>(number => $"{number + 1}"), "How many?");
        var again = await AskAsync(Asking<int>(number => $"{number + 1}"), "a few", asked.Id);
        var done = await AskAsync(Asking<int>(number => $"{number + 1}"), "41", asked.Id);

        Assert.Equal((TaskState.InputRequired, TaskState.InputRequired), (asked.State, again.State));
        Assert.Equal((TaskState.Completed, "42"), (done.State, TextOf(done, "answer-3")));
    }

    [Fact]
    public async Task AnAgentOfAWorkflowAsksForApproval()
    {
        var booked = 0;
        var book = new ApprovalRequiredAIFunction(AIFunctionFactory.Create(() => ++booked, "book"));
        AIAgentHost New() => Host(() => AgentWorkflowBuilder.BuildSequential(Named("booker", book), Named("editor")).AsAIAgent());
        Model.Then(ScriptedModel.Call("book", "a")).Then("Booked.").Then("All is booked.");

        var asked = await AskAsync(New(), "Book");
        var done = await AskAsync(New(), "yes", asked.Id);

        Assert.Equal(TaskState.InputRequired, asked.State);
        Assert.Equal("book", DataOf(asked).GetProperty("approvalRequest").GetProperty("tool").GetString());
        Assert.Equal((TaskState.Completed, 1), (done.State, booked));
        Assert.Equal("Booked.\n\nAll is booked.", TextOf(done, "answer-2"));
    }

    [Fact]
    public async Task AStepThatFailsTransientlyIsRetriedByAnotherRunAndOthersAreNot()
    {
        Model.Then("Draft.").Then(new HttpRequestException("down", null, System.Net.HttpStatusCode.ServiceUnavailable)).Then("Review.");
        var id = await SendAsync("Write");

        var fault = await Assert.ThrowsAsync<AgentException>(() => Engine.RunAsync(Sequence(), id).WithinLimit("the run ends"));
        await Engine.RunAsync(Sequence(), id).WithinLimit("the run ends");

        Assert.True(fault.IsTransient);
        Assert.Equal("Draft.\n\nReview.", TextOf(await Engine.ReadAsync(id)));
        Assert.Equal(3, Model.Calls.Count);
    }

    [Fact]
    public async Task AStepThatFailsFailsTheTaskWithoutItsText()
    {
        Model.Then(new InvalidOperationException("secret"));

        var task = await AskAsync(Sequence(), "Write");

        Assert.Equal(TaskState.Failed, task.State);
        Assert.Equal("The agent failed; its operator finds the cause in the log, under the task's id.", Said(task));
    }

    [Fact]
    public async Task AgentsThatSpeakAtTheSameTimeDoNotMixTheirTexts()
    {
        var (a, b) = (new TaskCompletionSource(), new TaskCompletionSource());
        Func<Task> afterB = () => { a.SetResult(); return b.Task; };
        Func<Task> afterA = () => { b.SetResult(); return a.Task; };
        Model.Then("A1 ", afterB, "A2").Then("B1 ", afterA, "B2");

        var task = await AskAsync(Host(() => AgentWorkflowBuilder.BuildConcurrent([Named("one"), Named("two")]).AsAIAgent()), "Both");

        Assert.Contains(TextOf(task), new[] { "A1 A2\n\nB1 B2", "B1 B2\n\nA1 A2" });
    }

    [Fact]
    public async Task AConversationWithAWorkflowThatWasChangedSinceBeginsANewSession()
    {
        await AskAsync(Steps(), "abc");

        var task = await AskAsync(Asking<bool>(isOk => isOk ? "go" : "stop"), "Launch?");

        Assert.Equal((TaskState.InputRequired, "Launch?"), (task.State, Said(task)));
        Assert.Contains(Logs.Entries, entry => entry.Id.Id == 9002);
    }

    /// <summary>Two agents. In lockstep no step begins before the checkpoint of the one before is stored.</summary>
    private AIAgentHost Sequence() => Host(() => AgentWorkflowBuilder.BuildSequential(
        Named("writer"), Named("editor"))
        .AsAIAgent(executionEnvironment: InProcessExecution.Lockstep));

    /// <summary>Executors are told apart by the ids of their agents, which must be the same on each instance.</summary>
    private ChatClientAgent Named(string name, params AITool[] tools) =>
        new(Model, new ChatClientAgentOptions { Id = name, Name = name, ChatOptions = new ChatOptions { Tools = [.. tools] } });

    /// <summary>Three executors; the second one can be made to hang.</summary>
    private AIAgentHost Steps() => Host(() =>
    {
        var upper = new Upper(_ran);
        var exclaim = new FunctionExecutor<string, Draft>("exclaim", async (text, _, cancellationToken) =>
        {
            _ran.Add($"exclaim {text}");
            if (_hang)
            {
                _hangs.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return new Draft(text + "!");
        });
        var print = new FunctionExecutor<Draft, string>("print", (draft, _, _) =>
        {
            _ran.Add($"print {draft.Text}");
            return new ValueTask<string>(draft.Text);
        });
        var agent = new WorkflowBuilder(upper).AddEdge(upper, exclaim).AddEdge(exclaim, print).WithOutputFrom(print).Build().AsAIAgent();
        return _isWrapped ? new Middleware(agent) : agent;
    });

    /// <summary>A workflow that asks the client before it answers.</summary>
    private AIAgentHost Asking<TAnswer>(Func<TAnswer, string> answer) => Host(() =>
    {
        var echo = new Echo();
        var port = RequestPort.Create<string, TAnswer>("confirm");
        var end = new FunctionExecutor<TAnswer, string>("end", (given, _, _) => new ValueTask<string>(answer(given)));
        return new WorkflowBuilder(echo).AddEdge(echo, port).AddEdge(port, end).WithOutputFrom(end).Build().AsAIAgent();
    });

    private static int Occurrences(string text, string word) => text.Split(word).Length - 1;

    public sealed record Draft(string Text);

    private sealed class Middleware(AIAgent inner) : DelegatingAIAgent(inner);

    private sealed class Echo() : ChatProtocolExecutor("echo")
    {
        protected override ProtocolBuilder ConfigureProtocol(ProtocolBuilder protocolBuilder) =>
            base.ConfigureProtocol(protocolBuilder).SendsMessage<string>();

        protected override async ValueTask TakeTurnAsync(
            List<ChatMessage> messages, IWorkflowContext context, bool? emitEvents, CancellationToken cancellationToken = default)
        {
            // The turn after an answer brings no message.
            if (messages.Count > 0)
                await context.SendMessageAsync(messages[^1].Text, cancellationToken);
        }
    }

    private sealed class Upper(List<string> ran) : ChatProtocolExecutor("upper")
    {
        protected override ProtocolBuilder ConfigureProtocol(ProtocolBuilder protocolBuilder) =>
            base.ConfigureProtocol(protocolBuilder).SendsMessage<string>();

        protected override async ValueTask TakeTurnAsync(
            List<ChatMessage> messages, IWorkflowContext context, bool? emitEvents, CancellationToken cancellationToken = default)
        {
            ran.Add($"upper {messages[^1].Text}");
            await context.SendMessageAsync(messages[^1].Text.ToUpperInvariant(), cancellationToken);
        }
    }
}
