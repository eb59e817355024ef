using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Telemetry;

/// <summary>A receiver of OTLP over HTTP on this machine, on a port of its own.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();
    private readonly ConcurrentDictionary<string, bool> _metrics = new();
    private readonly SemaphoreSlim _arrived = new(0);

    private OtlpReceiver(WebApplication server) => _server = server;

    /// <summary>Its address.</summary>
    public string Address => _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>The spans, in the order of their arrival.</summary>
    public IReadOnlyList<ReceivedSpan> Spans => [.. _spans];

    /// <summary>The names of the metrics that have arrived.</summary>
    public IEnumerable<string> Metrics => _metrics.Keys;

    /// <summary>Called with each export before it is answered.</summary>
    public Func<CancellationToken, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        var receiver = new OtlpReceiver(server);
        server.MapPost("/v1/traces", context => receiver.ReceiveAsync(context, body =>
        {
            foreach (var span in OtlpMessages.Spans(body))
                receiver._spans.Enqueue(span);
        }));
        server.MapPost("/v1/metrics", context => receiver.ReceiveAsync(context, body =>
        {
            foreach (var metric in OtlpMessages.Metrics(body))
                receiver._metrics[metric] = true;
        }));
        await server.StartAsync();
        return receiver;
    }

    /// <summary>Waits until what has arrived satisfies a condition.</summary>
    public async Task UntilAsync(Func<OtlpReceiver, bool> isSo, string what)
    {
        using var limit = new CancellationTokenSource(Guard.Limit);
        try
        {
            while (!isSo(this))
                await _arrived.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Did not happen: {what}.\n{this}");
        }
    }

    public ValueTask DisposeAsync()
    {
        _arrived.Dispose();
        return _server.DisposeAsync();
    }

    public override string ToString() => string.Join('\n', Spans) + "\n" + string.Join(' ', Metrics);

    private async Task ReceiveAsync(HttpContext context, Action<byte[]> take)
    {
        Assert.Equal("application/x-protobuf", context.Request.ContentType);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        await Answer(context.RequestAborted);
        take(body.ToArray());
        _arrived.Release();
        // An empty message: everything was taken.
        context.Response.ContentType = "application/x-protobuf";
    }
}
