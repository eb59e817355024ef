using ServerlessA2A.Agents;
using ServerlessA2A.Tests.Conformance.Running;

namespace ServerlessA2A.Tests.Agents;

public sealed class OfflineAgentConformanceTests : AgentConformance
{
    protected override IReadOnlyList<string> Messages => ["hello", "ask me", "slow and steady", ""];

    protected override IAgent CreateAgent() => new OfflineAgent(Time);
}
