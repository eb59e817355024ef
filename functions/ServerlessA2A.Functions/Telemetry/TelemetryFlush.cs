using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ServerlessA2A.Telemetry;

namespace ServerlessA2A.Functions.Telemetry;

/// <summary>
/// Exports what a request has left behind before it ends, because Cloud Run takes the CPU away from an instance without requests. The last
/// of several requests does it for all; while there are others, the schedule does.
/// </summary>
/// <remarks>
/// Spans that are not exported in time are not lost: the next request, or the end of the process, exports them. The answer of an HTTP
/// function is sent by then; an event function answers afterwards.
/// </remarks>
internal sealed class TelemetryFlush(TracerProvider traces, MeterProvider metrics, TimeProvider time)
{
    /// <summary>The activity source of ASP.NET Core.</summary>
    public const string Server = "Microsoft.AspNetCore";

    /// <summary>The most that a request waits for the receiver.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>How long a receiver that did not answer within <see cref="Limit"/> is left to the schedule.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Metrics are sums: to export them with every request would cost more than it tells. Cloud Monitoring takes one in 5 s.
    /// </summary>
    internal static readonly TimeSpan MetricInterval = TimeSpan.FromSeconds(15);

    private int _requests;
    private long _metricsAt = long.MinValue;
    private long _pausedUntil = long.MinValue;

    /// <summary>Handles a request, and flushes.</summary>
    public async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        Interlocked.Increment(ref _requests);
        Exception? fault = null;
        try
        {
            await next(context);
        }
        catch (Exception failure) when (!context.RequestAborted.IsCancellationRequested)
        {
            fault = failure;
            throw;
        }
        finally
        {
            EndServerSpan(context, fault);
            if (Interlocked.Decrement(ref _requests) == 0)
                await FlushAsync();
        }
    }

    /// <summary>ASP.NET Core ends its span only after all of this, and leaves its attributes to others.</summary>
    private static void EndServerSpan(HttpContext context, Exception? fault)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true, Source.Name: Server } span)
            return;
        var request = context.Request;
        // The server answers an exception later than this, unless the answer has begun.
        var status = fault is null || context.Response.HasStarted ? context.Response.StatusCode
            : (fault as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError;
        span.DisplayName = request.Method;
        span.SetTag(TelemetryNames.HttpMethod, request.Method).SetTag(TelemetryNames.HttpStatus, status)
            .SetTag(TelemetryNames.UrlPath, request.PathBase.Add(request.Path).Value).SetTag(TelemetryNames.UrlScheme, request.Scheme);
        if (status >= StatusCodes.Status500InternalServerError || fault is not (null or BadHttpRequestException))
            span.SetTag(TelemetryNames.Error, fault?.GetType().Name ?? $"{status}").SetStatus(ActivityStatusCode.Error);
        span.Stop();
    }

    private async ValueTask FlushAsync()
    {
        var now = time.GetTimestamp();
        if (Volatile.Read(ref _pausedUntil) > now)
            return;
        var last = Volatile.Read(ref _metricsAt);
        var withMetrics = (last == long.MinValue || time.GetElapsedTime(last, now) >= MetricInterval) &&
            Interlocked.CompareExchange(ref _metricsAt, now, last) == last;
        // The exporters block the thread that flushes, some for longer than they are given.
        var limit = (int)Limit.TotalMilliseconds;
        var flush = Task.Run(() => traces.ForceFlush(limit) && (!withMetrics || metrics.ForceFlush(limit)));
        await ((Task)flush).WaitAsync(Limit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (flush is not { IsCompletedSuccessfully: true, Result: true })
            Volatile.Write(ref _pausedUntil, now + (long)(Pause.TotalSeconds * time.TimestampFrequency));
    }
}
