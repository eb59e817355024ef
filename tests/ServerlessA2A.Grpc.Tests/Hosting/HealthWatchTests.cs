using System.Threading.Channels;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServerlessA2A.Tests.Hosting;
using ServerlessA2A.Tests.Support;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace ServerlessA2A.Grpc.Tests.Hosting;

/// <summary><c>Watch</c> of the health service.</summary>
public sealed class HealthWatchTests : IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _clock = new();
    private readonly Channel<HealthStatus> _checks = Channel.CreateUnbounded<HealthStatus>();
    private HealthStatus _status = HealthStatus.Healthy;
    private WebHost _host = null!;
    private GrpcChannel _channel = null!;

    private Health.HealthClient Client => new(_channel);

    public async Task InitializeAsync()
    {
        _host = await WebHost.StartAsync(ScriptedAgent.Saying(), app => app.MapA2AGrpc(), services =>
        {
            services.AddSingleton<TimeProvider>(_clock);
            services.AddA2AGrpc();
            services.AddHealthChecks().AddCheck("a2a-store", () =>
            {
                _checks.Writer.TryWrite(_status);
                return new HealthCheckResult(_status);
            });
        });
        _channel = _host.NewChannel();
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("lf.a2a.v1.A2AService")]
    [InlineData("a2a.v1.A2AService")]
    public async Task EachChangeIsSentAndNothingElse(string service)
    {
        using var watch = Client.Watch(new() { Service = service });

        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));
        await AdvanceAsync(HealthStatus.Healthy);
        await AdvanceAsync(HealthStatus.Degraded);
        await AdvanceAsync(HealthStatus.Unhealthy);
        Assert.Equal(ServingStatus.NotServing, await NextAsync(watch));
        await AdvanceAsync(HealthStatus.Unhealthy);
        await AdvanceAsync(HealthStatus.Healthy);
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));
    }

    [Fact]
    public async Task AServiceThatIsNotThereIsUnknownAndTheWatchStaysOpen()
    {
        using var watch = Client.Watch(new() { Service = "nothing" });

        Assert.Equal(ServingStatus.ServiceUnknown, await NextAsync(watch));
        var next = watch.ResponseStream.MoveNext(default);
        await _host.StopAsync();

        Assert.False(await next.WithinLimit("the watch has ended with the host"));
    }

    [Fact]
    public async Task AStoppingHostIsNotServing()
    {
        using var watch = Client.Watch(new());
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));

        await _host.StopAsync();

        Assert.Equal(ServingStatus.NotServing, await NextAsync(watch));
        Assert.False(await watch.ResponseStream.MoveNext(default).WithinLimit("the watch has ended"));
    }

    [Fact]
    public async Task OpenWatchesAreLimitedAndACanceledOneMakesRoom()
    {
        var open = Enumerable.Range(0, 100).Select(_ => Client.Watch(new())).ToList();
        foreach (var watch in open)
            Assert.Equal(ServingStatus.Serving, await NextAsync(watch));

        Assert.Equal(StatusCode.ResourceExhausted, await RefusalAsync());
        open[0].Dispose();
        await UntilAdmittedAsync().WithinLimit("a canceled watch has made room");

        open.ForEach(watch => watch.Dispose());
    }

    /// <summary>Lets an interval pass, and waits until the status has been checked again.</summary>
    private async Task AdvanceAsync(HealthStatus status)
    {
        while (_checks.Reader.TryRead(out _))
        {
        }

        _status = status;
        _clock.Advance(Interval);
        Assert.Equal(status, await _checks.Reader.ReadAsync().AsTask().WithinLimit("the status is checked"));
    }

    private async Task UntilAdmittedAsync()
    {
        while (await RefusalAsync() is not null)
            await Task.Yield();
    }

    private async Task<StatusCode?> RefusalAsync()
    {
        using var watch = Client.Watch(new());
        try
        {
            await watch.ResponseStream.MoveNext(default);
            return null;
        }
        catch (RpcException refusal)
        {
            return refusal.StatusCode;
        }
    }

    private static async Task<ServingStatus> NextAsync(AsyncServerStreamingCall<HealthCheckResponse> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(default).WithinLimit("a status is sent"));
        return watch.ResponseStream.Current.Status;
    }
}
