using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Security;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Grpc.Tests.Calls;

/// <summary>The pings that keep silent streams open and find those whose client is gone.</summary>
public class KeepAliveTests
{
    /// <summary>The shortest time that Kestrel accepts.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private static Metadata Alice => new() { { "x-api-key", KnownCallers.KeyOf("alice") } };

    [Fact]
    public void ClientsArePingedEvery15SecondsAndHave20ToAnswer()
    {
        var limits = LimitsOf(_ => { });

        Assert.Equal(
            (TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(20)), (limits.KeepAlivePingDelay, limits.KeepAlivePingTimeout));
    }

    [Fact]
    public void TheProgramsOwnIntervalWins()
    {
        var own = TimeSpan.FromMinutes(3);

        Assert.Equal(own, LimitsOf(kestrel => kestrel.Limits.Http2.KeepAlivePingDelay = own).KeepAlivePingDelay);
    }

    [Fact]
    public async Task ASilentStreamStaysOpenWhileItsClientAnswersPings()
    {
        // A slow machine has time to answer. Kestrel sends no second ping before the first one is answered.
        await using var host = await StartAsync(pingTimeout: Guard.Limit);
        using var channel = host.NewChannel();
        var client = new V1.A2AService.A2AServiceClient(channel);
        var taskId = await SubmitAsync(client);
        using var silent = await SubscribeAsync(host, taskId);

        for (var i = 0; i < 2; i++)
        {
            var ping = await silent.ReadAsync(RawCall.Ping).WithinLimit("a ping is sent");
            Assert.NotNull(ping);
            await silent.AnswerAsync(ping);
        }

        using var refused = client.SubscribeToTask(new() { Id = taskId }, Alice);
        var full = await Assert.ThrowsAsync<RpcException>(() => refused.ResponseStream.MoveNext(default));
        Assert.Equal(StatusCode.ResourceExhausted, full.StatusCode);
    }

    [Fact]
    public async Task ASilentStreamEndsWhenItsClientDoesNotAnswerPings()
    {
        await using var host = await StartAsync(pingTimeout: Shortest);
        using var channel = host.NewChannel();
        var client = new V1.A2AService.A2AServiceClient(channel);
        var taskId = await SubmitAsync(client);
        using var silent = await SubscribeAsync(host, taskId);

        while (await silent.ReadAsync(RawCall.Ping).WithinLimit("the connection is closed") is not null)
        {
        }

        await CallTests.SucceedsAsync(async () =>
        {
            using var next = client.SubscribeToTask(new() { Id = taskId }, Alice);
            await next.ResponseStream.MoveNext(default);
        }).WithinLimit("the stream has ended on the server");
    }

    /// <summary>A host that pings as often as Kestrel can, and where a caller may have one stream.</summary>
    private static Task<AgentHost> StartAsync(TimeSpan pingTimeout) => AgentHost.StartAsync(
        services => services.Configure<KestrelServerOptions>(kestrel =>
            (kestrel.Limits.Http2.KeepAlivePingDelay, kestrel.Limits.Http2.KeepAlivePingTimeout) = (Shortest, pingTimeout)),
        [.. KnownCallers.Settings, ("Limits:OpenStreams", "1")]);

    /// <summary>Sends a message whose task says nothing.</summary>
    private static async Task<string> SubmitAsync(V1.A2AService.A2AServiceClient client) => (await client.SendMessageAsync(
        new()
        {
            Message = new() { MessageId = "m", Role = V1.Role.User, Parts = { new V1.Part { Text = "hold:silence" } } },
            Configuration = new() { ReturnImmediately = true },
        },
        Alice)).Task.Id;

    /// <summary>Opens the task's stream on a connection that answers no ping by itself.</summary>
    private static async Task<RawCall> SubscribeAsync(AgentHost host, string taskId)
    {
        var call = await RawCall.StartAsync(
            host.GrpcAddress, "/lf.a2a.v1.A2AService/SubscribeToTask", new V1.SubscribeToTaskRequest { Id = taskId },
            ("x-api-key", KnownCallers.KeyOf("alice")));
        Assert.NotNull(await call.ReadAsync(RawCall.Data).WithinLimit("the stream begins"));
        return call;
    }

    private static Http2Limits LimitsOf(Action<KestrelServerOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddA2AGrpc();
        services.Configure(configure);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.Http2;
    }
}
