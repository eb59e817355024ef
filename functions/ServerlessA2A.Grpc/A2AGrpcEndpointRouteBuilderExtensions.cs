using Grpc.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ServerlessA2A.Grpc;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the gRPC binding in an ASP.NET Core application.</summary>
public static class A2AGrpcEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the services of A2A 1.0 (<c>lf.a2a.v1.A2AService</c>) and 0.3 (<c>a2a.v1.A2AService</c>), and gRPC's health service. Needs
    /// HTTP/2: over TLS, or on a port of its own.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="reflection">
    /// Whether to map gRPC's reflection service, which describes the services to tools such as grpcurl. Default: only in the environment
    /// Development.
    /// </param>
    /// <returns>
    /// Accepts conventions for the operations, such as <c>RequireAuthorization</c>. Health and reflection allow anonymous callers.
    /// </returns>
    /// <exception cref="InvalidOperationException">The binding is not registered.</exception>
    public static IEndpointConventionBuilder MapA2AGrpc(this IEndpointRouteBuilder endpoints, bool? reflection = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (!endpoints.ServiceProvider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(GrpcBinding)))
            throw new InvalidOperationException("MapA2AGrpc needs the binding: call builder.Services.AddA2AGrpc().");
        endpoints.MapGrpcService<GrpcHealth>().AllowAnonymous();
        if (reflection ?? endpoints.ServiceProvider.GetRequiredService<IHostEnvironment>().IsDevelopment())
            endpoints.MapGrpcService<ReflectionServiceImpl>().AllowAnonymous();
        var operations = endpoints.MapGrpcService<GrpcBinding>();
        operations.Add(AdmitFirst);
        return operations;
    }

    /// <summary>gRPC reads a message before it calls anything of the service's: the caller is authenticated ahead of that.</summary>
    private static void AdmitFirst(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<GrpcService>().FirstOrDefault() is not { } service || endpoint.RequestDelegate is not { } serve)
            return;
        endpoint.RequestDelegate = context =>
            context.RequestServices.GetRequiredService<GrpcBinding>().HandleAsync(context, service, serve);
    }
}
