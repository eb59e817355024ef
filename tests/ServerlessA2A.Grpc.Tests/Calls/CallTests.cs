using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Security;
using ServerlessA2A.Tests.Security;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Grpc.Tests.Calls;

/// <summary>What only gRPC has: deadlines, cancellation, sizes of messages, metadata.</summary>
public sealed class CallTests : IAsyncLifetime
{
    private AgentHost _host = null!;

    public async Task InitializeAsync() => _host = await AgentHost.StartAsync(("Http:MaxRequestBytes", "2048"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task ADeadlineEndsTheCallAndNotTheTask()
    {
        using var channel = _host.NewChannel();
        var client = new V1.A2AService.A2AServiceClient(channel);
        var taskId = (await client.SendMessageAsync(Send("hold:deadline", immediately: true))).Task.Id;
        using var stream = client.SubscribeToTask(new() { Id = taskId }, deadline: DateTime.UtcNow.AddSeconds(1));

        var late = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await stream.ResponseStream.MoveNext(default))
            {
            }
        });

        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
        await AssertGoesOnAsync(client, taskId, "deadline");
    }

    [Fact]
    public async Task ACanceledCallEndsItsStreamOnTheServerAndNotTheTask()
    {
        await using var host = await AgentHost.StartAsync(
            [.. KnownCallers.Settings, ("Limits:OpenStreams", "1")]);
        using var channel = host.NewChannel();
        var alice = new Metadata { { "x-api-key", KnownCallers.KeyOf("alice") } };
        var client = new V1.A2AService.A2AServiceClient(channel);
        var taskId = (await client.SendMessageAsync(Send("hold:cancel", immediately: true), alice)).Task.Id;
        using (var stream = client.SubscribeToTask(new() { Id = taskId }, alice))
            Assert.True(await stream.ResponseStream.MoveNext(default));

        // A place among the open streams is free again, sooner or later.
        await SucceedsAsync(async () =>
        {
            using var next = client.SubscribeToTask(new() { Id = taskId }, alice);
            await next.ResponseStream.MoveNext(default);
        }).WithinLimit("the stream has ended on the server");

        host.Agent.Release("cancel");
    }

    [Fact]
    public async Task ADroppedStreamGoesOnWithASubscription()
    {
        using var channel = _host.NewChannel();
        var client = new V1.A2AService.A2AServiceClient(channel);
        string taskId;
        using (var dropped = client.SendStreamingMessage(Send("hold:resume")))
        {
            Assert.True(await dropped.ResponseStream.MoveNext(default));
            taskId = dropped.ResponseStream.Current.Task.Id;
        }

        using var resumed = client.SubscribeToTask(new() { Id = taskId });
        Assert.True(await resumed.ResponseStream.MoveNext(default));
        Assert.Equal(taskId, resumed.ResponseStream.Current.Task.Id);
        _host.Agent.Release("resume");
        V1.StreamResponse? last = null;
        while (await resumed.ResponseStream.MoveNext(default))
            last = resumed.ResponseStream.Current;

        Assert.Equal(V1.TaskState.Completed, last!.StatusUpdate.Status.State);
    }

    // The larger one is above the limit that Kestrel has for bodies.
    [Theory]
    [InlineData(3_000)]
    [InlineData(31_000_000)]
    public async Task AMessageThatIsTooLargeIsRefusedWithTheLimit(int length)
    {
        using var channel = _host.NewChannel();

        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await new V1.A2AService.A2AServiceClient(channel).SendMessageAsync(Send("echo:" + new string('x', length))));

        Assert.Equal(
            (StatusCode.InvalidArgument, "The request's body is larger than 2048 bytes."), (refused.StatusCode, refused.Status.Detail));
    }

    [Fact]
    public async Task AMethodOrServiceThatIsNotThereIsUnimplemented()
    {
        using var channel = _host.NewChannel();
        var bytes = new Marshaller<byte[]>(message => message, message => message);
        foreach (var (service, name) in new[] { ("lf.a2a.v1.A2AService", "QuerySkill"), ("lf.a2a.v9.A2AService", "GetTask") })
        {
            var method = new Method<byte[], byte[]>(MethodType.Unary, service, name, bytes, bytes);
            var refused = await Assert.ThrowsAsync<RpcException>(() =>
                channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, []).ResponseAsync);
            Assert.Equal(StatusCode.Unimplemented, refused.StatusCode);
        }
    }

    [Fact]
    public async Task ManyViolationsFitIntoTheTrailers()
    {
        using var channel = _host.NewChannel();
        var request = Send("echo:x");
        request.Message.Parts.Clear();
        for (var i = 0; i < 500; i++)
            request.Message.Parts.Add(new V1.Part { Url = "" });

        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await new V1.A2AService.A2AServiceClient(channel).SendMessageAsync(request));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Contains("and 499 more", refused.Status.Detail, StringComparison.Ordinal);
        Assert.InRange(refused.Trailers.GetValueBytes("grpc-status-details-bin")!.Length, 1000, 4000);
    }

    /// <summary>A small compressed message could fill the memory, that of an anonymous caller too.</summary>
    [Theory]
    [InlineData("grpc.health.v1.Health/Check")]
    [InlineData("lf.a2a.v1.A2AService/SendMessage")]
    [InlineData("a2a.v1.A2AService/SendStreamingMessage")]
    public async Task AMessageIsMeasuredDecompressed(string method)
    {
        var (status, detail) = await SendZippedAsync(method, new byte[64 * 1024 * 1024]);

        Assert.Equal((StatusCode.ResourceExhausted, "Received message exceeds the maximum configured message size."), (status, detail));
    }

    [Fact]
    public async Task ACompressedMessageIsRead()
    {
        Assert.Equal(StatusCode.OK, (await SendZippedAsync("lf.a2a.v1.A2AService/SendMessage", Send("echo:x").ToByteArray())).Status);
        Assert.Equal(StatusCode.OK, (await SendZippedAsync("grpc.health.v1.Health/Check", [])).Status);
        Assert.Equal(
            (StatusCode.InvalidArgument, "The request's body is larger than 2048 bytes."),
            await SendZippedAsync("lf.a2a.v1.A2AService/SendMessage", Send("echo:" + new string('x', 3000)).ToByteArray()));
    }

    [Fact]
    public async Task TheExtendedCardListsOnlyGrpcWhereNoOtherAddressIsKnown()
    {
        await using var host = await AgentHost.StartAsync(
        [
            .. KnownCallers.Settings, ("Agent:ExtendedCard", "true"), ("Agent:Extended:Description", "more"),
            ("Agent:GrpcUrl", "agent.example.com:443"), ("Security:SigningKeys:0", TestKeys.Jwk(TestKeys.Ec)),
        ]);
        using var channel = host.NewChannel();
        var alice = new Metadata { { "x-api-key", KnownCallers.KeyOf("alice") } };

        var card = await new V1.A2AService.A2AServiceClient(channel).GetExtendedAgentCardAsync(new(), alice);
        var older = await new V0_3.A2AService.A2AServiceClient(channel).GetAgentCardAsync(new(), alice);

        Assert.All(card.SupportedInterfaces, each => Assert.Equal(("GRPC", "agent.example.com:443"), (each.ProtocolBinding, each.Url)));
        Assert.Equal(2, card.SupportedInterfaces.Count);
        Assert.Equal(("GRPC", "agent.example.com:443"), (older.PreferredTransport, older.Url));
        var header = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(card.Signatures[0].Protected));
        Assert.DoesNotContain("jku", header, StringComparison.Ordinal);
    }

    private async Task<(StatusCode Status, string Detail)> SendZippedAsync(string method, byte[] message)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionMode.Compress, leaveOpen: true))
            gzip.Write(message);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, (int)zipped.Length);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_host.GrpcAddress, method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([1, .. length, .. zipped.ToArray()]) { Headers = { ContentType = new("application/grpc") } },
        };
        request.Headers.Add("te", "trailers");
        request.Headers.Add("grpc-encoding", "gzip");
        using var response = await client.SendAsync(request);
        var headers = response.TrailingHeaders.Contains("grpc-status") ? response.TrailingHeaders : response.Headers;
        return (
            (StatusCode)int.Parse(headers.GetValues("grpc-status").Single(), CultureInfo.InvariantCulture),
            headers.TryGetValues("grpc-message", out var details) ? Uri.UnescapeDataString(details.Single()) : "");
    }

    private async Task AssertGoesOnAsync(V1.A2AService.A2AServiceClient client, string taskId, string gate)
    {
        _host.Agent.Release(gate);
        using var stream = client.SubscribeToTask(new() { Id = taskId });
        var state = V1.TaskState.Unspecified;
        try
        {
            while (await stream.ResponseStream.MoveNext(default))
                state = stream.ResponseStream.Current is { StatusUpdate: { } update } ? update.Status.State : state;
        }
        catch (RpcException ended) when (ended.StatusCode == StatusCode.FailedPrecondition)
        {
            // The task has ended already.
        }

        Assert.Equal(V1.TaskState.Completed, (await client.GetTaskAsync(new() { Id = taskId })).Status.State);
    }

    /// <summary>Repeats a call until there is room for it.</summary>
    internal static async Task SucceedsAsync(Func<Task> call)
    {
        while (true)
        {
            try
            {
                await call();
                return;
            }
            catch (RpcException full) when (full.StatusCode == StatusCode.ResourceExhausted)
            {
                await Task.Yield();
            }
        }
    }

    private static V1.SendMessageRequest Send(string text, bool immediately = false) => new()
    {
        Message = new() { MessageId = $"{Guid.NewGuid()}", Role = V1.Role.User, Parts = { new V1.Part { Text = text } } },
        Configuration = new() { ReturnImmediately = immediately },
    };
}
