using System.Text.Json;
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

    private sealed class Intercepting(Action<HttpRequestMessage> onRequest) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            onRequest(request);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
