using Microsoft.Agents.AI;
using Microsoft.Agents.AI.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessA2A.AgentFramework.Tests.Support;
using ServerlessA2A.Agents;

namespace ServerlessA2A.AgentFramework.Tests;

public sealed class RegistrationTests
{
    private readonly ServiceCollection _services = new();
    private readonly ChatClientAgent _agent = new(new ScriptedModel());

    public RegistrationTests() => _services.AddLogging();

    [Fact]
    public void TheAgentIsTheUnnamedOneOrHasAName()
    {
        _services.AddAgent(_agent).AddAgent("named", _ => _agent).AddAgent("other", _agent);
        using var provider = _services.BuildServiceProvider();

        Assert.IsType<AIAgentHost>(provider.GetRequiredService<IAgent>());
        Assert.IsType<AIAgentHost>(provider.GetRequiredKeyedService<IAgent>("named"));
        Assert.IsType<AIAgentHost>(provider.GetRequiredKeyedService<IAgent>("other"));
        Assert.Contains("application/json", provider.GetRequiredService<IOptionsMonitor<AgentCardOptions>>().Get("named").OutputModes);
    }

    [Fact]
    public void AWorkflowIsNotShared()
    {
        var workflow = AgentWorkflowBuilder.BuildSequential(_agent).AsAIAgent();

        var fault = Assert.Throws<ArgumentException>(() => _services.AddAgent(workflow));
        Assert.Contains("create one for each run", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _services.AddAgent("named", workflow));
        _services.AddAgent(_ => workflow);
    }
}
