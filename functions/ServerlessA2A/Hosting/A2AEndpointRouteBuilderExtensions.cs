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

/// <summary>Serves an A2A agent, and the health of what it needs, in an ASP.NET Core application.</summary>
public static class A2AEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the agent: JSON-RPC at the path itself, HTTP+JSON below it, and the public card and the webhooks' keys below
    /// <c>.well-known</c>. Only requests of the protocol match; every other route of the application that matches one of them wins.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="path">The path of the agent, which its card names unless <c>A2A:Agent:PublicUrl</c> is set. Default: the root.</param>
    /// <returns>
    /// Takes conventions for the operations, such as <c>RequireAuthorization</c>. The card and the keys have them too, and stay public: they
    /// allow anonymous callers (A2A 1.0, section 8.2).
    /// </returns>
    /// <exception cref="InvalidOperationException">The engine or a place for tasks is not registered.</exception>
    public static IEndpointConventionBuilder MapA2A(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string path = "/")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(path);
        Require<A2AEndpoint>(endpoints, "MapA2A needs the engine: call builder.Services.AddServerlessA2A(builder.Configuration).");
        Require<ITaskStore>(endpoints, "MapA2A needs a place for tasks: call builder.Services.AddInMemoryTasks(builder.Configuration), or AddGoogleCloudTasks.");

        var agent = endpoints.MapGroup(path.TrimEnd('/'));
        agent.Map(ProtocolRoute.Operations.Pattern, context =>
            ProtocolRoute.HandleAsync(context, context.RequestServices.GetRequiredService<A2AEndpoint>().HandleAsync)).WithDisplayName($"A2A {path}");
        // Not by the agent's endpoint, which may redirect to a card that is served elsewhere.
        agent.Map(ProtocolRoute.Public.Pattern, context =>
            ProtocolRoute.HandleAsync(context, context.RequestServices.GetRequiredService<AgentCardEndpoint>().HandleAsync)).WithDisplayName($"A2A card {path}").AllowAnonymous();
        return agent;
    }

    /// <summary>
    /// Maps the health of the store, the queue and the signing keys, which <c>AddHealthChecks().AddA2A()</c> adds: 200, or 503 where one of
    /// them fails, and JSON with the state of each. Each check is made at most once in 10 seconds. For probes of readiness: a probe of liveness
    /// would restart the process when its store is out.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="path">The path. Default: <c>/health</c>. Cloud Run keeps <c>/healthz</c> for itself.</param>
    /// <param name="showFaults">
    /// Whether the answer says why a check fails. It names projects, topics and settings, and never secrets. Default: only in the
    /// environment Development.
    /// </param>
    /// <returns>Takes conventions, such as <c>RequireHost</c>.</returns>
    /// <exception cref="InvalidOperationException">The checks are not registered.</exception>
    public static IEndpointConventionBuilder MapA2AHealthChecks(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string path = "/health", bool? showFaults = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        // Without checks everything would be healthy.
        if (!endpoints.ServiceProvider.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Any(HealthCheckNames.Include))
            throw new InvalidOperationException("MapA2AHealthChecks needs the checks: call builder.Services.AddHealthChecks().AddA2A().");
        var answer = new HealthAnswer(showFaults ?? endpoints.ServiceProvider.GetRequiredService<IHostEnvironment>().IsDevelopment());
        return endpoints.MapHealthChecks(path, new HealthCheckOptions { Predicate = HealthCheckNames.Include, ResponseWriter = answer.WriteAsync });
    }

    private static void Require<TService>(IEndpointRouteBuilder endpoints, string fault)
    {
        if (!endpoints.ServiceProvider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(TService)))
            throw new InvalidOperationException(fault);
    }
}
