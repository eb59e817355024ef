using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Conversations;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tests.Support;
using static ServerlessA2A.Chat.Tests.AgentContexts;

namespace ServerlessA2A.Chat.Tests.Conversations;

public class ConversationStateTests
{
    private static readonly Message First = User("m1", Part.FromText("Paint a cat."), Bytes("image/png", "sketch"));

    [Fact]
    public void EverythingComesBack()
    {
        var task = Of(First, User("m2", "Black.")) with { Artifacts = [Artifact("image-1", Bytes("image/png", "cat"))] };
        var conversation = Begin(Of(First));
        conversation.Usage = new UsageTotals(Input: 1L << 40, Output: 2, Thinking: 3, Calls: 4, Model: "gemini-3.5-flash");
        conversation.Say(
        [
            Signed(new TextContent("Here it is:")),
            Signed(new DataContent("cat"u8.ToArray(),
            "image/png") { AdditionalProperties = new() { [ConversationState.ArtifactId] = "image-1" } }),
            Signed(new FunctionCallContent("c1", "x", new Dictionary<string, object?> { ["a"] = Properties.Parse("""{"b":[1,null,"é"]}"""), ["c"] = null })),
            new FunctionCallContent("c2", "y", new Dictionary<string, object?>()),
        ]);
        conversation.Ask(["c1"]);
        conversation = Continue(conversation, task);
        conversation.Turns = 7;
        conversation.Result("c2", Properties.Parse("""{"d":9007199254740993}"""));
        conversation.Tell("Go on.");

        var back = Continue(conversation, task);

        Assert.Equal(Described.Of(conversation), Described.Of(back));
        Assert.Equal(("Black.", 1), (back.AnswerTo("c1"), back.AnswerCountOf("c1")));
        Assert.Equal(7, back.Turns);
        Assert.Contains(
            "[image/png 636174] <artifactId=image-1, thoughtSignature=AAAA>", Described.Of(back.Messages), StringComparison.Ordinal);
        Assert.Contains("9007199254740993", Described.Of(back.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public void ABrokenAnswerComesBackAsOne()
    {
        var conversation = Begin(Of(First));
        conversation.Say([new TextContent("Hel")], breaksOff: true);

        var back = Continue(conversation, Of(First));
        back.Say([new TextContent("lo.")]);

        Assert.EndsWith("\nassistant: Hello.", Described.Of(back.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public void ACheckpointHoldsTextAsUtf8()
    {
        const string Text = "Größe 尺寸 🙂 <b> 1 + 1";
        var conversation = Begin(Of(First));
        conversation.Say([new TextContent(Text)]);

        Assert.Contains(Text, Encoding.UTF8.GetString(conversation.Save().Data.Span), StringComparison.Ordinal);
        Assert.Contains(Text, Described.Of(Continue(conversation, Of(First)).Messages), StringComparison.Ordinal);
    }

    [Fact]
    public void ACheckpointStaysSmallHoweverMuchTheTaskHolds()
    {
        var sketch = new byte[1_000_000];
        var history = User("m1", Part.FromText(new string('a', 100_000)), Part.FromBytes(sketch, "image/png"));
        var conversation = Begin(Of(history));
        conversation.Say(
            [new DataContent(new byte[1_000_000],
            "image/png") { AdditionalProperties = new() { [ConversationState.ArtifactId] = "image-1" } }]);

        Assert.True(conversation.Save().Data.Length < 1_000, $"{conversation.Save().Data.Length} bytes");
    }

    [Fact]
    public void ACheckpointIsWrittenWithoutBlanks()
    {
        var conversation = Begin(Of(First));
        conversation.Say([new FunctionCallContent("c1", "x", new Dictionary<string, object?> { ["a"] = 1 })]);

        Assert.DoesNotContain("\n", Encoding.UTF8.GetString(conversation.Save().Data.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void AMediumIsTheArtifactThatTheTaskHolds()
    {
        foreach (var id in (string[])["image-1", "an image: 1/2?", "é漢😀", "a%20b#c"])
        {
            var conversation = Begin(Of(First));
            conversation.Say(
                [new DataContent("cat"u8.ToArray(), "image/png") { AdditionalProperties = new() { [ConversationState.ArtifactId] = id } }]);

            var back = Continue(
                conversation,
                Of(First) with
                {
                    Artifacts = [Artifact("other", Bytes("image/png", "dog")),
                Artifact(id, Part.FromText("A"), Bytes("image/png", "cat"))]
                });

            var data = Assert.IsType<DataContent>(Assert.Single(back.Messages[1].Contents));
            Assert.Equal("cat"u8.ToArray(), data.Data.ToArray());
            Assert.Equal(id, data.AdditionalProperties![ConversationState.ArtifactId]);
            Assert.Equal(conversation.Save().Data.ToArray(), back.Save().Data.ToArray());
        }
    }

    [Fact]
    public void AMediumWhoseArtifactIsGoneIsLeftOut()
    {
        var conversation = Begin(Of(First));
        conversation.Say(
            [new TextContent("A"),
            new DataContent("cat"u8.ToArray(),
            "image/png") { AdditionalProperties = new() { [ConversationState.ArtifactId] = "image-1" } }]);

        Assert.EndsWith("assistant: A", Described.Of(Continue(conversation, Of(First)).Messages), StringComparison.Ordinal);
    }

    [Fact]
    public void AMediumThatTheClientDoesNotTakeIsInTheCheckpoint()
    {
        foreach (var medium in (
            DataContent[])[new("cat"u8.ToArray(), "image/png"), Signed(new DataContent("cat"u8.ToArray(), "image/png"))])
        {
            var conversation = Begin(Of(First));
            conversation.Say([medium]);

            Assert.Equal(Described.Of(conversation), Described.Of(Continue(conversation, Of(First))));
        }
    }

    [Fact]
    public void WhatTheClientHasSaidIsReadFromTheTask()
    {
        var conversation = Begin(Of(First));
        conversation.Say([new TextContent("A")]);

        Assert.DoesNotContain("Paint", Encoding.UTF8.GetString(conversation.Save().Data.Span), StringComparison.Ordinal);
        Assert.Equal(
            "user m1: Paint a cat. | [image/png 736B65746368]\nassistant: A", Described.Of(Continue(conversation, Of(First)).Messages));
    }

    [Fact]
    public void AMessageThatTheTaskHasLostIsEmpty()
    {
        var conversation = Begin(Of(First));
        conversation.Say([new TextContent("A")]);

        Assert.Equal("user m1: \nassistant: A\nuser m2: B", Described.Of(Continue(conversation, Of(User("m2", "B"))).Messages));
    }

    [Fact]
    public void MessagesOfTheSameIdKeepTheirContentWhereverTheyStandInTheHistory()
    {
        var (first, crossed, answer) = (User("same", "A"), User("same", "B"), User("same", Part.FromText("C"), Bytes("image/png", "c")));
        var conversation = Begin(Of(first));
        conversation.Say([new FunctionCallContent("c1", "ask_user", new Dictionary<string, object?> { ["question"] = "Which?" })]);
        conversation.Ask(["c1"]);
        conversation = Continue(conversation, Of(first, answer));
        conversation.Hear(crossed, new ListedFiles(["*"]));

        var back = Continue(conversation, Of(first, crossed, answer));

        Assert.EndsWith("""
            tool: c1={"answer":"C"}
            user same: [image/png 63]
            user same: B
            """, Described.Of(conversation.Messages), StringComparison.Ordinal);
        Assert.Equal(Described.Of(conversation), Described.Of(back));
        Assert.Equal(Described.Of(conversation), Described.Of(Continue(back, Of(first, crossed, answer))));
    }

    /// <summary>Earlier versions took a second message of the same id for the first.</summary>
    [Fact]
    public void ACheckpointOfAnEarlierVersionIsReadAndTheMessageThatItLacksIsHeard()
    {
        var checkpoint = """
            {"gemini":1,"messages":[{"role":"user","contents":[],"messageId":"same"},{"role":"assistant","contents":[{"$type":"text","text":"B"}]}],
            "answers":{},"usage":{"input":1,"output":2,"thinking":3,"calls":4,"model":"m"},"turns":1,"breaksOff":false}
            """u8.ToArray();
        var task = Of(User("same", "A"), Agent("a1", "B"), User("same", "C")) with { Checkpoint = checkpoint };

        var conversation = Conversation.Of(task, new ListedFiles(["*"]), _ => Assert.Fail("The checkpoint is known."));

        Assert.Equal("user same: A\nassistant: B\nuser same: C", Described.Of(conversation.Messages));
    }

    /// <summary>Earlier versions did not save which calls had asked.</summary>
    [Fact]
    public void ACheckpointOfAnEarlierVersionTakesTheMessageForTheAnswerToAllOpenCalls()
    {
        var checkpoint = """
            {"gemini":1,"messages":[{"role":"user","contents":[],"messageId":"m1"},
            {"role":"assistant","contents":[{"$type":"functionCall","callId":"c1","name":"x"}]}],
            "answers":{},"usage":{"input":1,"output":2,"thinking":3,"calls":4,"model":"m"},"turns":1,"breaksOff":false}
            """u8.ToArray();
        var task = Of(User("m1", "A"), User("m2", "B")) with { Checkpoint = checkpoint };

        var conversation = Conversation.Of(task, new ListedFiles(["*"]), _ => Assert.Fail("The checkpoint is known."));

        Assert.Equal(("B", 1), (conversation.AnswerTo("c1"), conversation.AnswerCountOf("c1")));
    }

    /// <summary>The role of a message is the client's to choose, and so is its id.</summary>
    [Fact]
    public void AMessageInTheAgentsNameIsNotMistakenForTheUsersOfTheSameId()
    {
        var conversation = Begin(Of(Agent("same", "A"), User("same", "B")));

        Assert.Equal(
            "assistant: A\nuser same: B", Described.Of(Continue(conversation, Of(Agent("same", "A"), User("same", "B"))).Messages));
    }

    [Fact]
    public void AProvidersPropertyComesBackAsItsText()
    {
        var conversation = Begin(Of(First));
        conversation.Say([Signed(new FunctionCallContent("c1", "x", new Dictionary<string, object?>()))]);

        var back = Continue(conversation, Of(First));

        Assert.Equal("AAAA", Assert.IsType<string>(back.Messages[1].Contents[0].AdditionalProperties!["thoughtSignature"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("{\"gemini\":1,")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"gemini":2}""")]
    [InlineData("""{"gemini":0,"messages":[]}""")]
    [InlineData("""{"gemini":1.5}""")]
    [InlineData("""{"gemini":"1"}""")]
    [InlineData("""{"gemini":null}""")]
    [InlineData("""{"gemini":1e30}""")]
    [InlineData("""{"gemini":1}""")]
    [InlineData("""{"gemini":1,"messages":null,"answers":{},"usage":{"input":0,"output":0,"thinking":0,"calls":0,"model":null},"turns":0,"breaksOff":false}""")]
    [InlineData("""{"gemini":1,"messages":[null],"answers":{},"usage":{"input":0,"output":0,"thinking":0,"calls":0,"model":null},"turns":0,"breaksOff":false}""")]
    [InlineData("""{"gemini":1,"messages":{},"answers":{},"usage":{"input":0,"output":0,"thinking":0,"calls":0,"model":null},"turns":0,"breaksOff":false}""")]
    [InlineData("""{"gemini":1,"messages":[{"contents":[{"$type":"unheard"}]}],"answers":{},"usage":{"input":0,"output":0,"thinking":0,"calls":0,"model":null},"turns":0,"breaksOff":false}""")]
    [InlineData("""{"gemini":1,"messages":[{"contents":[{"$type":"uri","uri":"::","mediaType":"x"}]}],"answers":{},"usage":{"input":0,"output":0,"thinking":0,"calls":0,"model":null},"turns":0,"breaksOff":false}""")]
    [InlineData("""{"gemini":1,"messages":[],"answers":[],"usage":{"input":0,"output":0,"thinking":0,"calls":0,"model":null},"turns":0,"breaksOff":false}""")]
    [InlineData("""{"gemini":1,"messages":[],"answers":{},"usage":{},"turns":0,"breaksOff":false}""")]
    [InlineData("""{"gemini":1,"messages":[],"answers":{},"usage":[],"turns":0,"breaksOff":false}""")]
    [InlineData("""{"gemini":1,"messages":[],"answers":{},"usage":{"input":1e30,"output":0,"thinking":0,"calls":0,"model":null},"turns":0,"breaksOff":false}""")]
    [InlineData("""{"gemini":1,"messages":[],"answers":{},"usage":{"input":0,"output":0,"thinking":0,"calls":0,"model":7},"turns":0,"breaksOff":false}""")]
    [InlineData("""{"gemini":1,"messages":[],"answers":{},"usage":{"input":0,"output":0,"thinking":0,"calls":0,"model":null},"turns":"0","breaksOff":false}""")]
    [InlineData("""{"gemini":1,"messages":[],"answers":{},"usage":{"input":0,"output":0,"thinking":0,"calls":0,"model":null},"turns":0,"breaksOff":0}""")]
    [InlineData("""{"gemini":1,"messages":[],"answers":{},"usage":{"input":0,"output":0,"thinking":0,"calls":0,"model":null},"turns":0,"breaksOff":false,"answerSources":[]}""")]
    [InlineData("""{"gemini":1,"messages":[],"answers":{},"usage":{"input":0,"output":0,"thinking":0,"calls":0,"model":null},"turns":0,"breaksOff":false,"answerSources":{"sources":{}}}""")]
    [InlineData("""{"gemini":1,"messages":[],"answers":{},"usage":{"input":0,"output":0,"thinking":0,"calls":0,"model":null},"turns":0,"breaksOff":false,"answerSources":{"sources":[{}]}}""")]
    [InlineData("""{"gemini":1,"messages":[],"answers":{},"usage":{"input":0,"output":0,"thinking":0,"calls":0,"model":null},"turns":0,"breaksOff":false,"answerSources":{"sources":[{"uri":7}]}}""")]
    [InlineData("""{"gemini":1,"messages":[],"answers":{},"usage":{"input":0,"output":0,"thinking":0,"calls":0,"model":null},"turns":0,"breaksOff":false,"answerSources":{"searchQueries":[null]}}""")]
    public void WithACheckpointThatIsNoneOfThisAgentsTheConversationBeginsAnew(string checkpoint) =>
        BeginsAnew(Encoding.UTF8.GetBytes(checkpoint));

    [Fact]
    public void WhateverBytesComeTheConversationBeginsAnew() => Properties.Hold(
        Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(), BeginsAnew);

    [Fact]
    public void ACheckpointThatWasCutOffOrDamagedBeginsAnewOrIsRead()
    {
        var task = Of(First) with { Artifacts = [Artifact("image-1", Bytes("image/png", "cat"))] };
        var conversation = Begin(Of(First));
        conversation.Say(
            [new DataContent("cat"u8.ToArray(),
            "image/png") { AdditionalProperties = new() { [ConversationState.ArtifactId] = "image-1" } },
            new FunctionCallContent("c1", "x", new Dictionary<string, object?> { ["a"] = 1 })]);
        conversation.Sources.Add(
            new ChatResponseUpdate(ChatRole.Assistant,
            [new TextContent("") { Annotations = [new CitationAnnotation { Url = new Uri("https://a.example/") }] }]), []);
        var checkpoint = conversation.Save().Data.ToArray();

        Properties.Hold(
            from position in Gen.Choose(0, checkpoint.Length - 1)
            from letter in Gen.Elements("0a\"{}[]:,-. \\nuft\0".ToCharArray())
            from cut in Gen.Elements(true, false)
            select (position, letter, cut),
            damage =>
            {
                byte[] damaged = [.. checkpoint];
                damaged[damage.position] = (byte)damage.letter;
                // Whatever comes of it, nothing is thrown.
                Conversation.Of(
                    task with { Checkpoint = damage.cut ? checkpoint[..damage.position] : damaged }, new ListedFiles(["*"]), _ => { });
            },
            times: 2_000);
    }

    [Fact]
    public void ARefusalIsNoDamage()
    {
        var conversation = Begin(Of(First));

        Assert.Throws<UnreadablePartException>(() => Continue(conversation, Of(User("m1", Part.FromBytes(new byte[] { 1 })))));
    }

    [Fact]
    public void AnyConversationComesBackAsItWent() => Properties.Hold(Story.Any, story =>
    {
        var history = new List<Message> { First };
        var artifacts = new List<Artifact>();
        var conversation = Begin(Of(First));
        foreach (var step in story)
        {
            Apply(step, ref conversation, history, artifacts);
            var task = Of([.. history]) with { Artifacts = artifacts };
            var back = Continue(conversation, task);

            Assert.Equal(Described.Of(conversation), Described.Of(back));
            Assert.Equal(Described.Of(conversation), Described.Of(Continue(back, task)));
        }
    });

    private static void Apply(Story step, ref Conversation conversation, List<Message> history, List<Artifact> artifacts)
    {
        switch (step)
        {
            case Story.Says says:
                foreach (var data in says.Contents.OfType<DataContent>()
                    .Where(data => data.AdditionalProperties?.ContainsKey(ConversationState.ArtifactId) == true))
                    artifacts.Add(
                        Artifact((string)data.AdditionalProperties![ConversationState.ArtifactId]!,
                        Part.FromBytes(data.Data, data.MediaType)));
                conversation.Say(says.Contents, says.BreaksOff);
                conversation.Turns++;
                conversation.Sources.Add(
                    new ChatResponseUpdate(ChatRole.Assistant,
                    [new TextContent(
                    "") { Annotations =
                    [new CitationAnnotation { Url = new Uri($"https://a.example/{conversation.Turns}"), Title = "é" }] }]), []);
                conversation.Usage = conversation.Usage.Plus(
                    new UsageDetails
                    {
                        InputTokenCount = 7,
                        OutputTokenCount = 5,
                        ReasoningTokenCount = 2
                    }) with
                { Calls = conversation.Usage.Calls + 1, Model = "m" };
                break;
            case Story.Ends ends when conversation.OpenCalls() is { Count: > 0 } open:
                conversation.Result(open[ends.Which % open.Count].CallId, Properties.Parse(ends.Json));
                break;
            case Story.Asks asks:
                history.Add(User($"m{history.Count + 1}", [.. asks.Parts]));
                conversation = Continue(conversation, Of([.. history]) with { Artifacts = artifacts });
                break;
            case Story.Tells:
                conversation.Tell("Again.");
                break;
        }
    }

    private static void BeginsAnew(byte[] checkpoint)
    {
        var told = 0;

        var conversation = Conversation.Of(Of(First) with { Checkpoint = checkpoint }, new ListedFiles(["*"]), _ => told++);

        Assert.Equal(1, told);
        Assert.Equal(Described.Of(Begin(Of(First))), Described.Of(conversation));
    }

    private static Conversation Begin(AgentContext task) =>
        Conversation.Of(task, new ListedFiles(["*"]), _ => Assert.Fail("There is no checkpoint."));

    private static Conversation Continue(Conversation conversation, AgentContext task) =>
        Conversation.Of(
            task with { Checkpoint = conversation.Save().Data }, new ListedFiles(["*"]), fault =>
            Assert.Fail($"The checkpoint is known. {fault}"));

    private static T Signed<T>(T content)
        where T : AIContent
    {
        (content.AdditionalProperties ??= [])["thoughtSignature"] = "AAAA";
        return content;
    }

    /// <summary>A step of a conversation.</summary>
    private abstract record Story
    {
        private static readonly string[] Texts = ["A", "é漢😀\n\"", " B ", "{}"];

        public static Gen<IReadOnlyList<Story>> Any { get; } = Gen.OneOf(
            from contents in Content.ListOf(0, 4)
            from breaksOff in Gen.Elements(true, false, false)
            select (Story)new Says([.. contents.Select(content => content())], breaksOff),
            from which in Gen.Choose(0, 9)
            from json in Properties.Json
            select (Story)new Ends(which, json),
            from parts in Part.ListOf(1, 3)
            select (Story)new Asks(parts),
            Gen.Constant((Story)new Tells())).ListOf(1, 10);

        private static Gen<Func<AIContent>> Content =>
            from kind in Gen.Choose(0, 4)
            from signed in Gen.Elements(true, false)
            from text in Gen.Elements(Texts)
            from json in Properties.JsonObject
            select (Func<AIContent>)(() =>
            {
                AIContent content = kind switch
                {
                    0 => new TextContent(text),
                    1 => new DataContent(Encoding.UTF8.GetBytes(text),
                    "image/png")
                    { AdditionalProperties = new() { [ConversationState.ArtifactId] = $"image-{Guid.NewGuid()}" } },
                    2 => new DataContent(Encoding.UTF8.GetBytes(text), "image/png"),
                    3 => new FunctionCallContent($"call-{Guid.NewGuid()}", "ask_user",
                    new Dictionary<string, object?> { ["question"] = Properties.Parse("\"Which?\"") }),
                    _ => new FunctionCallContent($"call-{Guid.NewGuid()}", "x", Properties.Parse(json).EnumerateObject()
                    .ToDictionary(argument => argument.Name, argument => (object?)argument.Value)),
                };
                return signed ? Signed(content) : content;
            });

        private static Gen<Part> Part => Gen.OneOf(
            Gen.Elements(Texts).Select(ServerlessA2A.Protocol.Messages.Part.FromText),
            Properties.Json.Select(json => ServerlessA2A.Protocol.Messages.Part.FromData(Properties.Parse(json))),
            Gen.Constant(Bytes("image/png", "x", "x.png")),
            Gen.Constant(Bytes("text/plain", "y")),
            Gen.Constant(ServerlessA2A.Protocol.Messages.Part.FromUri("gs://b/f", "video/mp4")));

        public sealed record Says(IReadOnlyList<AIContent> Contents, bool BreaksOff) : Story;

        public sealed record Ends(int Which, string Json) : Story;

        public sealed record Asks(IReadOnlyList<Part> Parts) : Story;

        public sealed record Tells : Story;
    }
}
