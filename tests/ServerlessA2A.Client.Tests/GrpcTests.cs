using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Client.Credentials;
using ServerlessA2A.Client.Tests.Support;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Security;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Client.Tests;

/// <summary>What only gRPC has: its addresses, its metadata, and its own errors.</summary>
public sealed class GrpcTests
{
    [Theory]
    [MemberData(nameof(Wire.OverGrpc), MemberType = typeof(Wire))]
    public async Task CredentialsAreMetadata(string wire)
    {
        await using var host = await AgentHost.StartAsync([.. KnownCallers.Settings]);
        var options = Wire.Options(wire);
        options.Credentials.Add(AgentCredential.ApiKey(KnownCallers.KeyOf("alice"), "X-API-Key"));
        using var known = Wire.ClientOf(host, wire, options);
        using var unknown = Wire.ClientOf(host, wire);

        Assert.NotNull((await known.SendAsync("hello")).Task);
        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => unknown.SendAsync("hello"));
        Assert.Equal(A2AError.Unauthenticated, thrown.Error);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task AHostWithAPortIsAnAddress(string name)
    {
        await using var host = await AgentHost.StartAsync();
        using var client = new A2AClient(Wire.Card($"{name}:{host.GrpcAddress.Port}", "GRPC"), Wire.Options("1.0 GRPC"));

        Assert.NotNull((await client.SendAsync("hello")).Task);
    }

    [Fact]
    public async Task AnAgentThatIsNotThereIsUnavailableAfterAllAttempts()
    {
        var options = Wire.Options("1.0 GRPC");
        options.ResendMessages = false;
        var attempts = 0;
        using var network = new Intercepting(_ => attempts++);
        using var http = new HttpClient(network);
        using var client = new A2AClient(Wire.Card($"http://127.0.0.1:{FreePort.Find()}", "GRPC"), options, http);

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.SendAsync("hello"));

