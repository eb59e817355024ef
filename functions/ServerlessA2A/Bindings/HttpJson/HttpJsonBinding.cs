using Microsoft.AspNetCore.Http;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol;
using ServerlessA2A.Security.Limits;

namespace ServerlessA2A.Bindings.HttpJson;

/// <summary>HTTP+JSON (A2A 1.0, section 11; 0.3, section 3.5.3): the path decides the version, the path and the HTTP method the operation.</summary>
internal sealed class HttpJsonBinding(HttpJsonRoutes routes, Admission admission, FailureAnswers failures, int maxRequestBytes)
    : Binding(HttpJsonEnvelope.V1_0, admission, failures)
{
    protected override async Task RunAsync(Exchange exchange)
    {
        var request = exchange.Http.Request;
        var route = HttpJsonPath.Read(request.Path.Value ?? "") ?? throw Faults.PathNotFound(RequestPath.WholeOf(request));
        exchange.Route = route;
        if (route.Version == ProtocolVersion.V0_3)
            (exchange.Version, exchange.Wire, exchange.Envelope) = (ProtocolVersion.V0_3, WireFormat.V0_3Http, HttpJsonEnvelope.V0_3);

        if (!HttpMethods.IsOptions(request.Method) && !await AdmitAsync(exchange))
            return;
        // Of the versions that are spoken the path has decided already; any other one is refused.
        VersionHeader.Read(request);
        var operation = routes.Find(route.Resource, request.Method);
        if (operation is null)
        {
            Refuse(exchange.Http, HttpJsonRoutes.Allowed(route.Resource));
            return;
        }

        if (operation.NeedsRequiredExtensions)
            exchange.UseExtensions();
        exchange.Http.Response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsPost(request.Method))
            await ReadBodyAsync(exchange);
        await operation.RunAsync(exchange);
    }

    private async ValueTask ReadBodyAsync(Exchange exchange)
    {
        var request = exchange.Http.Request;
        if (!MediaType.IsJson(request.ContentType, allowA2AJson: true))
            throw Faults.UnsupportedMediaType(request.ContentType, $"{MediaType.A2AJson} or {MediaType.Json}");
        exchange.Json = await exchange.ReadBodyAsync(maxRequestBytes);
    }

    private static void Refuse(HttpContext context, string allowed)
    {
        if (!HttpMethods.IsOptions(context.Request.Method))
            throw Faults.VerbNotAllowed(context.Request.Method, allowed);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers.Allow = allowed;
    }
}
