using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Agents;
using ServerlessA2A.Bindings.Callbacks;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tasks.Callbacks;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Bindings;

/// <summary>
/// Serves the callbacks of agents (<see cref="AgentContext.CreateCallback"/>) at <c>/callback</c> and <c>/callback/{taskId}</c>: GET, and
/// POST with a form. The signed state is the only credential, because a browser that returns from a provider has no other. The answers are
/// pages for people. A POST with JSON is the webhook of another agent (<see cref="AgentContext.CreateWebhook"/>).
/// </summary>
public sealed class CallbackEndpoint
{
    private const string Verbs = "GET, POST";

    private readonly HostedAgents _agents;
    private readonly CallbackStates _states;
    private readonly CallbackReception _reception;
    private readonly RequestRates _rates;
    private readonly FailureAnswers _failures;
    private readonly ILogger _logger;

    internal CallbackEndpoint(
        HostedAgents agents, CallbackStates states, CallbackReception reception, RequestRates rates, Admission admission,
        ILogger<CallbackEndpoint> logger)
    {
        (_agents, _states, _reception, _rates, _logger) = (agents, states, reception, rates, logger);
        _failures = new FailureAnswers(admission, logger);
    }

    /// <summary>Answers a callback. Other paths are answered with 404.</summary>
    public Task HandleAsync(HttpContext context)
    {
        ResponseHeaders.Harden(context);
        RequestPath.Normalize(context.Request);
        return AgentPath.HandleAsync(context, _agents, (inner, _) => AnswerAsync(inner));
    }

    private async Task AnswerAsync(HttpContext context)
    {
        try
        {
            await (await RunAsync(context)).SendAsync(context.Response);
        }
        catch (Exception exception)
        {
            if (context.RequestAborted.IsCancellationRequested || context.Response.HasStarted)
            {
                BindingLog.ClientGone(_logger, RequestPath.WholeOf(context.Request));
                context.Abort();
                return;
            }

            var error = _failures.Classify(context, exception).Error;
            var page = error == A2AError.Unavailable ? CallbackPage.Unavailable
                : error == A2AError.ResourceExhausted ? CallbackPage.Full
                : CallbackPage.Of(error.HttpStatus);
            await page.SendAsync(context.Response);
        }
    }

    private async ValueTask<CallbackPage> RunAsync(HttpContext context)
    {
        var request = context.Request;
        if (!CallbackPath.TryRead(request.Path, out var taskId))
            return CallbackPage.Of(StatusCodes.Status404NotFound);
        // Not HEAD: programs that look at links send it, and must not use them up.
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsPost(request.Method))
        {
            context.Response.Headers.Allow = Verbs;
            return CallbackPage.Of(StatusCodes.Status405MethodNotAllowed);
        }

        // Nothing is read from the store, and no rate is used up, without a state that was signed here.
        var isWebhook = WakeCall.Is(request);
        if (await CallbackParameters.ReadAsync(context, ofQueryOnly: isWebhook) is not { } callback ||
            !_states.TryRead(callback.State, out var state) || (taskId is not null && taskId != state.TaskId) ||
            state.IsWebhook != isWebhook)
        {
            BindingLog.CallbackInvalid(_logger);
            return CallbackPage.Invalid;
        }

        if (_rates.Take() is { } refusal)
            throw refusal;
        if (isWebhook && await WakeCall.IsProgressAsync(context))
            return CallbackPage.Accepted;
        var outcome = isWebhook
            ? await _reception.WakeAsync(state, context.RequestAborted)
            : await _reception.ReceiveAsync(state, callback.State, callback.Values, context.RequestAborted);
        BindingLog.CallbackReceived(_logger, state.TaskId, outcome);
        return outcome switch
        {
            CallbackOutcome.Accepted => CallbackPage.Accepted,
            CallbackOutcome.Expired => CallbackPage.Expired,
            CallbackOutcome.Used => CallbackPage.Used,
            _ => CallbackPage.Ended,
        };
    }
}
