using Microsoft.AspNetCore.Http;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Security.Limits;

namespace ServerlessA2A.Bindings.HttpJson;

/// <summary>
/// HTTP+JSON (A2A 1.0, section 11; 0.3, section 3.5.3): the path decides the version, the path and the HTTP method the operation.
/// </summary>
internal sealed class HttpJsonBinding(HttpJsonRoutes routes, Admission admission, FailureAnswers failures, int maxRequestBytes)
    : Binding(HttpJsonEnvelope.V1_0, admission, failures)
{
    protected override string Name => "HTTP+JSON";

    protected override async ValueTask<Task> BeginAsync(JsonExchange exchange)
    {
        var request = exchange.Http.Request;
        var route = HttpJsonPath.Read(request.Path.Value ?? "") ?? throw Faults.PathNotFound(RequestPath.WholeOf(request));
        // The query counts also beside a body, which may name the tenant again.
        var queryTenant = new QueryParameters(request).Text("tenant");
        exchange.PathTenant = route.Tenant.Length > 0 ? route.Tenant : queryTenant;
        if (route.Version == ProtocolVersion.V0_3)
            (exchange.Version, exchange.Wire, exchange.Envelope) = (ProtocolVersion.V0_3, WireFormat.V0_3Http, HttpJsonEnvelope.V0_3);

        if (!HttpMethods.IsOptions(request.Method) && !await AdmitAsync(exchange))
            return Task.CompletedTask;
        if (queryTenant is not null && queryTenant != exchange.PathTenant)
            throw A2AException.InvalidParams("tenant", "differs from the tenant in the URL");
        // The path has decided the version; the header may only name a supported one.
        VersionHeader.Read(request);
        var operation = routes.Find(route.Resource, request.Method);
        if (operation is null)
        {
            Refuse(exchange.Http, routes.Allowed(route.Resource));
            return Task.CompletedTask;
        }

        exchange.Operation = operation.Name;
        if (operation.NeedsRequiredExtensions)
            exchange.UseExtensions();
        exchange.Http.Response.Headers.CacheControl = "no-store";
        var body = HttpMethods.IsPost(request.Method) ? await ReadBodyAsync(exchange) : default;
        return operation.RunAsync(exchange, new HttpJsonRequest(route, request, exchange.Wire, body));
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(JsonExchange exchange)
    {
        var request = exchange.Http.Request;
        if (!MediaType.IsJson(request, allowA2AJson: true))
            throw Faults.UnsupportedMediaType(request.ContentType, $"{MediaType.A2AJson} or {MediaType.Json}");
        return await exchange.ReadBodyAsync(maxRequestBytes);
    }

    private static void Refuse(HttpContext context, string allowed)
    {
        if (!HttpMethods.IsOptions(context.Request.Method))
            throw Faults.VerbNotAllowed(context.Request.Method, allowed);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers.Allow = allowed;
    }
}
