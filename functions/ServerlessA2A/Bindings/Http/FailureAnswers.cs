using System.Globalization;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Bindings.Http;

/// <summary>Turns exceptions into answers, and logs those that are not the client's mistake.</summary>
internal sealed class FailureAnswers(Admission admission, ILogger logger)
{
    /// <summary>The delay before a client should retry, in seconds.</summary>
    private const string RetryAfter = "2";

    /// <summary>Answers with the error, in the format of the binding.</summary>
    public async Task AnswerAsync(JsonExchange exchange, Exception exception)
    {
        var context = exchange.Http;
        if (IsClientGone(exchange, exception))
            return;

        var error = Classify(exchange, exception);
        if (context.Response.HasStarted)
        {
            // Too late for an answer. An aborted connection at least does not look like a complete one.
            context.Abort();
            return;
        }

        context.Response.Headers.Remove("Cache-Control");
        await (exchange.AnswerError ?? AnswerAsync)(exchange, error);
    }

    /// <summary>Whether nobody waits for the answer anymore, which is logged.</summary>
    public bool IsClientGone(Exchange exchange, Exception exception)
    {
        if (!exchange.Aborted.IsCancellationRequested && exception is not ConnectionResetException)
            return false;
        BindingLog.ClientGone(logger, RequestPath.WholeOf(exchange.Http.Request));
        return true;
    }

    /// <summary>The error that the client receives, also when its answer has begun.</summary>
    public A2AException Classify(Exchange exchange, Exception exception)
    {
        var error = Classify(exchange.Http, exception);
        exchange.Error = error.Error;
        return error;
    }

    /// <summary>The error of a request that is no operation.</summary>
    public A2AException Classify(HttpContext context, Exception exception)
    {
        var error = Translate(context, exception);
        context.Features.Get<OperationRecord>()?.Error = error.Error;
        return error;
    }

    private A2AException Translate(HttpContext context, Exception exception)
    {
        var path = RequestPath.WholeOf(context.Request);
        switch (exception)
        {
            case A2AException limited when limited.Error == A2AError.ResourceExhausted:
                admission.ReportLimit(context, limited);
                return limited;
            case A2AException { Error.HttpStatus: < StatusCodes.Status500InternalServerError } mistake:
                BindingLog.RequestRefused(logger, path, mistake.Error.Name, mistake.Message);
                return mistake;
            case A2AException fault when fault.Error == A2AError.Unavailable:
                BindingLog.ServiceUnavailable(logger, path, fault);
                return fault;
            case A2AException fault:
                BindingLog.RequestFailed(logger, path, fault);
                return fault;
            case TaskStoreException { IsTransient: true }:
                BindingLog.ServiceUnavailable(logger, path, exception);
                return A2AException.Unavailable(exception);
            case BadHttpRequestException bad:
                BindingLog.RequestRefused(logger, path, nameof(BadHttpRequestException), bad.Message);
                return bad.StatusCode switch
                {
                    StatusCodes.Status408RequestTimeout => new(A2AError.RequestTimeout, "The request's body did not arrive in time.", bad),
                    StatusCodes.Status413PayloadTooLarge => new(A2AError.PayloadTooLarge, "The request's body is too large.", bad),
                    _ => new A2AException(A2AError.ParseError, "The request could not be read.", bad),
                };
            default:
                BindingLog.RequestFailed(logger, path, exception);
                return A2AException.Internal(exception);
        }
    }

    private static async Task AnswerAsync(JsonExchange exchange, A2AException error)
    {
        var response = exchange.Http.Response;
        response.StatusCode = exchange.Envelope.StatusOf(error.Error);
        exchange.BeginAnswer(exchange.Envelope.ContentTypeOf(exchange.Http));
        if (error.Error == A2AError.Unavailable || error.Error == A2AError.ResourceExhausted)
        {
            response.Headers.RetryAfter = error.RetryAfter is { } wait
                ? Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture)
                : RetryAfter;
        }

        if (error.Error == A2AError.MethodNotAllowed && error.Metadata.TryGetValue(Faults.AllowedVerbs, out var allowed))
            response.Headers.Allow = allowed;
        if (error.Metadata.TryGetValue(Faults.AcceptedEncodings, out var encodings))
            response.Headers.AcceptEncoding = encodings;
        // Do not read the rest of a body that is too large, nor wait for one that has stalled.
        if (error.Error.HttpStatus is StatusCodes.Status413PayloadTooLarge or StatusCodes.Status408RequestTimeout &&
            exchange.Http.Request.Protocol == HttpProtocol.Http11)
            response.Headers.Connection = "close";

        using var buffer = JsonBuffer.Rent();
        exchange.Envelope.WriteError(buffer.Json, error);
        buffer.Json.Flush();
        await response.SendAsync(buffer.Written);
    }
}
