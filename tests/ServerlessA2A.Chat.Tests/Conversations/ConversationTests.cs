using System.Text.Json;
using Microsoft.Extensions.AI;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Conversations;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tests.Support;
using static ServerlessA2A.Chat.Tests.AgentContexts;

namespace ServerlessA2A.Chat.Tests.Conversations;

public class ConversationTests
{
    [Fact]
    public void WhatTheClientSaysIsHeard()
    {
        var conversation = Begin(Of(User("m1", Part.FromText("A"), Part.FromText("B"), Bytes("image/png", "x"))));

        Assert.Equal("user m1: A | B | [image/png 78]", Described.Of(conversation.Messages));
        Assert.Equal((1, 0, false), (conversation.Questions, conversation.Turns, conversation.BreaksOff));
        Assert.Empty(conversation.OpenCalls());
        Assert.Equal(new UsageTotals(), conversation.Usage);
    }

    [Fact]
    public void WithoutACheckpointTheWholeHistoryIsHeard() => Assert.Equal(
        "user m1: A\nassistant: Which?\nuser m2: B",
        Described.Of(Begin(Of(User("m1", "A"), Agent("a1", "Which?"), User("m2", "B"))).Messages));

    [Fact]
    public void AMessageThatCannotBeReadIsRefused()
    {
        var refusal = Assert.Throws<UnreadablePartException>(
            () => Begin(Of(User("m1", Part.FromText("A"), Part.FromUri("http://a/b", "image/png")))));

        Assert.StartsWith("message.parts[1].url", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>The role of a message is the client's to choose.</summary>
    [Theory]
    [InlineData(Role.User)]
    [InlineData(Role.Agent)]
    public void AFileOfABucketThatIsNotListedIsRefusedWhoeverIsSaidToHaveNamedIt(Role role)
    {
        var message = User("m1", Part.FromText("A"), Part.FromUri("gs://foreign/b", "video/mp4")) with { Role = role };

        var refusal = Assert.Throws<UnreadablePartException>(() => Conversation.Of(Of(message), new ListedFiles(["listed"]), _ => { }));

        Assert.Equal(
            ("bucket foreign is not listed", "message.parts[1].url: the agent does not read files of the bucket 'foreign'."),
            (refusal.Denial, refusal.Message));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public void AMessageThatSaysNothingIsRefused(string text)
    {
        Assert.Throws<UnreadablePartException>(() => Begin(Of(User("m1", text))));
        Assert.Throws<UnreadablePartException>(() => Begin(Of(User("m1", Part.FromText(text), Part.FromText(text)))));
        Begin(Of(User("m1", Part.FromText(text), Bytes("image/png"))));
    }

    /// <summary>
    /// Only the message that opens a task can be refused, in whoever's name later ones come and whether or not there is a checkpoint.
    /// </summary>
    [Theory]
    [InlineData(Role.User, "user m2")]
    [InlineData(Role.Agent, "assistant")]
    public void ALaterMessageThatCannotBeReadIsANote(Role role, string shown)
    {
        var later = User("m2", Part.FromText("B"), Part.FromUri("http://a/b", "image/png")) with { Role = role };

        var conversation = Begin(Of(User("m1", "A"), later));

        const string Reason =
            "message.parts[1].url is 'http://a/b': the model reads files at gs:// and https:// addresses, and in data: addresses.";
        Assert.Equal(
            $"user m1: A\n{shown}: B | (You cannot read this from the client: {Reason}) <unreadable=True>",
            Described.Of(conversation.Messages));
        Assert.Equal(Reason, Assert.Single(conversation.TakeUnreadable()).Message);
        Assert.Empty(conversation.TakeUnreadable());

        var next = Hear(conversation, User("m1", "A"), later);

        Assert.Equal(Described.Of(conversation.Messages), Described.Of(next.Messages));
        Assert.Empty(next.TakeUnreadable());
    }

    [Fact]
    public void AToolThatHasAskedIsToldOnlyWhatTheClientHasSaid()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Say([Call("c1", "x")]);
        conversation.Ask(["c1"]);

        conversation = Hear(conversation, User("m1", "A"), User("m2", Part.FromText("yes"), Part.FromBytes(new byte[] { 1 })));

        Assert.Equal("yes", conversation.AnswerTo("c1"));
        Assert.EndsWith(
            "user m2: (You cannot read this from the client: message.parts[1].mediaType is not set: set the media type of the file, " +
            "such as image/png.) <unreadable=True>",
            Described.Of(conversation.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public void AnAnswerToAToolMaySayNothing()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Say([Ask("c1")]);
        conversation.Ask(["c1"]);

        conversation = Hear(conversation, User("m1", "A"), User("m2", ""));

        Assert.Contains("""c1={"answer":""}""", Described.Of(conversation.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public void TheSourcesAreThoseOfTheLastQuestion()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Sources.Add(
            new ChatResponseUpdate(ChatRole.Assistant,
            [new TextContent("") { Annotations = [new CitationAnnotation { Url = new Uri("https://a.example/") }] }]), []);
        conversation.Say([Ask("c1")]);

        Assert.Equal(conversation.Sources.ToJson()!.ToJsonString(), Hear(conversation, User("m1", "A")).Sources.ToJson()!.ToJsonString());
        Assert.Null(Hear(conversation, User("m1", "A"), User("m2", "B")).Sources.ToJson());
    }

    [Fact]
    public void WhatTheModelSaysFollows()
    {
        var conversation = Begin(Of(User("m1", "A")));

        conversation.Say([new TextContent("B"), Call("c1", "x")]);

        Assert.Equal("user m1: A\nassistant: B | c1 x({})", Described.Of(conversation.Messages));
        Assert.Equal(["c1"], Open(conversation));
    }

    [Fact]
    public void WhereTheModelSaysNothingNothingFollows()
    {
        var conversation = Begin(Of(User("m1", "A")));

        conversation.Say([]);
        conversation.Say([], breaksOff: true);

        Assert.Equal("user m1: A", Described.Of(conversation.Messages));
        Assert.False(conversation.BreaksOff);
    }

    [Fact]
    public void ResultsComeBehindTheirCallsInTheOrderOfTheCalls()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Say([Call("c1", "x"), Call("c2", "y"), Call("c3", "z")]);

        conversation.Result("c2", Json("2"));
        Assert.Equal(["c1", "c3"], Open(conversation));
        conversation.Result("c1", Json("1"));
        conversation.Result("c3", Json("3"));

        Assert.Empty(conversation.OpenCalls());
        Assert.Equal(
            "user m1: A\nassistant: c1 x({}) | c2 y({}) | c3 z({})\ntool: c1=1 | c2=2 | c3=3", Described.Of(conversation.Messages));
    }

    [Fact]
    public void OnlyTheCallsOfTheLastTurnAreOpen()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Say([Call("c1", "x")]);
        conversation.Result("c1", Json("1"));
        conversation.Say([Call("c2", "x")]);
        Assert.Equal(["c2"], Open(conversation));
        conversation.Result("c2", Json("2"));
        conversation.Say([new TextContent("B")]);

        Assert.Empty(conversation.OpenCalls());
    }

    [Fact]
    public void ACallWhoseIdIsTakenOrMissingGetsAnIdOfItsOwn()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Say([Call("c1", "x"), Call("c1", "y"), Call("", "z")]);
        Assert.Equal(["c1", "c1-2", "-2"], Open(conversation));
        conversation.Result("c1", Json("1"));
        conversation.Result("c1-2", Json("2"));
        conversation.Result("-2", Json("3"));

        conversation.Say([Call("c1", "x")]);

        Assert.Equal(["c1-3"], Open(conversation));
        Assert.Equal(
            "user m1: A\nassistant: c1 x({}) | c1-2 y({}) | -2 z({})\ntool: c1=1 | c1-2=2 | -2=3\nassistant: c1-3 x({})",
            Described.Of(conversation.Messages));
    }

    [Fact]
    public void TheAnswerToAQuestionOfTheModelIsItsResult()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Say([new TextContent("Well."), Ask("c1")]);
        conversation.Ask(["c1"]);

        conversation = Hear(conversation, User("m1", "A"), User("m2", Part.FromText("Red,"), Part.FromText("please.")));

        Assert.Empty(conversation.OpenCalls());
        Assert.Equal(
            "user m1: A\nassistant: Well. | c1 ask_user({\"question\":\"Which?\"})\ntool: c1={\"answer\":\"Red,\\nplease.\"}\nuser m2: ",
            Described.Of(conversation.Messages));
        Assert.Equal(2, conversation.Questions);
    }

    [Fact]
    public void FilesThatComeWithAnAnswerComeToo()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Say([Ask("c1")]);
        conversation.Ask(["c1"]);

        conversation = Hear(conversation, User("m1", "A"), User("m2", Part.FromText("This."), Bytes("image/png", "x")));

        Assert.EndsWith(
            "tool: c1={\"answer\":\"This.\"}\nuser m2: [image/png 78]", Described.Of(conversation.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public void AToolThatHasAskedGetsTheAnswerAndIsStillOpen()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Say([Call("c1", "x"), Call("c2", "y")]);
        conversation.Ask(["c1"]);
        conversation.Result("c2", Json("2"));
        Assert.Null(conversation.AnswerTo("c1"));

        conversation = Hear(conversation, User("m1", "A"), User("m2", "Red."));

        Assert.Equal(["c1"], Open(conversation));
        Assert.Equal("Red.", conversation.AnswerTo("c1"));
        Assert.Null(conversation.AnswerTo("c2"));
        conversation.Result("c1", Json("1"));
        Assert.Null(conversation.AnswerTo("c1"));
        Assert.Equal("user m1: A\nassistant: c1 x({}) | c2 y({})\ntool: c1=1 | c2=2\nuser m2: ", Described.Of(conversation.Messages));
    }

    [Fact]
    public void TheFirstResultStandsBehindTheCallsAlsoWhereTheClientHasSpokenSince()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Say([Call("c1", "x")]);
        conversation.Ask(["c1"]);
        conversation = Hear(conversation, User("m1", "A"), User("m2", "Red."));

        conversation.Result("c1", Json("1"));

        Assert.Equal("user m1: A\nassistant: c1 x({})\ntool: c1=1\nuser m2: ", Described.Of(conversation.Messages));
    }

    [Fact]
    public void OneMessageAnswersAllThatWasAsked()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Say([Ask("c1"), Call("c2", "x"), Ask("c3")]);
        conversation.Ask(["c1", "c2", "c3"]);

        conversation = Hear(conversation, User("m1", "A"), User("m2", "Red."));

        Assert.Equal(["c2"], Open(conversation));
        Assert.Equal("Red.", conversation.AnswerTo("c2"));
        Assert.Equal(
            "tool: c1={\"answer\":\"Red.\"} | c3={\"answer\":\"Red.\"}\nuser m2: ",
            string.Join('\n', Described.Of(conversation.Messages).Split('\n').Skip(2)));
    }

    /// <summary>The answer to a question may be secret, and a call that waits for something else has not asked for it.</summary>
    [Fact]
    public void OnlyTheCallsThatHaveAskedGetTheAnswer()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Say([Call("c1", "x"), Call("c2", "y"), Ask("c3")]);
        conversation.Ask(["c2"]);

        conversation = Hear(conversation, User("m1", "A"), User("m2", "Red."));

        Assert.Equal(["c1", "c2", "c3"], Open(conversation));
        Assert.Equal((null, "Red."), (conversation.AnswerTo("c1"), conversation.AnswerTo("c2")));
        Assert.Equal((0, 1), (conversation.AnswerCountOf("c1"), conversation.AnswerCountOf("c2")));
        Assert.DoesNotContain("Red.", Described.Of(conversation.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public void AMessageThatNoCallHasAskedForIsTheModels()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Say([Call("c1", "x")]);

        conversation = Hear(conversation, User("m1", "A"), User("m2", "Hurry."));
        Assert.Null(conversation.AnswerTo("c1"));
        conversation = Hear(conversation, User("m1", "A"), User("m2", "Hurry."));
        conversation.Result("c1", Json("1"));

        Assert.Equal("user m1: A\nassistant: c1 x({})\ntool: c1=1\nuser m2: Hurry.", Described.Of(conversation.Messages));
    }

    [Fact]
    public void ASecondMessageIsNoAnswerToAQuestionThatIsAnswered()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Say([Call("c1", "x")]);
        conversation.Ask(["c1"]);

        conversation = Hear(conversation, User("m1", "A"), User("m2", "Red."), User("m3", "Hurry."));

        Assert.Equal(("Red.", 1), (conversation.AnswerTo("c1"), conversation.AnswerCountOf("c1")));
        Assert.EndsWith("user m2: \nuser m3: Hurry.", Described.Of(conversation.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public void AToolThatAsksTwiceGetsTheSecondAnswerAndTheTextIsNotSaidBesides()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Say([Call("c1", "x")]);
        conversation.Ask(["c1"]);
        conversation = Hear(conversation, User("m1", "A"), User("m2", "Red."));
        Assert.Equal(1, conversation.AnswerCountOf("c1"));
        conversation.Ask(["c1"]);
        conversation = Hear(conversation, User("m1", "A"), User("m2", "Red."), User("m3", "Green."));
        Assert.Equal("Green.", conversation.AnswerTo("c1"));
        Assert.Equal(2, conversation.AnswerCountOf("c1"));
        conversation = Hear(conversation, User("m1", "A"), User("m2", "Red."), User("m3", "Green."));

        conversation.Result("c1", Json("1"));

        Assert.Equal("user m1: A\nassistant: c1 x({})\ntool: c1=1\nuser m2: \nuser m3: ", Described.Of(conversation.Messages));
    }

    [Fact]
    public void WhatIsSaidAfterwardsIsHeardAgain()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Say([Ask("c1")]);
        conversation.Ask(["c1"]);
        conversation = Hear(conversation, User("m1", "A"), User("m2", "Red."));
        conversation.Say([new TextContent("Done.")]);

        conversation = Hear(conversation, User("m1", "A"), User("m2", "Red."), User("m3", "Thanks."));

        Assert.EndsWith("user m2: \nassistant: Done.\nuser m3: Thanks.", Described.Of(conversation.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public void AMessageIsHeardOnce()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Say([new TextContent("B")]);

        conversation = Hear(conversation, User("m1", "A"), Agent("a1", "B"), User("m2", "C"));
        conversation = Hear(conversation, User("m1", "A"), Agent("a1", "B"), User("m2", "C"));

        Assert.Equal("user m1: A\nassistant: B\nuser m2: C", Described.Of(conversation.Messages));
    }

    [Fact]
    public void TurnsAreCountedAnewWhenTheClientSpeaks()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Turns = 5;
        conversation.Say([Ask("c1")]);

        Assert.Equal(5, Hear(conversation, User("m1", "A")).Turns);
        Assert.Equal(0, Hear(conversation, User("m1", "A"), User("m2", "B")).Turns);
    }

    [Fact]
    public void AnAnswerThatBreaksOffIsGoneOnWith()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Say([new TextContent("Hel")], breaksOff: true);
        Assert.True(conversation.BreaksOff);
        conversation.Say([new TextContent("lo")], breaksOff: true);
        Assert.True(conversation.BreaksOff);

        conversation.Say([new TextContent("."), Call("c1", "x")]);

        Assert.False(conversation.BreaksOff);
        Assert.Equal("user m1: A\nassistant: Hello. | c1 x({})", Described.Of(conversation.Messages));
    }

    [Fact]
    public void AnAnswerThatBreaksOffMayEndWithNothingMore()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Say([new TextContent("Hello.")], breaksOff: true);

        conversation.Say([]);

        Assert.False(conversation.BreaksOff);
        Assert.Equal("user m1: A\nassistant: Hello.", Described.Of(conversation.Messages));
    }

    [Fact]
    public void AfterTheClientHasSpokenABrokenAnswerIsNotGoneOnWith()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Say([new TextContent("Hel")], breaksOff: true);

        conversation = Hear(conversation, User("m1", "A"), User("m2", "B"));
        conversation.Say([new TextContent("C")]);

        Assert.Equal("user m1: A\nassistant: Hel\nuser m2: B\nassistant: C", Described.Of(conversation.Messages));
    }