        Assert.Equal(A2AError.Unavailable, thrown.Error);
        Assert.Equal(options.MaxAttempts, attempts);
    }

    [Fact]
    public async Task AnAnswerThatIsTooLongIsNotReadAndNotAskedForAgain()
    {
        await using var host = await AgentHost.StartAsync();
        var options = Wire.Options("1.0 GRPC");
        options.MaxResponseSize = 100;
        var attempts = 0;
        using var network = new Intercepting(_ => attempts++);
        using var http = new HttpClient(network);
        using var client = Wire.ClientOf(host, "1.0 GRPC", options, http);

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.SendAsync("echo:" + new string('x', 200)));

        Assert.Equal((A2AError.InvalidAgentResponse, 1), (thrown.Error, attempts));
    }

    [Theory]
    [InlineData("https://[bad")]
    [InlineData("a b:443")]
    [InlineData("evil.com://agent.example.com")]
    [InlineData("//agent.example.com")]
    public void AnAddressThatIsNoneIsTheCardsFault(string url)
    {
        var thrown = Assert.Throws<A2AClientException>(() => new A2AClient(Wire.Card(url, "GRPC"), Wire.Options("1.0 GRPC")));

        Assert.Equal(A2AError.InvalidAgentResponse, thrown.Error);
    }

    [Theory]
    [MemberData(nameof(Wire.OverGrpc), MemberType = typeof(Wire))]
    public async Task DataIsAsDeepAsInTheOtherBindings(string wire)
    {
        await using var host = await AgentHost.StartAsync();
        using var client = Wire.ClientOf(host, wire);
        var deep = string.Concat(Enumerable.Repeat("""{"a":""", 45)) + "1" + new string('}', 45);
        var request = Wire.Message("hello");
        var parts = new[] { Part.FromText("hello"), Part.FromData(JsonElement.Parse(deep)) };

        var sent = await client.SendAsync(request with { Message = request.Message with { Parts = parts } });

        var task = await client.GetTaskAsync(sent.Task!.Id);
        Assert.Equal(deep, task.History![0].Parts[1].Data!.Value.GetRawText());
    }

    [Theory]
    [MemberData(nameof(Wire.OverGrpc), MemberType = typeof(Wire))]
    public async Task DataThatProtocolBuffersDoNotHaveIsTheCallersFault(string wire)
    {
        await using var host = await AgentHost.StartAsync();
        using var client = Wire.ClientOf(host, wire);
        var request = Wire.Message("hello");
        var parts = new[] { Part.FromData(JsonElement.Parse("1e999")) };

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() =>
            client.SendAsync(request with { Message = request.Message with { Parts = parts } }));

        Assert.Equal(A2AError.InvalidParams, thrown.Error);
    }

    [Fact]
    public async Task ACallMayHaveNoLimit()
    {
        await using var host = await AgentHost.StartAsync();
        var options = Wire.Options("1.0 GRPC");
        options.Timeout = options.SendTimeout = Timeout.InfiniteTimeSpan;
        using var client = Wire.ClientOf(host, "1.0 GRPC", options);

        Assert.NotNull((await client.SendAsync("hello")).Task);
    }

    [Fact]
    public async Task ACanceledCallThrowsCancellation()
    {
        await using var host = await AgentHost.StartAsync();
        using var client = Wire.ClientOf(host, "1.0 GRPC");
        using var cancellation = new CancellationTokenSource();
        var items = client.StreamAsync("hold:cancel", cancellation.Token).GetAsyncEnumerator(cancellation.Token);
        Assert.True(await items.MoveNextAsync());

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await items.MoveNextAsync())
            {
            }
        });
        await items.DisposeAsync();
    }

    [Fact]
    public async Task VersionAndExtensionsAndDeadlineAreMetadata()
    {
        await using var host = await AgentHost.StartAsync();
        var options = Wire.Options("1.0 GRPC");
        options.Extensions.Add("https://x.example/e");
        var headers = new List<string>();
        using var network = new Intercepting(request => headers.AddRange(request.Headers.Select(each =>
            each.Key.Equals("grpc-timeout", StringComparison.OrdinalIgnoreCase)
                ? "grpc-timeout" : $"{each.Key}: {string.Join(",", each.Value)}")));
        using var http = new HttpClient(network);
        using var client = Wire.ClientOf(host, "1.0 GRPC", options, http);

        await client.SendAsync("hello");

        Assert.Contains("grpc-timeout", headers);
        Assert.Contains("A2A-Version: 1.0", headers);
        Assert.Contains("A2A-Extensions: https://x.example/e", headers);
    }

    [Fact]
    public async Task ACompressedAnswerThatIsTooLongIsNotReadWhole()
    {
        using var agent = new StubHandler((_, _) => StubHandler.Grpc(0, null, (true, Zipped(64 * 1024 * 1024))));
        var options = Wire.Options("1.0 GRPC");
        options.MaxResponseSize = 1024 * 1024;
        using var client = agent.Client(options, binding: "GRPC");

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetTaskAsync("t"));

        Assert.Equal(A2AError.InvalidAgentResponse, thrown.Error);
        Assert.Contains("exceeds", thrown.Message, StringComparison.Ordinal);
        Assert.Single(agent.Requests);
    }

    [Fact]
    public async Task ACompressedAnswerIsRead()
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionMode.Compress)) gzip.Write(WorkingTask());
        using var agent = new StubHandler((_, _) => StubHandler.Grpc(0, null, (true, zipped.ToArray())));
        using var client = agent.Client(Wire.Options("1.0 GRPC"), binding: "GRPC");

        Assert.Equal("t", (await client.GetTaskAsync("t")).Id);
    }

    [Fact]
    public async Task TheLimitOfTheHttpClientSendsNoMessageAgain()
    {
        await using var host = await AgentHost.StartAsync();
        var attempts = 0;
        using var network = new Intercepting(_ => attempts++);
        using var http = new HttpClient(network) { Timeout = TimeSpan.FromSeconds(1) };
        using var client = Wire.ClientOf(host, "1.0 GRPC", http: http);

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.SendAsync("hold:limit"));

        Assert.Equal((A2AError.Unavailable, 1), (thrown.Error, attempts));
    }

    [Fact]
    public async Task AMessageIsNotSentAgainWhenCredentialsExpireAfterAnEvent()
    {
        using var agent = new StubHandler((request, _) => request.Url.Host == "issuer.example.com"
            ? StubHandler.Json("""{"access_token":"token","expires_in":3600}""")
            : StubHandler.Grpc(16, null, (false, StubHandler.Field(1, WorkingTask()))));
        var options = Wire.Options("1.0 GRPC");
        options.Credentials.Add(AgentCredential.ClientCredentials(new Uri("https://issuer.example.com/token"), "me", "secret"));
        using var client = agent.Client(options, binding: "GRPC");
        var items = new List<StreamResponse>();

        var thrown = await Assert.ThrowsAsync<A2AClientException>(async () =>
        {
            await foreach (var item in client.StreamAsync("hello")) items.Add(item);
        });

        Assert.Equal(A2AError.Unauthenticated, thrown.Error);
        Assert.Single(items);
        Assert.Single(agent.Requests, each => each.Url.AbsolutePath.EndsWith("/SendStreamingMessage", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheStreamOfAMessageMayTakeAsLongToBeginAsASend()
    {
        await using var host = await AgentHost.StartAsync(("Agent:Replies", "true"));
        var options = Wire.Options("1.0 GRPC");
        // Over at once on this clock.
        options.Timeout = TimeSpan.FromSeconds(1);
        using var client = Wire.ClientOf(host, "1.0 GRPC", options);
        await using var items = client.StreamAsync("reply-after:begin").GetAsyncEnumerator();
        var first = items.MoveNextAsync().AsTask();
        await Task.WhenAny(first, Task.Delay(500));

        host.Agent.Release("begin");

        Assert.True(await first);
        Assert.Equal("begin", items.Current.Message!.Parts[0].Text);
    }

    [Fact]
    public async Task CallsDoNotWaitForAPlaceOnOneConnection()
    {
        // The server's own limit would end the held stream, and make place, before the test fails.
        await using var host = await AgentHost.StartAsync(
            services => services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.Http2.MaxStreamsPerConnection = 1),
            ("Http:RequestTimeLimit", "00:10:00"));
        using var client = Wire.ClientOf(host, "1.0 GRPC");
        await using var held = client.StreamAsync("hold:place").GetAsyncEnumerator();
        Assert.True(await held.MoveNextAsync());

        var task = await client.GetTaskAsync(held.Current.Task!.Id).WithinLimit("the task is read");

        Assert.Equal(held.Current.Task.Id, task.Id);
    }

    [Theory]
    [InlineData(1, 2_000_000_000)]
    [InlineData(-1, 0)]
    [InlineData(long.MaxValue, 0)]
    public async Task ADelayThatIsInvalidIsNone(long seconds, int nanos)
    {
        var retry = new Google.Rpc.RetryInfo { RetryDelay = new() { Seconds = seconds, Nanos = nanos } };
        var details = new Google.Rpc.Status { Code = 5, Details = { Google.Protobuf.WellKnownTypes.Any.Pack(retry) } };
        using var agent = new StubHandler((_, _) => StubHandler.Grpc(5, details));
        using var client = agent.Client(Wire.Options("1.0 GRPC"), binding: "GRPC");

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetTaskAsync("t"));

        Assert.Equal((A2AError.TaskNotFound, null), (thrown.Error, thrown.RetryAfter));
    }

    [Fact]
    public async Task AllPagesOfWebhooksAreReadIn0_3()
    {
        static byte[] Webhook(string id) => StubHandler.Field(1, StubHandler.Field(
            2, StubHandler.Field(1, id), StubHandler.Field(2, "https://example.com/hook")));
        using var agent = new StubHandler((request, _) => StubHandler.Grpc(0, null, (false,
            request.Body.Contains("second-page", StringComparison.Ordinal)
                ? Webhook("b") : [.. Webhook("a"), .. StubHandler.Field(2, "second-page")])));
        using var client = new A2AClient(
            Wire.Card("https://agent.example.com", "GRPC", "0.3"), Wire.Options("0.3 GRPC"), new HttpClient(agent));

        var webhooks = await client.ListWebhooksAsync("t").ToListAsync();

        Assert.Equal(["a", "b"], webhooks.Select(each => each.Id));
        Assert.Equal(2, agent.Requests.Count);
    }

    /// <summary>The task t, at work.</summary>
    private static byte[] WorkingTask() =>
        [.. StubHandler.Field(1, "t"), .. StubHandler.Field(2, "c"), .. StubHandler.Field(3, (byte[])[8, 2])];

    private static byte[] Zipped(int zeros)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionMode.Compress)) gzip.Write(new byte[zeros]);
        return zipped.ToArray();
    }

    private sealed class Intercepting(Action<HttpRequestMessage> onRequest) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            onRequest(request);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
