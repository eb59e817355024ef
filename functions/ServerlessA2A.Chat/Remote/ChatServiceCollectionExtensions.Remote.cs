using Microsoft.Extensions.AI;
using ServerlessA2A.Chat.Remote;
using ServerlessA2A.Client;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Addresses;

namespace Microsoft.Extensions.DependencyInjection;

/// <content>Remote agents.</content>
public static partial class ChatServiceCollectionExtensions
{
    /// <summary>
    /// Registers another A2A agent, of any make, as a tool of the model. During a long task of it no instance runs: this agent's task
    /// sleeps until the other agent calls its webhook, or is asked again. Its questions become this agent's, cancelling the task cancels
    /// it, and traces continue.
    /// </summary>
    /// <remarks>
    /// The card may lead to the agent's own host and to hosts of the internet, as webhooks may. At most 8 agents call each other in a row.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="agent">The agent's address, or that of its card.</param>
    /// <param name="name">The tool's name: at most 64 letters, digits, dashes and underscores.</param>
    /// <param name="description">What the agent can do, for the model.</param>
    /// <param name="configure">Sets how the agent is called, such as its credentials.</param>
    public static IServiceCollection AddRemoteAgent(
        this IServiceCollection services, Uri agent, string name, string description, Action<A2AClientOptions>? configure = null) =>
        services.AddSingleton<AIFunction>(provider =>
        {
            var options = new A2AClientOptions();
            configure?.Invoke(options);
            // A program without the engine's services has no hosts that webhooks may go to, beyond those of the internet.
            var guard = provider.GetService<AddressGuard>() ?? new AddressGuard(
                Options.Options.Create(new WebhookOptions()), new DnsHostAddresses());
            var connections = new RemoteConnections(agent, new GuardedConnections(guard, TimeProvider.System));
            var http = new HttpClient(connections.NewHandler()) { Timeout = Timeout.InfiniteTimeSpan };
            return new RemoteAgentTool(
                new A2AClient(agent, options, http), name, description, provider.GetService<TimeProvider>() ?? TimeProvider.System);
        });
}
