using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ServerlessA2A.Functions;

/// <summary>Serves gRPC beside the other bindings. Kept separate so that the assemblies of gRPC load only where it is served.</summary>
internal static class GrpcEndpoint
{
    /// <summary>The setting that serves it. That of an agent with a name does too.</summary>
    public const string Setting = "A2A:Agent:GrpcUrl";

    /// <summary>What Cloud Run gives to an instance at once at most, perhaps over one connection.</summary>
    private const int MostRequests = 1000;

    /// <summary>Whether the settings name an address of gRPC.</summary>
    public static bool IsIn(IConfiguration configuration) => configuration.GetSection("A2A:Agents").GetChildren()
        .Select(agent => agent["GrpcUrl"]).Append(configuration[Setting]).Any(address => !string.IsNullOrEmpty(address));

    /// <summary>Adds the binding, which the addresses serve that are chosen.</summary>
    /// <param name="builder">The program. Its addresses are not yet set in code.</param>
    /// <param name="isOfGrpc">
    /// Chooses by its port whether an address speaks HTTP/2 alone: without TLS, client and server cannot negotiate it.
    /// </param>
    public static void Add(WebApplicationBuilder builder, Func<int?, bool> isOfGrpc)
    {
        builder.Services.AddA2AGrpc();
        // Otherwise the health service would always say that it serves.
        builder.Services.AddHealthChecks().AddA2A();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = MostRequests;
            kestrel.ConfigureEndpointDefaults(listen =>
            {
                if (isOfGrpc(listen.IPEndPoint?.Port))
                    listen.Protocols = HttpProtocols.Http2;
            });
        });
    }

    /// <summary>Serves the calls ahead of what is added to the application later.</summary>
    /// <param name="app">The application.</param>
    /// <param name="isLocal">Whether it is the local host, where tools may ask for a description of the services.</param>
    public static void Map(WebApplication app, bool isLocal) =>
        app.UseRouting().UseEndpoints(endpoints => endpoints.MapA2AGrpc(reflection: isLocal));
}
