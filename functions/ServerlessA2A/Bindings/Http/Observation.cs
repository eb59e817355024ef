using System.Diagnostics;
using ServerlessA2A.Telemetry;

namespace ServerlessA2A.Bindings.Http;

/// <summary>The span and the metrics of one request.</summary>
/// <param name="binding">The name of the binding in agent cards.</param>
internal readonly struct Observation(string binding)
{
    private readonly string _binding = binding;
    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly Activity? _span = EngineSpans.StartRequest(binding);

    /// <summary>Records the request when it has been answered.</summary>
    public void End(Exchange exchange)
    {
        var (version, error) = (exchange.Wire.Version, exchange.Error?.Name);
        EngineMetrics.Request(Stopwatch.GetElapsedTime(_begun), exchange.Operation, _binding, version, error);
        if (_span is not null)
            EngineSpans.EndRequest(_span, exchange.Operation, version, error, exchange.Error?.HttpStatus >= 500);
    }
}
