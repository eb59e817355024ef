using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using ServerlessA2A.AgentFramework;
using ServerlessA2A.AgentFramework.Remote;
using ServerlessA2A.AgentFramework.Workflows;
using ServerlessA2A.Agents;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds agents and workflows of Microsoft Agent Framework.</summary>
public static class AgentFrameworkServiceCollectionExtensions
{
    private static readonly string[] InputModes = ["text/plain", "application/json", "application/xml", "text/*"];
    private static readonly string[] OutputModes = ["text/plain", "application/json"];

    /// <summary>
    /// Adds an agent of Microsoft Agent Framework as the unnamed agent, which is served at <c>/</c>. Its session is stored with the task
    /// and continues with the next task of the conversation, tool approvals become INPUT_REQUIRED, and after a crash the run continues
    /// without repeating a finished tool call or a finished step of a workflow.
    /// </summary>
    /// <remarks>
    /// All runs of this process share the agent. Add a workflow with
    /// <see cref="AddAgent(IServiceCollection, Func{IServiceProvider, AIAgent})"/> instead, because only one run at a time can own it. The
    /// card declares text and JSON, unless <c>A2A:Agent:InputModes</c> and <c>OutputModes</c> are set.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="agent">The agent.</param>
    /// <exception cref="ArgumentException">The agent hosts a workflow.</exception>
    public static IServiceCollection AddAgent(this IServiceCollection services, AIAgent agent)
    {
        RequireShareable(agent);
        return services.AddAgent(_ => agent);
    }

    /// <inheritdoc cref="AddAgent(IServiceCollection, AIAgent)"/>
    /// <remarks>
    /// The card declares text and JSON, unless <c>A2A:Agent:InputModes</c> and <c>OutputModes</c> are set.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="createAgent">
    /// Creates the agent for each run. It must create the same agent each time, because another run continues the session.
    /// </param>
    public static IServiceCollection AddAgent(this IServiceCollection services, Func<IServiceProvider, AIAgent> createAgent)
    {
        ArgumentNullException.ThrowIfNull(createAgent);
        return services.AddAgent(provider => Host(provider, createAgent)).AddDefaults(Options.Options.DefaultName);
    }

    /// <summary>
    /// Adds an agent of Microsoft Agent Framework with a name, which is served at <c>/{name}</c>. All runs of this process share it.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">At most 40 lower-case letters, digits and dashes.</param>
    /// <param name="agent">The agent.</param>
    /// <exception cref="ArgumentException">The name is invalid or taken, or the agent hosts a workflow.</exception>
    public static IServiceCollection AddAgent(this IServiceCollection services, string name, AIAgent agent)
    {
        RequireShareable(agent);
        return services.AddAgent(name, _ => agent);
    }

    /// <summary>Adds an agent of Microsoft Agent Framework with a name, which is served at <c>/{name}</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">At most 40 lower-case letters, digits and dashes.</param>
    /// <param name="createAgent">
    /// Creates the agent for each run. It must create the same agent each time, because another run continues the session.
    /// </param>
    /// <exception cref="ArgumentException">The name is invalid or taken.</exception>
    public static IServiceCollection AddAgent(
        this IServiceCollection services, string name, Func<IServiceProvider, AIAgent> createAgent)
    {
        ArgumentNullException.ThrowIfNull(createAgent);
        return services.AddAgent(name, provider => Host(provider, createAgent)).AddDefaults(name);
    }

    /// <summary>
    /// The remote agents that <c>AddRemoteAgent</c> has registered, as tools for an agent: <c>services.AddAgent(provider => new
    /// ChatClientAgent(client, tools: [.. provider.GetRemoteAgents()]))</c>. A long task of a remote agent does not hold the run, its
    /// questions become this agent's, and cancelling the task cancels it.
    /// </summary>
    /// <remarks>
    /// In a workflow, a remote agent has to finish within the run, and its question is the tool's result.
    /// </remarks>
    /// <param name="services">The services.</param>
    public static IReadOnlyList<AITool> GetRemoteAgents(this IServiceProvider services) => [.. RemoteAgents.Tools(services)];

    private static void RequireShareable(AIAgent agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        if (WorkflowCheckpoints.IsWorkflow(agent))
            throw new ArgumentException(
                "Only one run at a time can own a workflow: create one for each run, as in AddAgent(_ => BuildWorkflow().AsAIAgent()).",
                nameof(agent));
    }

    private static AIAgentHost Host(IServiceProvider provider, Func<IServiceProvider, AIAgent> createAgent) => new AIAgentHost(
        () => createAgent(provider), provider, provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<AIAgentHost>>());

    private static IServiceCollection AddDefaults(this IServiceCollection services, string name)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.PostConfigure<AgentCardOptions>(name, card => card.DeclareModes(InputModes, OutputModes));
    }
}
