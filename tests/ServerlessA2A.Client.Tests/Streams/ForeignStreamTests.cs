using System.Net;
using ServerlessA2A.Client.Tests.Support;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Client.Tests.Streams;

/// <summary>
/// Streams of agents that give their events no numbers: a new connection begins with the task, and what is new is worked out.
/// </summary>
public class ForeignStreamTests
{
    private const string Begun = """{"task":{"id":"t","contextId":"c","status":{"state":"TASK_STATE_WORKING","timestamp":"2026-01-01T00:00:00Z"}}}""";
    private const string Over = """{"statusUpdate":{"taskId":"t","contextId":"c","status":{"state":"TASK_STATE_COMPLETED"}}}""";

    [Fact]
    public async Task ThePieceThatWasMissedFollows()
    {
        using var agent = new StubHandler((_, count) => count == 1
            ? StubHandler.Broken(Begun, Chunk("one "))
            : StubHandler.Stream(Whole("TASK_STATE_WORKING", "one two "), Chunk("three", append: true), Over));
        using var client = agent.Client();

        var items = await client.StreamAsync("hello").ToListAsync();

        Assert.Equal(
            ["one ", "two ", "three"], items.Where(each => each.ArtifactUpdate is not null)
                .Select(each => each.ArtifactUpdate!.Artifact.Parts.Single().Text));
        Assert.Equal([false, true, true], items.Where(each => each.ArtifactUpdate is not null).Select(each => each.ArtifactUpdate!.Append));
        Assert.Equal(5, items.Count);
        Assert.Contains("SubscribeToTask", agent.Requests[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NothingIsRepeatedWhereNothingWasMissed()
    {
        using var agent = new StubHandler((_, count) => count switch
        {
            1 => StubHandler.Broken(Begun, Chunk("one")),
            2 => StubHandler.Stream(Whole("TASK_STATE_WORKING", "one")),
            3 => StubHandler.Broken(Whole("TASK_STATE_WORKING", "one")),
            _ => StubHandler.Stream(Whole("TASK_STATE_COMPLETED", "one")),
        });
        using var client = agent.Client();

        var items = await client.StreamAsync("hello").ToListAsync();

        Assert.Equal(3, items.Count);
        Assert.Equal(TaskState.Completed, items[2].StatusUpdate!.Status.State);
    }

    [Fact]
    public async Task AnArtifactThatWasReplacedComesAsAWhole()
    {
        using var agent = new StubHandler((_, count) => count == 1
            ? StubHandler.Broken(Begun, Chunk("one"))
            : StubHandler.Stream(Whole("TASK_STATE_COMPLETED", "two")));
        using var client = agent.Client();

        var items = await client.StreamAsync("hello").ToListAsync();

        Assert.Equal("two", Followed.TextOf(items, "a"));
        Assert.False(items[2].ArtifactUpdate!.Append);
    }

    [Fact]
    public async Task ATaskThatIsSentInPiecesIsNotRepeated()
    {
        // This library's server sends a large task so: the task without its artifacts, then these, and an id with the last piece.
        using var agent = new StubHandler((_, count) => count == 1
            ? StubHandler.Broken(Begun, Chunk("one "), Chunk("two ", append: true))
            : StubHandler.Stream(Begun, Chunk("one "), Chunk("two ", append: true), "7|" + Chunk("three", append: true), "8|" + Over));
        using var client = agent.Client();

        var items = await client.StreamAsync("hello").ToListAsync();

        Assert.Equal(5, items.Count);
        Assert.Equal("one two three", Followed.TextOf(items, "a"));
    }

    [Theory]
    [InlineData("TASK_STATE_INPUT_REQUIRED")]
    [InlineData("TASK_STATE_AUTH_REQUIRED")]
    public async Task ATaskThatWaitsAndIsSentInPiecesIsNotRepeated(string state)
    {
        var opening = $$$$"""{"task":{"id":"t","contextId":"c","status":{"state":"{{{{state}}}}","timestamp":"2026-01-01T00:00:00Z"}}}""";
        using var agent = new StubHandler((request, count) => request.Body.Contains("GetTask", StringComparison.Ordinal)
            ? StubHandler.Result(Bare(state, "one two three"))
            : count == 1 ? StubHandler.Broken(opening, Chunk("one "), Chunk("two ", append: true), Chunk("three", append: true))
            : StubHandler.Stream(opening, Chunk("one "), Chunk("two ", append: true), Chunk("three", append: true), Over));
        using var client = agent.Client();

        var items = await client.SubscribeAsync("t").ToListAsync();

        Assert.Equal("one two three", Followed.TextOf(items, "a"));
        Assert.Equal(TaskState.Completed, Followed.StateOf(items[^1]));
        Assert.InRange(items.Count(each => each.ArtifactUpdate is not null), 0, 3);
    }

    [Fact]
    public async Task AConnectionAfterANumberedEventContinuesThere()
    {
        using var agent = new StubHandler((_, count) => count == 1
            ? StubHandler.Broken("3|" + Begun, "4|" + Chunk("one"))
            : StubHandler.Stream("5|" + Chunk("two", append: true), "6|" + Over));
        using var client = agent.Client();

        var items = await client.StreamAsync("hello").ToListAsync();

        Assert.Equal("4", agent.Requests[1].Headers["Last-Event-ID"]);
        Assert.Equal("onetwo", Followed.TextOf(items, "a"));
        Assert.Equal(4, items.Count);
    }

    [Fact]
    public async Task AnAgentThatRejectsTheNumberIsAskedWithoutIt()
    {
        using var agent = new StubHandler((_, count) => count switch
        {
            1 => StubHandler.Broken("3|" + Begun),
            2 => StubHandler.Error(-32602, "Last-Event-ID is 3"),
            _ => StubHandler.Stream(Whole("TASK_STATE_COMPLETED", "one")),
        });
        using var client = agent.Client();

        var items = await client.StreamAsync("hello").ToListAsync();

        Assert.False(agent.Requests[2].Headers.ContainsKey("Last-Event-ID"));
        Assert.Equal("one", Followed.TextOf(items, "a"));
    }

    [Fact]
    public async Task ATaskThatEndedMeanwhileIsRead()
    {
        using var agent = new StubHandler((request, count) => count switch
        {
            1 => StubHandler.Broken(Begun),
            2 => StubHandler.Error(-32004, "The task is over."),
            _ => StubHandler.Result(Bare("TASK_STATE_COMPLETED", "one")),
        });
        using var client = agent.Client();

        var items = await client.StreamAsync("hello").ToListAsync();

        Assert.Contains("GetTask", agent.Requests[2].Body, StringComparison.Ordinal);
        Assert.Equal("one", Followed.TextOf(items, "a"));
        Assert.Equal(TaskState.Completed, Followed.StateOf(items[^1]));
    }

    [Fact]
    public async Task AnAgentWithoutStreamsIsPolled()
    {
        using var agent = new StubHandler((_, count) => count switch
        {
            1 => StubHandler.Result(Begun),
            < 5 => StubHandler.Result(Bare("TASK_STATE_WORKING", "one")),
            _ => StubHandler.Result(Bare("TASK_STATE_COMPLETED", "one two")),
        });
        using var client = agent.Client(streaming: false);

        var items = await client.StreamAsync("hello").ToListAsync();

        Assert.Contains("\"returnImmediately\":true", agent.Requests[0].Body, StringComparison.Ordinal);
        Assert.Equal(["one", " two"], items.Where(each => each.ArtifactUpdate is not null).Select(each =>
            each.ArtifactUpdate!.Artifact.Parts.Single().Text));
        Assert.Equal(4, items.Count);
    }

    [Fact]
    public async Task AStreamThatNeverComesBackFails()
    {
        using var agent = new StubHandler((_, count) => count == 1
            ? StubHandler.Broken(Begun) : throw new HttpRequestException(HttpRequestError.ConnectionError, "refused"));
        using var client = agent.Client();

        var thrown = await Assert.ThrowsAsync<A2AClientException>(async () => await client.StreamAsync("hello").ToListAsync());

        Assert.Equal(A2AError.Unavailable, thrown.Error);
        Assert.Equal(5, agent.Requests.Count);
    }

    [Fact]
    public async Task AnAnswerInPlaceOfAStreamIsItsOnlyEvent()
    {
        using var agent = new StubHandler((_, _) => StubHandler.Result("""{"message":{"messageId":"m","role":"ROLE_AGENT","parts":[{"text":"hi"}]}}"""));
        using var client = agent.Client();

        Assert.Equal("hi", Assert.Single(await client.StreamAsync("hello").ToListAsync()).Message!.Parts[0].Text);
    }

    [Fact]
    public async Task AQuietTaskIsFollowedHoweverOftenItsConnectionBreaks()
    {
        using var agent = new StubHandler((_, count) =>
            count < 30 ? StubHandler.Broken(Begun) : StubHandler.Stream(Whole("TASK_STATE_COMPLETED", "one")));
        using var client = agent.Client();

        var items = await client.StreamAsync("hello").ToListAsync();

        Assert.Equal("one", Followed.TextOf(items, "a"));
    }

    [Fact]
    public async Task ASilentStreamIsResumedOnceItsTaskIsKnown()
    {
        using var agent = new StubHandler((_, count) =>
            count < 10 ? StubHandler.Silent(Begun) : StubHandler.Stream(Whole("TASK_STATE_COMPLETED", "one")));
        using var client = agent.Client(new() { ResendMessages = false, TimeProvider = new ImpatientTime() });

        Assert.Equal("one", Followed.TextOf(await client.StreamAsync("hello").ToListAsync(), "a"));
    }

    [Fact]
    public async Task AMessageIsNotStreamedAgainToAnAgentThatIsSilent()
    {
        using var agent = new StubHandler((_, _) => StubHandler.Silent());
        using var client = agent.Client();

        await Assert.ThrowsAsync<A2AClientException>(async () => await client.StreamAsync("hello").ToListAsync());

        Assert.Single(agent.Requests);
    }

    [Fact]
    public async Task AQuestionEndsAResumedStreamToo()
    {
        // A subscription goes on after it.
        using var agent = new StubHandler((_, count) => count == 1
            ? StubHandler.Broken(Begun) : StubHandler.Broken(Begun, Status("TASK_STATE_INPUT_REQUIRED"), Over));
        using var client = agent.Client();

        var items = await client.StreamAsync("hello").ToListAsync();

        Assert.Equal(TaskState.InputRequired, Followed.StateOf(items[^1]));
        Assert.Equal(2, agent.Requests.Count);
    }

    [Fact]
    public async Task ADelayThatARejectionNamesIsNotWaitedFor()
    {
        var time = new ImpatientTime();
        using var agent = new StubHandler((request, count) => request.Body.Contains("GetTask", StringComparison.Ordinal)
            ? StubHandler.Result(Bare("TASK_STATE_COMPLETED", "one"))
            : count == 1 ? StubHandler.Broken(Begun)
            : new(HttpStatusCode.InternalServerError) { Headers = { { "Retry-After", "50" } } });
        using var client = agent.Client(new() { TimeProvider = time });

        await client.StreamAsync("hello").ToListAsync();

        Assert.All(time.Delays, delay => Assert.True(delay < TimeSpan.FromSeconds(50), $"{delay}"));
    }

    [Fact]
    public async Task ASubscriptionToAnAgentThatSendsChangesOnlyBeginsWithTheTask()
    {
        using var agent = new StubHandler((request, count) => request.Body.Contains("GetTask", StringComparison.Ordinal)
            ? StubHandler.Result(Bare(count == 2 ? "TASK_STATE_WORKING" : "TASK_STATE_COMPLETED", "one two three "))
            : StubHandler.Stream(Chunk("three ", append: true), Over));
        using var client = agent.Client();

        var items = await client.SubscribeAsync("t").ToListAsync();

        Assert.NotNull(items[0].Task);
        Assert.Equal("one two three ", Followed.TextOf(items, "a"));
        Assert.Equal(2, items.Count);
    }

    [Fact]
    public async Task IdsThatAreNoNumbersAreNotTrusted()
    {
        // Some agents give ids and begin anew all the same. "two " is in the task and follows it.
        using var agent = new StubHandler((request, count) => request.Body.Contains("GetTask", StringComparison.Ordinal)
            ? StubHandler.Result(Bare("TASK_STATE_COMPLETED", "one two "))
            : count == 1 ? StubHandler.Broken("17|" + Begun, "18|" + Chunk("one "))
            : StubHandler.Stream("27|" + Whole("TASK_STATE_WORKING", "one two "), "28|" + Chunk("two ", append: true), "29|" + Over));
        using var client = agent.Client();

        var items = await client.StreamAsync("hello").ToListAsync();

        Assert.Equal("one two ", Followed.TextOf(items, "a"));
        Assert.Equal(TaskState.Completed, Followed.StateOf(items[^1]));
    }

    [Fact]
    public async Task AReadThatFailsOnceAmongManyIsRepeated()
    {
        using var agent = new StubHandler((_, count) => count switch
        {
            1 => StubHandler.Result(Begun),
            15 => new(HttpStatusCode.ServiceUnavailable),
            < 30 => StubHandler.Result(Bare("TASK_STATE_WORKING", "one")),
            _ => StubHandler.Result(Bare("TASK_STATE_COMPLETED", "one")),
        });
        using var client = agent.Client(streaming: false);

        var items = await client.StreamAsync("hello").ToListAsync();

        Assert.Equal(TaskState.Completed, Followed.StateOf(items[^1]));
    }

    [Theory]
    [InlineData(-32001)]
    [InlineData(-32601)]
    [InlineData(-32602)]
    [InlineData(-32603)]
    public async Task HoweverASubscriptionIsRejectedTheTaskIsRead(int code)
    {
        using var agent = new StubHandler((request, count) => request.Body.Contains("GetTask", StringComparison.Ordinal)
            ? StubHandler.Result(Bare("TASK_STATE_COMPLETED", "one"))
            : count == 1 ? StubHandler.Broken(Begun) : StubHandler.Error(code, "Task t is in a terminal state."));
        using var client = agent.Client();

        Assert.Equal("one", Followed.TextOf(await client.StreamAsync("hello").ToListAsync(), "a"));
        Assert.Equal("one", Followed.TextOf(await client.SubscribeAsync("t").ToListAsync(), "a"));
    }

    [Fact]
    public async Task ASubscriptionThatIsNotAllowedFails()
    {
        using var agent = new StubHandler((_, count) =>
            count == 1 ? StubHandler.Broken(Begun) : new(HttpStatusCode.Forbidden));
        using var client = agent.Client();

        var thrown = await Assert.ThrowsAsync<A2AClientException>(async () => await client.StreamAsync("hello").ToListAsync());

        Assert.Equal(A2AError.PermissionDenied, thrown.Error);
        Assert.Equal(2, agent.Requests.Count);
    }

    [Fact]
    public async Task WhatWasMissedOfAnAgentThatSendsChangesOnlyIsRead()
    {
        // The agent begins with what happens next. "two " came while nobody listened.
        using var agent = new StubHandler((request, count) => request.Body.Contains("GetTask", StringComparison.Ordinal)
            ? StubHandler.Result(Bare(count == 3 ? "TASK_STATE_WORKING" : "TASK_STATE_COMPLETED", "one two three "))
            : count == 1 ? StubHandler.Broken(Begun, Chunk("one ")) : StubHandler.Stream(Chunk("three ", append: true), Over));
        using var client = agent.Client();

        var items = await client.StreamAsync("hello").ToListAsync();

        Assert.Equal("one two three ", Followed.TextOf(items, "a"));
        Assert.All(items.Skip(2).SkipLast(1), each => Assert.True(each.ArtifactUpdate!.Append));
        Assert.Equal(TaskState.Completed, Followed.StateOf(items[^1]));
    }

    [Fact]
    public async Task WhatCameTwiceIsSetRightBeforeTheEnd()
    {
        // The agent listens before it reads the task, so that "two " is in the task and follows it.
        using var agent = new StubHandler((request, count) => request.Body.Contains("GetTask", StringComparison.Ordinal)
            ? StubHandler.Result(Bare("TASK_STATE_COMPLETED", "one two "))
            : count == 1 ? StubHandler.Broken(Begun, Chunk("one "))
            : StubHandler.Stream(Whole("TASK_STATE_WORKING", "one two "), Chunk("two ", append: true), Over));
        using var client = agent.Client();

        var items = await client.StreamAsync("hello").ToListAsync();

        Assert.Equal("one two ", Followed.TextOf(items, "a"));
        Assert.Equal(TaskState.Completed, Followed.StateOf(items[^1]));
        Assert.Single(items, Followed.IsTerminal);
    }

    [Fact]
    public async Task AnEndThatCannotBeReadIsStillTheEnd()
    {
        using var agent = new StubHandler((request, count) => request.Body.Contains("GetTask", StringComparison.Ordinal)
            ? StubHandler.Error(-32001, "There is no task t.")
            : count == 1 ? StubHandler.Broken(Begun, Chunk("one ")) : StubHandler.Stream(Whole("TASK_STATE_WORKING", "one "), Over));
        using var client = agent.Client();

        var items = await client.StreamAsync("hello").ToListAsync();

        Assert.Equal(TaskState.Completed, Followed.StateOf(items[^1]));
    }

    [Fact]
    public async Task ASubscriptionThatBringsNothingIsHelpedByReading()
    {
        using var agent = new StubHandler((request, count) => request.Body.Contains("GetTask", StringComparison.Ordinal)
            ? StubHandler.Result(Bare(count < 20 ? "TASK_STATE_WORKING" : "TASK_STATE_COMPLETED", "one"))
            : count == 1 ? StubHandler.Broken(Begun) : StubHandler.Broken());
        using var client = agent.Client();

        var items = await client.StreamAsync("hello").ToListAsync();

        Assert.Equal("one", Followed.TextOf(items, "a"));
        Assert.Equal(3, items.Count);
    }

    [Fact]
    public async Task AnArtifactWithoutPartsIsAnEvent()
    {
        // ProtoJSON leaves out empty lists, such as that of a last chunk.
        const string Last = """{"artifactUpdate":{"taskId":"t","contextId":"c","artifact":{"artifactId":"a"},"append":true,"lastChunk":true}}""";
        using var agent = new StubHandler((_, _) => StubHandler.Stream(Begun, Chunk("one"), Last, Over));
        using var client = agent.Client();

        var items = await client.StreamAsync("hello").ToListAsync();

        Assert.Empty(items[2].ArtifactUpdate!.Artifact.Parts);
        Assert.Equal(4, items.Count);
    }

    [Fact]
    public async Task TheTimeThatTheCallerTakesIsNoSilenceOfTheAgents()
    {
        var time = new ManualTimeProvider();
        using var agent = new StubHandler((_, _) => StubHandler.Stream(Begun, Chunk("one"), Over));
        using var client = agent.Client(new() { TimeProvider = time });

        await foreach (var item in client.StreamAsync("hello"))
            time.Advance(TimeSpan.FromHours(1));

        Assert.Single(agent.Requests);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    public async Task AQuestionOfAPolledTaskIsSeenThoughAnArtifactBecameShorter(string text)
    {
        using var agent = new StubHandler((_, count) => count switch
        {
            1 => StubHandler.Result(Begun),
            2 => StubHandler.Result(Bare("TASK_STATE_WORKING", "abcdef")),
            < 10 when text.Length > 0 => StubHandler.Result(Bare("TASK_STATE_INPUT_REQUIRED", text)),
            < 10 => StubHandler.Result("""{"id":"t","contextId":"c","status":{"state":"TASK_STATE_INPUT_REQUIRED"}}"""),
            _ => StubHandler.Result(Bare("TASK_STATE_COMPLETED", "too late")),
        });
        using var client = agent.Client(streaming: false);

        var items = await client.StreamAsync("hello").ToListAsync();

        Assert.Equal(TaskState.InputRequired, Followed.StateOf(items[^1]));
        Assert.Equal(text.Length > 0 ? text : "abcdef", Followed.TextOf(items, "a"));
        Assert.Equal(3, agent.Requests.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AQuestionOfAResumedStreamIsSeenThoughAnArtifactBecameShorter(bool isInTask)
    {
        using var agent = new StubHandler((request, count) => request.Body.Contains("GetTask", StringComparison.Ordinal)
            ? StubHandler.Result(Bare("TASK_STATE_INPUT_REQUIRED", "abc"))
            : count == 1 ? StubHandler.Broken(Begun, Chunk("abcdef"))
            : count > 10 ? StubHandler.Stream(Whole("TASK_STATE_COMPLETED", "too late"))
            : isInTask ? StubHandler.Stream(Whole("TASK_STATE_INPUT_REQUIRED", "abc"))
            : StubHandler.Stream(Whole("TASK_STATE_WORKING", "abc"), Status("TASK_STATE_INPUT_REQUIRED")));
        using var client = agent.Client();

        var items = await client.StreamAsync("hello").ToListAsync();

        Assert.Equal(TaskState.InputRequired, Followed.StateOf(items[^1]));
        Assert.Equal("abc", Followed.TextOf(items, "a"));
        Assert.Equal(3, agent.Requests.Count);
    }

    private static string Status(string state) =>
        $$$$"""{"statusUpdate":{"taskId":"t","contextId":"c","status":{"state":"{{{{state}}}}"}}}""";

    private static string Chunk(string text, bool append = false) =>
        $$$"""{"artifactUpdate":{"taskId":"t","contextId":"c","artifact":{"artifactId":"a","parts":[{"text":"{{{text}}}"}]},"append":{{{(append ? "true" : "false")}}}}}""";

    private static string Bare(string state, string text) =>
        $$$"""{"id":"t","contextId":"c","status":{"state":"{{{state}}}","timestamp":"2026-01-01T00:00:00Z"},"artifacts":[{"artifactId":"a","parts":[{"text":"{{{text}}}"}]}]}""";

    private static string Whole(string state, string text) => $$"""{"task":{{Bare(state, text)}}}""";
}
