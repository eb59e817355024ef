using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using ServerlessA2A.Hosting.Health;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace ServerlessA2A.Grpc;

/// <summary>
/// The health service of gRPC (<c>grpc.health.v1.Health</c>): the engine's checks, which <c>AddHealthChecks().AddA2A()</c> adds; serving
/// where there are none. Its own implementation checks only while a client asks; the one of Grpc.AspNetCore.HealthChecks checks for as long
/// as the program runs, also between requests, when Cloud Run gives it no processor.
/// </summary>
internal sealed class GrpcHealth(TimeProvider time, IHostApplicationLifetime lifetime, HealthCheckService? checks = null)
    : Health.HealthBase
{
    /// <summary>As long as the engine's checks reuse their results.</summary>
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(10);

    /// <summary>A bound, because anonymous callers may watch, and for as long as they wish.</summary>
    private const int MostWatches = 100;

    private static readonly string[] Services = ["", V1.A2AService.Descriptor.FullName, V0_3.A2AService.Descriptor.FullName];

    private int _watches;

    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        var status = await ReadAsync(request.Service, context.CancellationToken);
        return status == ServingStatus.ServiceUnknown
            ? throw new RpcException(new Status(StatusCode.NotFound, $"There is no service '{request.Service}'."))
            : new() { Status = status };
    }

    /// <summary>Sends the status, then each change, until the client cancels or the host stops, which is sent as NOT_SERVING.</summary>
    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        try
        {
            if (Interlocked.Increment(ref _watches) > MostWatches)
                throw new RpcException(new Status(StatusCode.ResourceExhausted, $"Too many open calls of Watch: at most {MostWatches}."));
            await WatchAsync(request.Service, responseStream, context.CancellationToken);
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            throw new RpcException(Status.DefaultCancelled);
        }
        finally
        {
            Interlocked.Decrement(ref _watches);
        }
    }

    private async Task WatchAsync(string service, IServerStreamWriter<HealthCheckResponse> stream, CancellationToken aborted)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping);
        using var timer = new PeriodicTimer(WatchInterval, time);
        ServingStatus? sent = null;
        try
        {
            do
            {
                var status = await ReadAsync(service, ended.Token);
                if (status != sent)
                    await stream.WriteAsync(new() { Status = status }, aborted);
                sent = status;
            }
            while (await timer.WaitForNextTickAsync(ended.Token));
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            if (sent == ServingStatus.Serving)
                await stream.WriteAsync(new() { Status = ServingStatus.NotServing }, aborted);
        }
    }

    private async Task<ServingStatus> ReadAsync(string service, CancellationToken cancellationToken)
    {
        if (!Services.Contains(service))
            return ServingStatus.ServiceUnknown;
        var report = checks is null ? null : await checks.CheckHealthAsync(HealthCheckNames.Include, cancellationToken);
        return report is { Status: HealthStatus.Unhealthy } ? ServingStatus.NotServing : ServingStatus.Serving;
    }
}
