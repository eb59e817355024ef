using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Bindings.Callbacks;
using ServerlessA2A.Bindings.Cards;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Bindings.HttpJson;

namespace ServerlessA2A.Hosting;

/// <summary>
/// A route for the requests of the protocol below a prefix. It is a catch-all with a constraint, so that every other route of the
/// application takes precedence, static files are still served, and an address that clients join with two slashes matches.
/// </summary>
internal sealed class ProtocolRoute : IRouteConstraint
{
    private const string Parameter = "a2aPath";

    private readonly Func<PathString, string, bool> _takes;

    private ProtocolRoute(Func<PathString, string, bool> takes) =>
        (_takes, Pattern) = (takes, RoutePatternFactory.Parse($"{{**{Parameter}}}", null, new RouteValueDictionary { [Parameter] = this }));

    /// <summary>The card of an agent and the webhooks' public keys.</summary>
    public static ProtocolRoute Public { get; } = new((path, _) => WellKnownPath.Is(path));

    /// <summary>The callbacks of agents.</summary>
    public static ProtocolRoute Callback { get; } = new((path, _) => CallbackPath.Is(path));

    /// <summary>
    /// The operations: JSON-RPC at the address of an agent (the prefix itself, or an agent's name below it), HTTP+JSON below that.
    /// </summary>
    public static ProtocolRoute Operations { get; } = new((path, verb) => path.Value is null or "" or "/"
        ? HttpMethods.IsPost(verb) || HttpMethods.IsOptions(verb)
        : HttpJsonPath.Read(path.Value) is not null);

    /// <summary>The route below its prefix.</summary>
    public RoutePattern Pattern { get; }

    /// <inheritdoc/>
    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection)
    {
        if (httpContext is null)
            return false;
        AgentPath.Read(
            RequestPath.Normalize($"/{values[routeKey]}"), httpContext.RequestServices.GetRequiredService<HostedAgents>(), out var path);
        return _takes(path, httpContext.Request.Method);
    }

    /// <summary>
    /// Handles a request of such a route. For the duration of the request the segments before the catch-all move to the path base, as
    /// <c>UsePathBase</c> does: the engine reads paths relative to its own address, and cards contain that address.
    /// </summary>
    public static async Task HandleAsync(HttpContext context, Func<HttpContext, Task> handle)
    {
        var request = context.Request;
        var (pathBase, path) = (request.PathBase, request.Path);
        var prefix = LengthOf(path.Value!, ((RouteEndpoint)context.GetEndpoint()!).RoutePattern.PathSegments.Count - 1);
        try
        {
            request.PathBase = pathBase.Add(path.Value![..prefix]);
            request.Path = path.Value[prefix..];
            await handle(context);
        }
        finally
        {
            (request.PathBase, request.Path) = (pathBase, path);
        }
    }

    /// <summary>The length of the first segments of a path, including the slash before each.</summary>
    private static int LengthOf(string path, int segments)
    {
        var length = 0;
        for (; segments > 0; segments--)
            length = path.IndexOf('/', length + 1) is var next && next > 0 ? next : path.Length;
        return length;
    }
}
