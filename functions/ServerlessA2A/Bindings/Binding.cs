using Microsoft.AspNetCore.Http;
using ServerlessA2A.Agents;
using ServerlessA2A.Security.Limits;

namespace ServerlessA2A.Bindings;

/// <summary>A binding of the protocol to HTTP: finds out what is asked for and in which version, and has the operation do the rest.</summary>
internal abstract class Binding(Envelope envelope, Admission admission, FailureAnswers failures)
{
    /// <summary>Answers a request, with an error in the binding's own shape if it must be.</summary>
    public async Task HandleAsync(HttpContext context, HostedAgent agent)
    {
        var exchange = new Exchange(context, envelope) { Agent = agent };
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
        }
    }

    /// <summary>Finds out who calls, before anything of the request's body is read. False where that is answered already, with a refusal.</summary>
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

    /// <summary>Does what the request asks for; an error is thrown.</summary>
    protected abstract Task RunAsync(Exchange exchange);
}
