using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Conversations;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tests.Support;
using static ServerlessA2A.Chat.Tests.AgentContexts;

namespace ServerlessA2A.Chat.Tests.Conversations;

public class MemoryTests
{
    [Fact]
    public async Task EarlierTasksAreRememberedOldestFirst() => Assert.Equal(
        "user m1: A\nassistant: B\nuser m2: C\nassistant: D",
        await ReadAsync(
            Earlier(TaskState.Completed, [User("m2", "C")], Artifact("answer", Part.FromText("D"))),
            Earlier(TaskState.Completed, [User("m1", "A")], Artifact("answer", Part.FromText("B")))));

    [Fact]
    public async Task QuestionsBackAreRemembered() => Assert.Equal(
        "user m1: A\nassistant: Which?\nuser m2: This.\nassistant: B | C | [image/png 78]",
        await ReadAsync(Earlier(
            TaskState.Completed,
            [User("m1", "A"), Agent("a1", "Which?"), User("m2", "This.")],
            Artifact("answer", Part.FromText("B"), Part.FromText("C")),
            Artifact("image-1", Bytes("image/png", "x")))));

    [Theory]
    [InlineData(TaskState.Completed, true)]
    [InlineData(TaskState.Failed, true)]
    [InlineData(TaskState.Canceled, true)]
    [InlineData(TaskState.Rejected, false)]
    [InlineData(TaskState.Submitted, false)]
    [InlineData(TaskState.Working, false)]
    [InlineData(TaskState.InputRequired, false)]
    [InlineData(TaskState.AuthRequired, false)]
    public async Task WhatWasRefusedOrStillGoesOnIsNotRemembered(TaskState state, bool remembered) =>
        Assert.Equal(
            remembered ? "user m1: A\nassistant: B" : "",
            await ReadAsync(Earlier(state, [User("m1", "A")], Artifact("answer", Part.FromText("B")))));

    [Theory]
    [InlineData(TaskState.Completed, "user m1: A\nassistant: B | C")]
    [InlineData(TaskState.Failed, "user m1: A\nassistant: B")]
    public async Task WhatACompletedTaskClosesWithIsRemembered(TaskState state, string expected)
    {
        var task = Earlier(state, [User("m1", "A")], Artifact("answer", Part.FromText("B")));
        Assert.Equal(expected, await ReadAsync(task with { Status = task.Status with { Message = Agent("a1", "C") } }));
    }

    [Fact]
    public async Task WhatABrowserBroughtIsNotRemembered() => Assert.Equal(
        "user m1: A\nassistant: Sign in.\nassistant: B",
        await ReadAsync(Earlier(
            TaskState.Completed,
            [
                User("m1", "A"), Agent("a1", "Sign in."),
                User("callback-1", Part.FromData(new { code = "secret" })) with
                {
                    Metadata = Properties.Parse("""{"serverlessa2a.callback":"state"}"""),
                },
            ],
            Artifact("answer", Part.FromText("B")))));

    [Fact]
    public async Task AMessageThatTookATasksPlaceIsRemembered()
    {
        var task = Earlier(TaskState.Completed, [User("m1", "A")]);
        Assert.Equal("user m1: A\nassistant: B", await ReadAsync(task with { Status = task.Status with { Message = Agent("a1", "B") } }));
    }

    [Fact]
    public async Task WhatCannotBeReadIsLeftOut() => Assert.Equal(
        "user m1: A\nassistant: B",
        await ReadAsync(Earlier(
            TaskState.Completed,
            [
                User("m1", Part.FromText("A"), Part.FromUri("http://a/b", "image/png"), Part.FromBytes(new byte[] { 1 })),
                User("m2", Part.FromBytes(new byte[] { 1 }, "a picture")),
            ],
            Artifact("answer", Part.FromText("B")),
            Artifact("other", Part.FromUri("http://a/b", "image/png")))));

