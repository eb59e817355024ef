using ServerlessA2A.Deploy.Tests.Google;
using ServerlessA2A.Deploy.Tests.Support;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

public sealed class AgentTests
{
    [SkippableFact]
    public async Task TheSmokeTestWorksWithAnAgentThatRepliesWithMessages()
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        await using var agent = RunningProgram.Start("tests/ServerlessA2A.TestAgent", target: null);
        google.Agent = await agent.AddressAsync();
        foreach (var service in new[] { "messagefunction", "agentcardfunction" })
            google.Resources.Add($"projects/my-project/locations/europe-west4/services/{service}", []);
        var smoke = await Script.RunAsync(google, "smoke", "--project", google.Project);
        Assert.True(smoke.ExitCode == 0, $"{smoke}");
        Assert.Matches("(?m)^  Task [0-9a-f-]{36} completed\\.$", smoke.Output);
    }
}
