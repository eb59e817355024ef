using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Bindings.HttpJson;
using ServerlessA2A.Bindings.JsonRpc;
using ServerlessA2A.Bindings.Operations;
using ServerlessA2A.Bindings.Streams;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Limits;
using ServerlessA2A.Tasks.Callbacks;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Bindings;

/// <summary>The bindings in a service collection.</summary>
internal static class BindingServices
{
    /// <summary>Adds the three endpoints, and what they are made of.</summary>
    public static void AddBindings(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new CrossOrigin(
            provider.GetRequiredService<IOptions<BindingOptions>>().Value.AllowedOrigins, provider.GetRequiredService<Admission>()));
        services.TryAddSingleton(provider => new FailureAnswers(
            provider.GetRequiredService<Admission>(), provider.GetRequiredService<ILogger<A2AEndpoint>>()));
        services.TryAddSingleton(provider => new RequestTime(
            provider.GetRequiredService<IOptions<BindingOptions>>().Value.RequestTimeLimit,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? default));
        services.TryAddSingleton(provider => new EventStreams(
            provider.GetRequiredService<RequestTime>(),
            provider.GetRequiredService<IOptions<BindingOptions>>().Value.KeepAliveInterval,
            provider.GetRequiredService<Admission>(),
            provider.GetRequiredService<FailureAnswers>()));
        services.TryAddSingleton<OperationTable>();
        services.TryAddSingleton(provider => new JsonRpcBinding(
            new JsonRpcMethods(provider.GetRequiredService<OperationTable>()),
            provider.GetRequiredService<Admission>(),
            provider.GetRequiredService<FailureAnswers>(),
            provider.GetRequiredService<IOptions<BindingOptions>>().Value.MaxRequestBytes));
        services.TryAddSingleton(provider => new HttpJsonBinding(
            new HttpJsonRoutes(provider.GetRequiredService<OperationTable>()),
            provider.GetRequiredService<Admission>(),
            provider.GetRequiredService<FailureAnswers>(),
            provider.GetRequiredService<IOptions<BindingOptions>>().Value.MaxRequestBytes));
        services.TryAddSingleton(provider => new AgentCardEndpoint(
            provider.GetRequiredService<HostedAgents>(),
            provider.GetRequiredService<Admission>(),
            provider.GetRequiredService<SigningKeys>(),
            provider.GetRequiredService<IOptions<BindingOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AgentCardEndpoint>>()));
        services.TryAddSingleton(provider => new CallbackEndpoint(
            provider.GetRequiredService<HostedAgents>(),
            provider.GetRequiredService<CallbackStates>(),
            provider.GetRequiredService<CallbackReception>(),
            provider.GetRequiredService<RequestRates>(),
            provider.GetRequiredService<Admission>(),
            provider.GetRequiredService<ILogger<CallbackEndpoint>>()));
        services.TryAddSingleton(provider => new A2AEndpoint(
            provider.GetRequiredService<HostedAgents>(),
            provider.GetRequiredService<AgentCardEndpoint>(),
            provider.GetRequiredService<CrossOrigin>(),
            provider.GetRequiredService<FailureAnswers>(),
            provider.GetRequiredService<JsonRpcBinding>(),
            provider.GetRequiredService<HttpJsonBinding>()));
    }
}
