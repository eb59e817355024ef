using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ServerlessA2A.Functions.Telemetry;

namespace ServerlessA2A.Functions.Tests.Telemetry;

/// <summary>What the span of a request says about its end.</summary>
public class TelemetryFlushTests
{
    [Theory]
    [InlineData(typeof(InvalidDataException), false, 500, "InvalidDataException")]
    [InlineData(typeof(BadHttpRequestException), false, 413, null)]
    [InlineData(typeof(OperationCanceledException), true, 200, null)]
    public async Task ARequestThatThrowsHasItsStatusAndItsError(Type exception, bool isAborted, int status, string? error)
    {
        using var source = new ActivitySource(TelemetryFlush.Server);
        using var listener = new ActivityListener
        {
            ShouldListenTo = other => other == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        using var span = source.StartActivity("request")!;
        using var traces = Sdk.CreateTracerProviderBuilder().Build();
        using var metrics = Sdk.CreateMeterProviderBuilder().Build();
        var context = new DefaultHttpContext { RequestAborted = new CancellationToken(isAborted) };
        context.Features.Set<IHttpActivityFeature>(new Feature { Activity = span });
        var fault = exception == typeof(BadHttpRequestException) ? new BadHttpRequestException("Too large.", 413)
            : (Exception)Activator.CreateInstance(exception)!;

        var thrown = await Assert.ThrowsAnyAsync<Exception>(
            () => new TelemetryFlush(traces, metrics, TimeProvider.System).HandleAsync(context, _ => throw fault));

        Assert.Same(fault, thrown);
        Assert.Equal(status, span.GetTagItem("http.response.status_code"));
        Assert.Equal(error, span.GetTagItem("error.type"));
        Assert.Equal(error is null ? ActivityStatusCode.Unset : ActivityStatusCode.Error, span.Status);
    }

    private sealed class Feature : IHttpActivityFeature
    {
        public required Activity Activity { get; set; }
    }
}
