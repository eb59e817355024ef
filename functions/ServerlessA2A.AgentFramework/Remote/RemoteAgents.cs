using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Chat.Remote;

namespace ServerlessA2A.AgentFramework.Remote;

/// <summary>The remote agents of the program, as tools of a hosted agent.</summary>
internal static class RemoteAgents
{
    /// <summary>The tools for an agent.</summary>
    public static IEnumerable<AITool> Tools(IServiceProvider services) => All(services).Select(tool => new HostedTool(tool));

    /// <summary>The tool of a name; null for none.</summary>
    public static RemoteAgentTool? Find(IServiceProvider services, string name) => All(services).FirstOrDefault(tool => tool.Name == name);

    private static IEnumerable<RemoteAgentTool> All(IServiceProvider services) =>
        services.GetServices<AIFunction>().OfType<RemoteAgentTool>();

    /// <summary>The tool with the state of its calls, which is the run's.</summary>
    private sealed class HostedTool(RemoteAgentTool tool) : DelegatingAIFunction(tool)
    {
        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
        {
            var calls = RemoteCalls.Current ??
                throw new InvalidOperationException($"The remote agent {Name} can be called only by an agent that AddAgent hosts.");
            // An agent without the framework's function invocation has no ids of calls.
            var call = FunctionInvokingChatClient.CurrentContext?.CallContent ??
                new FunctionCallContent(Guid.NewGuid().ToString("N"), Name, new Dictionary<string, object?>(arguments));
            return calls.InvokeAsync(InnerFunction, call, arguments, cancellationToken);
        }
    }
}