    /// <summary>A task may be older than the list of buckets, or canceled before anybody has looked at it.</summary>
    [Theory]
    [InlineData(TaskState.Completed)]
    [InlineData(TaskState.Canceled)]
    public async Task FilesOfBucketsThatAreNotListedAreLeftOut(TaskState state)
    {
        var film = Part.FromUri("gs://listed/a", "video/mp4");
        var foreign = Part.FromUri("gs://foreign/b", "video/mp4");

        var remembered = await ReadAsync(
            Earlier(state, [User("m1", Part.FromText("A"), film, foreign), Agent("a1", "C") with { Parts = [foreign] }],
            Artifact("answer", Part.FromText("B"), foreign)));

        Assert.Contains("gs://listed/a", remembered, StringComparison.Ordinal);
        Assert.DoesNotContain("foreign", remembered, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATaskWithoutAnythingIsNothing() =>
        Assert.Equal("", await ReadAsync(new A2ATask { Id = "e", Status = new A2ATaskStatus { State = TaskState.Completed } }));

    [Fact]
    public async Task TheFilesOfATaskThatFailedAreForgottenSinceTheyMayBeWhy() => Assert.Equal(
        "user m1: A\nassistant: B",
        await ReadAsync(Earlier(
            TaskState.Failed,
            [User("m1", Part.FromText("A"), Bytes("image/png", "x"), Part.FromUri("gs://b/f", "video/mp4"))],
            Artifact("answer", Part.FromText("B")),
            Artifact("image-1", Bytes("image/png", "x")))));

    [Theory]
    [InlineData(0, 9, 1_000, new int[0])]
    [InlineData(3, 9, 1_000, new[] { 3 })]
    [InlineData(5, 9, 1_000, new[] { 5 })]
    [InlineData(20, 9, 1_000, new[] { 5, 20 })]
    [InlineData(20, 5, 1_000, new[] { 5, 20 })]
    [InlineData(20, 4, 1_000, new[] { 5 })]
    [InlineData(20, 9, 10, new[] { 5 })]
    public async Task NoMoreTasksAreReadThanAreShown(int setting, int tasks, long budget, int[] expected)
    {
        var asked = new List<int>();
        var earlier = Enumerable.Range(0, tasks)
            .Select(i => Earlier(TaskState.Completed, [User($"m{tasks - i}", "A")], Artifact("answer", Part.FromText("B")))).ToList();
        var task = Of(User("m", "Hi")) with
        {
            EarlierTasks = (count, _) =>
            {
                asked.Add(count);
                return new([.. earlier.Take(count)]);
            },
        };

        var messages = await Memory.ReadAsync(task, new ListedFiles(["*"]), setting, budget, CancellationToken.None);

        Assert.Equal(expected, asked);
        Assert.Equal(
            Enumerable.Range(0, tasks).TakeLast(Math.Min(tasks, expected.LastOrDefault())).Select(i => $"m{i + 1}"),
            messages.Where(message => message.MessageId is not null).Select(message => message.MessageId));
    }

    [Fact]
    public void WhatFitsIsKeptWhole()
    {
        ChatMessage[] memory = [Question("m1", 4), Answer(4)];
        ChatMessage[] own = [Question("m2", 4_000), Answer(4_000)];

        Assert.Equal([.. memory, .. own], Memory.Fit(memory, own, 4));
        Assert.Equal([.. memory, .. own], Memory.Fit(memory, own, long.MaxValue));
        Assert.Equal(own, Memory.Fit([], own, 0));
    }

    [Fact]
    public void TheOldestIsLeftOutFirstAndWithItsAnswer()
    {
        ChatMessage[] memory = [Question("m1", 4), Answer(4), Question("m2", 4), Answer(4)];
        ChatMessage[] own = [Question("m3", 4)];

        // Each has two tokens.
        Assert.Equal([.. memory[2..], .. own], Memory.Fit(memory, own, 7));
        Assert.Equal([.. memory[2..], .. own], Memory.Fit(memory, own, 4));
        Assert.Equal(own, Memory.Fit(memory, own, 3));
    }

    [Fact]
    public void WhatTheTaskIsAboutStaysWithAllThatCameOfItWhateverItsSize()
    {
        ChatMessage[] own = [Question("m2", 4_000), .. Calls("c", 4_000), Answer(4_000), new(ChatRole.User, "That is no JSON."),
            Answer(4_000)];

        Assert.Equal(own, Memory.Fit([Question("m1", 4), Answer(4)], own, 0));
    }

    [Fact]
    public void EarlierRoundsOfTheTaskAreLeftOutWhereTheyDoNotFitButNotWhatItIsAbout()
    {
        ChatMessage[] own = [Question("m1", 400), .. Calls("c1", 40), Reply("m2"), .. Calls("c2", 40), Reply("m3"), .. Calls("c3", 400),
            Reply("m4"), Answer(400)];

        // A round has ten tokens.
        Assert.Equal(own, Memory.Fit([], own, 20));
        Assert.Equal([own[0], .. own[4..]], Memory.Fit([], own, 19));
        Assert.Equal([own[0], .. own[7..]], Memory.Fit([], own, 9));
        Assert.Equal([own[0], .. own[7..]], Memory.Fit([], own, 0));
    }

    [Fact]
    public void WhereSomeOfTheTaskDoesNotFitNothingEarlierDoes()
    {
        ChatMessage[] own = [Question("m1", 4), .. Calls("c1", 400), Reply("m2"), .. Calls("c2", 4), Reply("m3")];

        Assert.Equal([own[0], .. own[4..]], Memory.Fit([Question("m0", 0), Answer(0)], own, 50));
    }

    [Fact]
    public void WhatRoundsTakeIsTakenFromWhatWasBefore()
    {
        ChatMessage[] memory = [Question("a", 4), Answer(4), Question("b", 4), Answer(4)];
        ChatMessage[] own = [Question("m1", 4), .. Calls("c1", 40), Reply("m2"), .. Calls("c2", 4), Reply("m3")];

        Assert.Equal([.. memory, .. own], Memory.Fit(memory, own, 18));
        Assert.Equal([.. memory[2..], .. own], Memory.Fit(memory, own, 17));
        Assert.Equal(own, Memory.Fit(memory, own, 10));
    }

    [Fact]
    public void TheResultOfAToolThatAskedTwiceStays()
    {
        ChatMessage[] own = [Question("m1", 4), .. Calls("c1", 40), Reply("m2"), .. Calls("c2", 40), Reply("m3"), Reply("m4"), Reply("m5"),
            Answer(4)];

        Assert.Equal([own[0], .. own[4..]], Memory.Fit([], own, 0));
    }

    [Fact]
    public void InARealConversationToo()
    {
        var task = Of(User("m1", "A"));
        var conversation = Conversation.Of(task, new ListedFiles(["*"]), _ => { });
        for (var i = 1; i <= 3; i++)
        {
            conversation.Say(
                [new FunctionCallContent($"c{i}", "ask_user", new Dictionary<string, object?> { ["question"] = "Which?" }),
                new FunctionCallContent($"d{i}", "x")]);
            for (var answer = 0; answer < 2; answer++)
            {
                conversation.Ask([$"c{i}", $"d{i}"]);
                task = Of([.. task.History, User($"m{task.History.Count + 1}", $"B{i}")]) with { Checkpoint = conversation.Save().Data };
                conversation = Conversation.Of(task, new ListedFiles(["*"]), _ => { });
            }

            conversation.Result($"d{i}", Properties.Parse($"\"D{i}\""));
        }

        Assert.Equal(
            """
            user m1: A
            assistant: c3 ask_user({"question":"Which?"}) | d3 x({})
            tool: c3={"answer":"B3"} | d3="D3"
            user m6:
            user m7:
            """.ReplaceLineEndings("\n"),
            Described.Of(Memory.Fit([], conversation.Messages, 0)).Replace(": \n", ":\n", StringComparison.Ordinal).TrimEnd());
    }

    [Fact]
    public void WhereNobodyHasAskedAllIsKept()
    {
        ChatMessage[] own = [Answer(400), Answer(400)];

        Assert.Equal(own, Memory.Fit([], own, 0));
        Assert.Empty(Memory.Fit([], [], 0));
    }

    [Fact]
    public void WhateverTheBudgetNothingIsTornApart() => Properties.Hold(
        from tasks in Exchange.ListOf(0, 6)
        from own in Exchange
        from budget in Gen.Choose(0, 500)
        select (Tasks: tasks, Own: own, budget),
        story =>
        {
            var memory = story.Tasks.SelectMany(messages => messages).ToList();
            var kept = Memory.Fit(memory, story.Own, story.budget);

            // Nothing is made up or moved.
            var all = memory.Concat(story.Own).ToList();
            Assert.Equal(kept.OrderBy(message => all.IndexOf(message)), kept);
            Assert.Equal(kept.Distinct(), kept);

            // What the task is about stays, and so do its last calls with their results, and all since.
            var last = story.Own.FindLastIndex(message => message.Contents.Any(content => content is FunctionCallContent));
            Assert.Superset(story.Own.Skip(last < 0 ? 0 : last).Append(story.Own[0]).ToHashSet(), kept.ToHashSet());

            // Each result has its call, and each call its result.
            var contents = kept.SelectMany(message => message.Contents).ToList();
            Assert.Equal(
                contents.OfType<FunctionCallContent>().Select(call => call.CallId), contents.OfType<FunctionResultContent>()
                .Select(result => result.CallId));

            // Each earlier answer has its question: memory is cut between tasks.
            var remembered = kept.TakeWhile(message => message != story.Own[0]).ToList();
            Assert.Equal(memory.TakeLast(remembered.Count), remembered);
            Assert.True(remembered.Count == 0 || story.Tasks.Any(task => task[0] == remembered[0]));
            Assert.True(remembered.Sum(TokenEstimate.Of) <= story.budget);

            // What is left out would not have fitted.
            if (remembered.Count < memory.Count)
                Assert.True(memory.Concat(story.Own).Sum(TokenEstimate.Of) > story.budget);
        },
        times: 1_000);

    /// <summary>What the client asks, what tools are called for it, how often the client answers them, and the model's answer.</summary>
    private static Gen<List<ChatMessage>> Exchange { get; } =
        from length in Gen.Choose(0, 200)
        from rounds in Gen.Choose(0, 4)
        from answers in Gen.Choose(0, 2).ArrayOf(4)
        from reply in Gen.Choose(0, 200)
        select ToExchange(length, answers[..rounds], reply);

    private static List<ChatMessage> ToExchange(int length, int[] rounds, int reply) =>
    [
        Question(NewId(), length),
        .. rounds.SelectMany(answers =>
        (ChatMessage[])[.. Calls(NewId(), length), .. Enumerable.Range(0, answers).Select(_ => Reply(NewId()))]),
        Answer(reply),
    ];

    private static string NewId() => Guid.NewGuid().ToString();

    /// <summary>A call and its result, of about that many letters.</summary>
    private static ChatMessage[] Calls(string id, int length) =>
    [
        new(ChatRole.Assistant, [new FunctionCallContent(id, "x")]),
        new(ChatRole.Tool, [new FunctionResultContent(id, Properties.Parse($"\"{new string('a', Math.Max(0, length - 2))}\""))]),
    ];

    /// <summary>What the client says to a tool: its text is in the result.</summary>
    private static ChatMessage Reply(string id) =>
        new(ChatRole.User, []) { MessageId = id, AdditionalProperties = new() { [ConversationState.AnswersTool] = true } };

    private static ChatMessage Question(string id, int length) => new(ChatRole.User, new string('q', length)) { MessageId = id };

    private static ChatMessage Answer(int length) => new(ChatRole.Assistant, new string('a', length));

    private static A2ATask Earlier(TaskState state, IReadOnlyList<Message> history, params Artifact[] artifacts) =>
        new() { Id = "e", Status = new A2ATaskStatus { State = state }, History = history, Artifacts = artifacts };

    /// <summary>As a run does it: what the task itself has is apart from what was before it.</summary>
    private static IReadOnlyList<ChatMessage> Fit(IReadOnlyList<ChatMessage> messages, long budget)
    {
        var own = messages.ToList()
            .FindLastIndex(message => message.MessageId is not null &&
            message.AdditionalProperties?.ContainsKey(ConversationState.AnswersTool) != true);
        return Memory.Fit([.. messages.Take(own)], [.. messages.Skip(Math.Max(own, 0))], budget);
    }

    private static async Task<string> ReadAsync(params A2ATask[] newestFirst) => Described.Of(await Memory.ReadAsync(
        Of(User("m", "Hi")) with { EarlierTasks = (_, _) => new(newestFirst) }, new ListedFiles(["listed"]), newestFirst.Length,
        long.MaxValue, CancellationToken.None));
}