    [Fact]
    public void TheModelMayBeToldWhatTheClientHasNotSaid()
    {
        var conversation = Begin(Of(User("m1", "A")));
        conversation.Say([new TextContent("B")]);

        conversation.Tell("That is no JSON.");

        Assert.Equal("user m1: A\nassistant: B\nuser: That is no JSON.", Described.Of(conversation.Messages));
        Assert.Equal(1, conversation.Questions);
    }

    private static Conversation Begin(AgentContext task) =>
        Conversation.Of(task, new ListedFiles(["*"]), _ => Assert.Fail("There is no checkpoint."));

    /// <summary>As the next run sees it.</summary>
    private static Conversation Hear(Conversation conversation, params Message[] history) =>
        Conversation.Of(
            Of(history) with { Checkpoint = conversation.Save().Data }, new ListedFiles(["*"]), _ =>
            Assert.Fail("The checkpoint is known."));

    private static IEnumerable<string> Open(Conversation conversation) => conversation.OpenCalls().Select(call => call.CallId);

    private static FunctionCallContent Call(string id, string name) => new(id, name, new Dictionary<string, object?>());

    private static FunctionCallContent Ask(string id) => new(id, "ask_user", new Dictionary<string, object?> { ["question"] = "Which?" });

    private static JsonElement Json(string json) => Properties.Parse(json);
}
