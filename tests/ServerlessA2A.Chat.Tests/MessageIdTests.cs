using ServerlessA2A.Chat.Tests.Scripted;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Chat.Tests;

/// <summary>
/// Without duplicate detection clients may use one message id for all their messages: each message still reaches the model once.
/// </summary>
public sealed class MessageIdTests : ChatAgentTest
{
    private const string MessageId = "same";

    public MessageIdTests() => Settings.DetectDuplicates = false;

    [Fact]
    public async Task AnAnswerWithTheIdOfTheQuestionIsHeard()
    {
        Model.Enqueue(ModelTurn.Call("ask_user", new { question = "Which?" }), ModelTurn.Say("Done."));
        var id = (await Engine.SendAsync("Go", messageId: MessageId)).Id;
        await RunAsync(id);
        await Engine.SendAsync("Red", id, MessageId);
        await RunAsync(id);

        Assert.Equal(TaskState.Completed, (await Engine.ReadAsync(id)).State);
        Assert.Equal("""
            user: Go
            model: ask_user({"question":"Which?"})
            user: ask_user={"answer":"Red"}
            """, Shown(Model.Calls[1]));
    }

    [Fact]
    public async Task AMessageAddedWithTheIdOfTheFirstIsHeardAndReadFromTheCheckpoint()
    {
        Model.Enqueue(ModelTurn.Call("ask_user", new { question = "Which?" }), ModelTurn.Say("Done."));
        var id = (await Engine.SendAsync("Go", messageId: MessageId)).Id;
        await Engine.SendAsync("And more", id, MessageId);
        await RunAsync(id);
        await Engine.SendAsync("Red", id, MessageId);
        await RunAsync(id);

        Assert.Equal("user: Go | And more", Shown(Model.Calls[0]));
        Assert.Equal("""
            user: Go | And more
            model: ask_user({"question":"Which?"})
            user: ask_user={"answer":"Red"}
            """, Shown(Model.Calls[1]));
    }

    [Fact]
    public async Task AMessageThatCrossesWithAQuestionIsNotMistakenForTheAnswerOfTheSameId()
    {
        Model.Enqueue(
            ModelTurn.Call("ask_user", new { question = "Which?" }),
            ModelTurn.Call("ask_user", new { question = "Sure?" }),
            ModelTurn.Say("Done."));
        var id = (await Engine.SendAsync("Go", messageId: MessageId)).Id;
        var isMet = false;
        var met = new TestEngine(
            new InterveningStore(Engine.Store, async entry =>
            {
                if (isMet || entry.Events[^1] is not StatusChanged)
                    return;
                isMet = true;
                await Engine.SendAsync("Quickly", id, MessageId);
            }),
            Engine.Queue, Time, Settings);
        await met.RunAsync(NewAgent(), id).WithinLimit("the run ends");
        await Engine.SendAsync("Red", id, MessageId);
        await RunAsync(id);
        await Engine.SendAsync("Yes", id, MessageId);
        await RunAsync(id);

        Assert.Equal("""
            user: Go
            model: ask_user({"question":"Which?"})
            user: ask_user={"answer":"Red"}
            user: Quickly
            model: ask_user({"question":"Sure?"})
            user: ask_user={"answer":"Yes"}
            """, Shown(Model.Calls[2]));
    }

    private Task RunAsync(string id) => Engine.RunAsync(NewAgent(), id).WithinLimit("the run ends");
}
