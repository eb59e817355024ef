using ServerlessA2A.Client.Tests.Support;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Tasks;

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

    private static string Chunk(string text, bool append = false) =>
        $$$"""{"artifactUpdate":{"taskId":"t","contextId":"c","artifact":{"artifactId":"a","parts":[{"text":"{{{text}}}"}]},"append":{{{(append ? "true" : "false")}}}}}""";

    private static string Bare(string state, string text) =>
        $$$"""{"id":"t","contextId":"c","status":{"state":"{{{state}}}","timestamp":"2026-01-01T00:00:00Z"},"artifacts":[{"artifactId":"a","parts":[{"text":"{{{text}}}"}]}]}""";

    private static string Whole(string state, string text) => $$"""{"task":{{Bare(state, text)}}}""";
}
