using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Bindings.HttpJson;
using ServerlessA2A.Functions.Inspector.Cards;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Security.Limits;

namespace ServerlessA2A.Functions.Inspector;

/// <summary>
/// Serves the inspector at <c>/inspector</c>: the page, logs of tasks, the review of cards, and below <c>/inspector/target</c> the agent of
/// <c>--inspect</c>. Everything else that the page does is ordinary A2A. Other paths pass.
/// </summary>
/// <remarks>
/// In the local host it answers this machine only. On a deployed function it is off unless <c>A2A:Inspector</c> is true; then callers
/// authenticate for all of it as they do for the agent. Both show callers their own tasks and no others.
/// </remarks>
internal sealed class InspectorEndpoint
{
    /// <summary>The setting that serves the inspector from a deployed function.</summary>
    public const string Setting = "A2A:Inspector";

    private const string Root = "/inspector";
    private const string Logs = "/api/tasks/";
    private const string Target = "/target";
    private const int MaxCardBytes = 4 * 1024 * 1024;

    private readonly HostedAgents _agents;
    private readonly Admission _admission;
    private readonly FailureAnswers _failures;
    private readonly TaskLogStream _logs;
    private readonly InspectedAgent? _inspected;
    private readonly bool _isLocal;

    private InspectorEndpoint(IServiceProvider services, bool isLocal, InspectedAgent? inspected)
    {
        _agents = services.GetRequiredService<HostedAgents>();
        _admission = services.GetRequiredService<Admission>();
        _failures = services.GetRequiredService<FailureAnswers>();
        _logs = ActivatorUtilities.CreateInstance<TaskLogStream>(services);
        (_isLocal, _inspected) = (isLocal, inspected);
    }

    /// <summary>Serves the inspector ahead of what is added to the application later.</summary>
    /// <param name="app">The application.</param>
    /// <param name="isLocal">Whether it is the local host, which only this machine may reach.</param>
    /// <param name="inspected">The agent of <c>--inspect</c>; null for the agents of this program.</param>
    public static void Map(IApplicationBuilder app, bool isLocal, InspectedAgent? inspected = null)
    {
        // Created at the first request: until the host has started, faults of the settings are not reported yet.
        var endpoint = new Lazy<InspectorEndpoint>(() => new InspectorEndpoint(app.ApplicationServices, isLocal, inspected));
        app.Use(next => context => context.Request.Path.StartsWithSegments(Root, StringComparison.Ordinal, out var rest)
            ? endpoint.Value.HandleAsync(context, rest.Value ?? "", next)
            : next(context));
    }

    private async Task HandleAsync(HttpContext context, string path, RequestDelegate next)
    {
        if (Find(path, context.Request.Method) is not { } answer)
        {
            await next(context);
            return;
        }

        InspectorFiles.Harden(context.Response);
        var fault = _isLocal ? InspectorAccess.FaultOfOrigin(context) : null;
        fault ??= InspectorAccess.IsCrossSite(context.Request) ? "The inspector answers its own page, not those of other sites." : null;
        if (fault is null)
            await answer(context);
        else
            await RefuseAsync(context.Response, fault);
    }

    /// <summary>
    /// What answers a path; null for what is none of the inspector's. An agent or a tenant may be called inspector: their paths are others.
    /// </summary>
    private Func<HttpContext, Task>? Find(string path, string method)
    {
        if (path.StartsWith(Target + "/", StringComparison.Ordinal) && _inspected is not null)
            return context => _inspected.ForwardAsync(context, $"{context.Request.PathBase}{Root}{Target}");
        if (method == HttpMethods.Post && path == "/api/card")
            return context => AdmitAsync(context, ReviewAsync);
        if (method != HttpMethods.Get)
            return null;
        if (path.StartsWith(Logs, StringComparison.Ordinal) && path.Length > Logs.Length)
            return context => AdmitAsync(context, exchange => StreamLogAsync(exchange, path[Logs.Length..]));
        if (path == "/api/agents")
            return context => AdmitAsync(context, DescribeAsync);
        if (path.Length == 0)
            return RedirectAsync;
        if (InspectorFiles.Find(path) is not { } file)
            return null;
        // A browser cannot send credentials for a page: on this machine none are needed for it, since it holds no data.
        return context => _isLocal
            ? InspectorFiles.SendAsync(context.Response, file)
            : AdmitAsync(context, exchange => InspectorFiles.SendAsync(exchange.Http.Response, file));
    }

    /// <summary>Answers an authenticated caller, as the agent would; errors have the form of HTTP+JSON.</summary>
    private async Task AdmitAsync(HttpContext context, Func<JsonExchange, Task> answer)
    {
        var name = context.Request.Query["agent"].ToString();
        var exchange = new JsonExchange(context, HttpJsonEnvelope.V1_0) { Agent = _agents.Find(name) ?? _agents.Default };
        try
        {
            var (caller, refusal) = await _admission.AdmitAsync(context);
            if (refusal is not null)
                throw refusal;
            exchange.Caller = caller;
            await answer(exchange);
        }
        catch (Exception exception)
        {
            await _failures.AnswerAsync(exchange, exception);
        }
        finally
        {
            exchange.ReleaseBody();
        }
    }

    private Task DescribeAsync(Exchange exchange) => SendAsync(exchange.Http.Response, ProtocolJson.ObjectBytes(json =>
    {
        if (_inspected is not null)
            json.WriteString("inspected", _inspected.Address.AbsoluteUri);
        json.WriteStartArray("agents");
        foreach (var agent in _inspected is null ? _agents.All : [])
            json.WriteStringValue(agent.Name);
        json.WriteEndArray();
    }));

    private async Task StreamLogAsync(JsonExchange exchange, string taskId)
    {
        using var open = _admission.OpenStream(exchange.Caller);
        await _logs.WriteAsync(exchange, taskId);
    }

    private async Task ReviewAsync(JsonExchange exchange)
    {
        CardReview review;
        try
        {
            using var request = JsonDocument.Parse(await exchange.ReadBodyAsync(MaxCardBytes));
            review = CardReview.Of(ReceivedCard.Read(request.RootElement));
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw A2AException.ParseError(wrong);
        }

        await SendAsync(exchange.Http.Response, ProtocolJson.ObjectBytes(review.Write));
    }

    private static Task RedirectAsync(HttpContext context)
    {
        // Relative: the function may be mounted below a path.
        context.Response.StatusCode = StatusCodes.Status302Found;
        context.Response.Headers.Location = Root[1..] + "/";
        return Task.CompletedTask;
    }

    private static async Task SendAsync(HttpResponse response, ReadOnlyMemory<byte> json)
    {
        response.ContentType = MediaType.Json;
        await response.SendAsync(json);
    }

    private static Task RefuseAsync(HttpResponse response, string fault)
    {
        response.StatusCode = StatusCodes.Status403Forbidden;
        response.ContentType = "text/plain; charset=utf-8";
        return response.WriteAsync(fault + "\n");
    }
}
