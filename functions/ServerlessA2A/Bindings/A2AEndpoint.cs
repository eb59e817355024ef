using Microsoft.AspNetCore.Http;
using ServerlessA2A.Agents;
using ServerlessA2A.Bindings.Cards;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Bindings.HttpJson;
using ServerlessA2A.Bindings.JsonRpc;

namespace ServerlessA2A.Bindings;

/// <summary>
/// Serves the agents: JSON-RPC at the interface address itself, HTTP+JSON below it, in A2A 1.0 and 0.3. The well-known paths of the card
/// and of the keys redirect there, for clients that have only this address.
/// </summary>
public sealed class A2AEndpoint
{
    private const string RootVerbs = "GET, HEAD, POST, OPTIONS";

    private static readonly byte[] Welcome =
        """
        This is an A2A agent (https://a2a-protocol.org).

          GET  /.well-known/agent-card.json   its card
          POST /                              JSON-RPC: SendMessage, GetTask, ... (A2A 1.0), message/send, tasks/get, ... (A2A 0.3)
          POST /message:send                  HTTP+JSON (A2A 1.0); below /v1 for A2A 0.3

        """u8.ToArray();

    private readonly HostedAgents _agents;
    private readonly AgentCardEndpoint _card;
    private readonly CrossOrigin _crossOrigin;
    private readonly FailureAnswers _failures;
    private readonly JsonRpcBinding _jsonRpc;
    private readonly HttpJsonBinding _httpJson;

    internal A2AEndpoint(
        HostedAgents agents,
        AgentCardEndpoint card,
        CrossOrigin crossOrigin,
        FailureAnswers failures,
        JsonRpcBinding jsonRpc,
        HttpJsonBinding httpJson) =>
        (_agents, _card, _crossOrigin, _failures, _jsonRpc, _httpJson) = (agents, card, crossOrigin, failures, jsonRpc, httpJson);

    /// <summary>
    /// Answers any request by its path and method. The first segment of the path may name the agent; otherwise the request goes to the
    /// default agent. Where agents have names, a path may have a tenant only below an agent's name and below <c>/v1</c>.
    /// </summary>
    public Task HandleAsync(HttpContext context)
    {
        ResponseHeaders.Harden(context);
        RequestPath.Normalize(context.Request);
        return HttpJsonPath.BeginsWithTenant(context.Request.Path, _agents)
            ? RejectPathAsync(context)
            : AgentPath.HandleAsync(context, _agents, HandleAsync);
    }

    private Task RejectPathAsync(HttpContext context) => _crossOrigin.Answer(context, isPublic: false)
        ? Task.CompletedTask
        : _failures.AnswerAsync(
            new JsonExchange(context, HttpJsonEnvelope.V1_0) { Agent = _agents.Default },
            Faults.PathNotFound(RequestPath.WholeOf(context.Request)));

    private Task HandleAsync(HttpContext context, HostedAgent agent)
    {
        var request = context.Request;
        if (_crossOrigin.Answer(context, isPublic: WellKnownPath.Is(request.Path)))
            return Task.CompletedTask;
        // With and without a trailing slash, whatever the host has mounted the function under.
        if (request.Path.Value is null or "" or "/")
            return HttpMethods.IsPost(request.Method) ? _jsonRpc.HandleAsync(context, agent) : AnswerRootAsync(context, agent);
        if (WellKnownPath.IsCard(request.Path))
            return LeadAsync(context, agent, agent.Cards.CardUrl);
        return WellKnownPath.IsKeySet(request.Path)
            ? LeadAsync(context, agent, agent.Cards.CardUrl is { } url ? WellKnownPath.KeySetBeside(url) : null)
            : _httpJson.HandleAsync(context, agent);
    }

    private Task LeadAsync(HttpContext context, HostedAgent agent, string? url)
    {
        // Web pages are answered here: after a redirect to another origin a browser sends "Origin: null".
        if (url is null || context.Request.Headers.Origin.Count > 0)
            return _card.HandleAsync(context, agent);

        // 307 keeps the method; the version may be in the query.
        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        var query = context.Request.QueryString.ToUriComponent();
        context.Response.Headers.Location = query.Length > 0 && url.Contains('?') ? $"{url}&{query.AsSpan(1)}" : url + query;
        return Task.CompletedTask;
    }

    /// <summary>For people and probes that check whether something is here.</summary>
    private async Task AnswerRootAsync(HttpContext context, HostedAgent agent)
    {
        var (request, response) = (context.Request, context.Response);
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            response.ContentType = "text/plain; charset=utf-8";
            await response.SendAsync(Welcome);
        }
        else if (HttpMethods.IsOptions(request.Method))
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            response.Headers.Allow = RootVerbs;
        }
        else
        {
            var exchange = new JsonExchange(context, HttpJsonEnvelope.V1_0) { Agent = agent };
            await _failures.AnswerAsync(exchange, Faults.VerbNotAllowed(request.Method, RootVerbs));
        }
    }
}
