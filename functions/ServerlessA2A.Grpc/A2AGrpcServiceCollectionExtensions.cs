using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Grpc.Reflection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ServerlessA2A.Grpc;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the gRPC binding.</summary>
public static class A2AGrpcServiceCollectionExtensions
{
    /// <summary>Intermediaries cut idle connections after about 60 seconds: that of a silent stream carries pings.</summary>
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Adds what <c>MapA2AGrpc</c> maps. The engine's settings apply to gRPC too, among them <c>A2A:Http:MaxRequestBytes</c> and
    /// <c>A2A:Http:RequestTimeLimit</c>. Cards list the binding where <c>A2A:Agent:GrpcUrl</c> is set. Kestrel pings HTTP/2 clients that
    /// are silent for 15 seconds, unless <c>Limits.Http2.KeepAlivePingDelay</c> is set.
    /// </summary>
    public static IServiceCollection AddA2AGrpc(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddGrpc();
        services.TryAddSingleton<GrpcBinding>();
        services.TryAddSingleton<GrpcHealth>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceMethodProvider<GrpcBinding>, GrpcMethods>());
        services.TryAddSingleton(new ReflectionServiceImpl(
            ServerlessA2A.Grpc.V1.A2AService.Descriptor, ServerlessA2A.Grpc.V0_3.A2AService.Descriptor, Grpc.Health.V1.Health.Descriptor));
        services.Configure<GrpcServiceOptions<GrpcBinding>>(options => options.MaxReceiveMessageSize = GrpcBinding.LargestMessage);
        // Otherwise gRPC takes every path of two segments for a service of its own, and answers the preflights of web pages there.
        services.Configure<GrpcServiceOptions>(options => options.IgnoreUnknownServices = true);
        services.PostConfigure<KestrelServerOptions>(kestrel =>
        {
            if (kestrel.Limits.Http2.KeepAlivePingDelay == TimeSpan.MaxValue)
                kestrel.Limits.Http2.KeepAlivePingDelay = PingDelay;
        });
        return services;
    }
}
