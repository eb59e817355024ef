using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Agents;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Functions;

/// <summary>What a program's own startup adds: agents with a name, and none without.</summary>
internal static class NamedAgents
{
    public static TestSetup Setup(params (string Name, string Value)[] settings) => new([("A2A:Agents:news:Name", "The news"), .. settings])
    {
        Services = services => services.AddAgent<OfflineAgent>("weather").AddAgent<OfflineAgent>("news"),
    };
}
