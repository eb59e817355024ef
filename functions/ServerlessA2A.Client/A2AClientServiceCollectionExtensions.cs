using ServerlessA2A.Client;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds clients of agents.</summary>
public static class A2AClientServiceCollectionExtensions
{
    /// <summary>Adds <see cref="A2AClient"/>, a client of the only agent that the program calls.</summary>
    /// <inheritdoc cref="AddA2AClient(IServiceCollection, string, Uri, Action{A2AClientOptions}?)"/>
    public static IHttpClientBuilder AddA2AClient(
        this IServiceCollection services, Uri agent, Action<A2AClientOptions>? configure = null)
    {
        services.AddSingleton(provider => Create(provider, nameof(A2AClient), agent, configure));
        return AddHttp(services, nameof(A2AClient));
    }

    /// <summary>Adds a client of one of several agents: <c>[FromKeyedServices("name")] A2AClient</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name of the client, and of the HTTP client that it uses.</param>
    /// <param name="agent">The agent's address, or that of its card.</param>
    /// <param name="configure">Sets how the agent is called.</param>
    /// <returns>The HTTP client, for handlers: proxies, certificates, resilience.</returns>
    public static IHttpClientBuilder AddA2AClient(
        this IServiceCollection services, string name, Uri agent, Action<A2AClientOptions>? configure = null)
    {
        services.AddKeyedSingleton(name, (provider, _) => Create(provider, name, agent, configure));
        return AddHttp(services, name);
    }

    private static A2AClient Create(IServiceProvider provider, string name, Uri agent, Action<A2AClientOptions>? configure)
    {
        var options = new A2AClientOptions { TimeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System };
        configure?.Invoke(options);
        var factory = provider.GetRequiredService<IHttpClientFactory>();
        // Asked for on each request, so that the factory renews its handlers.
        return new A2AClient(agent, options, () => factory.CreateClient(name));
    }

    private static IHttpClientBuilder AddHttp(IServiceCollection services, string name) => services
        .AddHttpClient(name, http => http.Timeout = Timeout.InfiniteTimeSpan)
        .ConfigurePrimaryHttpMessageHandler(A2AClient.NewHandler);
}
