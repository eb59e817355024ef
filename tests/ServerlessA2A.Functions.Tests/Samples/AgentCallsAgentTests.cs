using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Samples;

public class AgentCallsAgentTests
{
    [Fact]
    public async Task AnAgentWaitsForTheTaskOfAnotherAgent()
    {
        await using var other = RunningProgram.Start(Programs.OwnAgent);
        await using var program = RunningProgram.Start(
            Programs.AgentCallsAgent, target: null, ("OtherAgent", (await other.AddressAsync()).AbsoluteUri));
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        var task = (await client.CallAsync(Requests.Send("good morning"))).GetProperty("task");

        Assert.Equal(("TASK_STATE_COMPLETED", "With pleasure: GOOD MORNING"), (task.State(), task.ArtifactText()));
        Assert.Empty(program.LoggedErrors);
        Assert.Empty(other.LoggedErrors);
    }
}
