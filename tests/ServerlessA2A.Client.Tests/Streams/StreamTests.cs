using ServerlessA2A.Client.Tests.Support;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tests.Bindings.Harness;

namespace ServerlessA2A.Client.Tests.Streams;

/// <summary>Streams of this library's own server, in each version and binding.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private AgentHost _host = null!;

    public async Task InitializeAsync() => _host = await AgentHost.StartAsync(("Agent:Replies", "true"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(Wire.All), MemberType = typeof(Wire))]
    public async Task AStreamBeginsWithTheTaskAndEndsWithItsEnd(string wire)
    {
        using var client = Wire.ClientOf(_host, wire);

        var items = await client.StreamAsync("chunks:5").ToListAsync();

        Assert.NotNull(items[0].Task);
        Assert.Equal(TaskState.Completed, Followed.StateOf(items[^1]));
        Assert.Equal("chunk 0 chunk 1 chunk 2 chunk 3 chunk 4 ", Followed.TextOf(items, "text"));
    }

    [Theory]
    [MemberData(nameof(Wire.All), MemberType = typeof(Wire))]
    public async Task AReplyIsTheWholeStream(string wire)
    {
        using var client = Wire.ClientOf(_host, wire);

        Assert.Equal("hi", Assert.Single(await client.StreamAsync("reply:hi").ToListAsync()).Message!.Parts[0].Text);
    }

    [Theory]
    [MemberData(nameof(Wire.All), MemberType = typeof(Wire))]
    public async Task AQuestionEndsTheStreamOfASendButNoSubscription(string wire)
    {
        using var client = Wire.ClientOf(_host, wire);

        var asked = await client.StreamAsync("ask").ToListAsync();
        var taskId = asked[0].Task!.Id;
        Assert.Equal(TaskState.InputRequired, Followed.StateOf(asked[^1]));
        await using var subscription = client.SubscribeAsync(taskId).GetAsyncEnumerator();
        Assert.True(await subscription.MoveNextAsync());
        Assert.Equal(TaskState.InputRequired, subscription.Current.Task!.Status.State);
        var answered = await client.StreamAsync(Wire.Message("ask", taskId: taskId)).ToListAsync();
        var last = subscription.Current;
        while (await subscription.MoveNextAsync()) last = subscription.Current;

        Assert.Equal(TaskState.Completed, Followed.StateOf(answered[^1]));
        Assert.Equal(TaskState.Completed, Followed.StateOf(last));
    }

    [Theory]
    [MemberData(nameof(Wire.All), MemberType = typeof(Wire))]
    public async Task ASubscriptionToAFinishedTaskIsTheTask(string wire)
    {
        using var client = Wire.ClientOf(_host, wire);
        var task = (await client.SendAsync("hello")).Task!;

        var items = await client.SubscribeAsync(task.Id).ToListAsync();

        Assert.Equal(TaskState.Completed, Assert.Single(items).Task!.Status.State);
    }

    [Theory]
    [MemberData(nameof(Wire.All), MemberType = typeof(Wire))]
    public async Task AStreamThatTheAgentEndsInTimeIsOpenedAgain(string wire)
    {
        await using var host = await AgentHost.StartAsync(("Http:RequestTimeLimit", "00:00:01"));
        var streams = 0;
        using var network = new WatchedNetwork(() =>
        {
            // The first stream has ended, and another one was opened.
            if (Interlocked.Increment(ref streams) == 2) host.Agent.Release("gate");
        });
        using var http = new HttpClient(network);
        using var client = Wire.ClientOf(host, wire, http: http);

        var items = await client.StreamAsync("hold:gate").ToListAsync();

        Assert.True(streams >= 2);
        Assert.Equal(TaskState.Completed, Followed.StateOf(items[^1]));
        Assert.Equal("hold:gate", Followed.TextOf(items, "echo"));
    }

    private sealed class WatchedNetwork(Action onStream) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (response.Content.Headers.ContentType?.MediaType is "text/event-stream" or "application/grpc") onStream();
            return response;
        }
    }
}
