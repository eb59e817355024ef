using Microsoft.AspNetCore.Http;
using ServerlessA2A.Agents;
using ServerlessA2A.Security.Limits;

namespace ServerlessA2A.Bindings.Http;

/// <summary>
/// A binding of the protocol to JSON over HTTP: reads the request, its operation and its version, and executes the operation.
/// </summary>
internal abstract class Binding(Envelope envelope, Admission admission, FailureAnswers failures)
{
    /// <summary>Answers a request, with an error in the binding's own format if it fails.</summary>
    public async Task HandleAsync(HttpContext context, HostedAgent agent)
    {
        var exchange = new JsonExchange(context, envelope) { Agent = agent };
        var observation = new Observation(Name);
        try
        {
            await await BeginAsync(exchange);
        }
        catch (Exception exception)
        {
            await failures.AnswerAsync(exchange, exception);
        }
        finally
        {
            exchange.ReleaseBody();
            observation.End(exchange);
        }
    }

    /// <summary>The name of the binding in agent cards.</summary>
    protected abstract string Name { get; }

    /// <summary>
    /// Authenticates the caller, before anything of the request's body is read. False when the request was rejected, which is answered
    /// already.
    /// </summary>
    protected async ValueTask<bool> AdmitAsync(JsonExchange exchange)
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

    /// <summary>Reads the request and begins its operation, which the result awaits. Both throw errors.</summary>
    protected abstract ValueTask<Task> BeginAsync(JsonExchange exchange);
}
