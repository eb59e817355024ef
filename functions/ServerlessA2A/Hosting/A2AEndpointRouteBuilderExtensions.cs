using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ServerlessA2A.Bindings;
using ServerlessA2A.Hosting;
using ServerlessA2A.Hosting.Health;
using ServerlessA2A.Tasks;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps an A2A agent and its health checks in an ASP.NET Core application.</summary>
public static class A2AEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the agent: JSON-RPC at the path itself, HTTP+JSON below it, the public card and the webhooks' public keys below
    /// <c>.well-known</c>, and the callbacks of <c>AgentContext.CreateCallback</c> at <c>callback</c>. Only requests of the protocol and
    /// callbacks match; every other matching route of the application takes precedence.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="path">The agent's path, which the card contains if <c>A2A:Agent:PublicUrl</c> is not set. Default: the root.</param>
    /// <returns>
    /// Accepts conventions for the operations, such as <c>RequireAuthorization</c>. The card, the keys and the callbacks get them too but
    /// stay public: they allow anonymous callers (A2A 1.0, section 8.2), and browsers return to callbacks without credentials.
    /// </returns>
    /// <exception cref="InvalidOperationException">The engine or a task store is not registered.</exception>
    public static IEndpointConventionBuilder MapA2A(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string path = "/")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(path);
        Require<A2AEndpoint>(endpoints, "MapA2A needs the engine: call builder.Services.AddServerlessA2A(builder.Configuration).");
        Require<ITaskStore>(
            endpoints, "MapA2A needs a task store: call builder.Services.AddInMemoryTasks(builder.Configuration), or AddGoogleCloudTasks.");

        var agent = endpoints.MapGroup(path.TrimEnd('/'));
        agent.Map(ProtocolRoute.Operations.Pattern, context =>
            ProtocolRoute.HandleAsync(context, context.RequestServices.GetRequiredService<A2AEndpoint>().HandleAsync))
            .WithDisplayName($"A2A {path}");
        // Not the agent's own endpoint, which may redirect to a card that is served elsewhere.
        agent.Map(ProtocolRoute.Public.Pattern, context =>
            ProtocolRoute.HandleAsync(context, context.RequestServices.GetRequiredService<AgentCardEndpoint>().HandleAsync))
            .WithDisplayName($"A2A card {path}").AllowAnonymous();
        // The state is the credential.
        agent.Map(ProtocolRoute.Callback.Pattern, context =>
            ProtocolRoute.HandleAsync(context, context.RequestServices.GetRequiredService<CallbackEndpoint>().HandleAsync))
            .WithDisplayName($"A2A callback {path}").AllowAnonymous();
        return agent;
    }

    /// <summary>
    /// Maps the health of the store, the queue and the signing keys, which <c>AddHealthChecks().AddA2A()</c> adds. The response is 200, or
    /// 503 if a check fails, and JSON with the state of each check. Each check runs at most once in 10 seconds. Use it for readiness
    /// probes: a liveness probe would restart the process when its store is down.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="path">The path. Default: <c>/health</c>, because Cloud Run reserves <c>/healthz</c>.</param>
    /// <param name="showFaults">
    /// Whether the response includes the reason of a failed check. It names projects, topics and settings, and never secrets. Default: only
    /// in the environment Development.
    /// </param>
    /// <returns>Accepts conventions, such as <c>RequireHost</c>.</returns>
    /// <exception cref="InvalidOperationException">The checks are not registered.</exception>
    public static IEndpointConventionBuilder MapA2AHealthChecks(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string path = "/health", bool? showFaults = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        // Without checks the endpoint would always report healthy.
        var checks = endpoints.ServiceProvider.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value;
        if (!checks.Registrations.Any(HealthCheckNames.Include))
            throw new InvalidOperationException("MapA2AHealthChecks needs the checks: call builder.Services.AddHealthChecks().AddA2A().");
        var answer = new HealthAnswer(showFaults ?? endpoints.ServiceProvider.GetRequiredService<IHostEnvironment>().IsDevelopment());
        var options = new HealthCheckOptions { Predicate = HealthCheckNames.Include, ResponseWriter = answer.WriteAsync };
        return endpoints.MapHealthChecks(path, options);
    }

    private static void Require<TService>(IEndpointRouteBuilder endpoints, string fault)
    {
        if (!endpoints.ServiceProvider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(TService)))
            throw new InvalidOperationException(fault);
    }
}
