using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Agents;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Telemetry;

namespace ServerlessA2A.Bindings.Http;

/// <summary>
/// A binding of the protocol to HTTP: reads the request, its operation and its version, and executes the operation.
/// </summary>
internal abstract class Binding(Envelope envelope, Admission admission, FailureAnswers failures)
{
    /// <summary>Answers a request, with an error in the binding's own format if it fails.</summary>
    public async Task HandleAsync(HttpContext context, HostedAgent agent)
    {
        var exchange = new Exchange(context, envelope) { Agent = agent };
        var (begun, span) = (Stopwatch.GetTimestamp(), EngineSpans.StartRequest(Name));
        try
        {
            await RunAsync(exchange);
        }
        catch (Exception exception)
        {
            await failures.AnswerAsync(exchange, exception);
        }
        finally
        {
            exchange.ReleaseBody();
            Observe(exchange, begun, span);
        }
    }

    /// <summary>The name of the binding in agent cards.</summary>
    protected abstract string Name { get; }

    /// <summary>
    /// Authenticates the caller, before anything of the request's body is read. False when the request was rejected, which is answered
    /// already.
    /// </summary>
    protected async ValueTask<bool> AdmitAsync(Exchange exchange)
    {
        var (caller, refusal) = await admission.AdmitAsync(exchange.Http);
        if (refusal is not null)
        {
            await failures.AnswerAsync(exchange, refusal);
            return false;
        }

        exchange.Caller = caller;
        return true;
    }

    /// <summary>Executes the request; throws errors.</summary>
    protected abstract Task RunAsync(Exchange exchange);

    private void Observe(Exchange exchange, long begun, Activity? span)
    {
        var (version, error) = (exchange.Wire.Version, exchange.Error?.Name);
        EngineMetrics.Request(Stopwatch.GetElapsedTime(begun), exchange.Operation, Name, version, error);
        if (span is not null)
            EngineSpans.EndRequest(span, exchange.Operation, version, error, exchange.Error?.HttpStatus >= 500);
    }
}
