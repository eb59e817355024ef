using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Samples;

public class AgentFrameworkTests
{
    [Fact]
    public async Task AWorkflowAsksTheClientAndContinuesWithTheAnswer()
    {
        await using var program = RunningProgram.Start(Programs.AgentFramework);
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        var small = (await client.CallAsync(Requests.Send("42"))).GetProperty("task");
        var asked = (await client.CallAsync(Requests.Send("4200"))).GetProperty("task");
        var done = (await client.CallAsync(Requests.Send("yes", taskId: asked.GetProperty("id").GetString()))).GetProperty("task");

        Assert.Equal(("TASK_STATE_COMPLETED", "Booked 42."), (small.State(), small.ArtifactText()));
        Assert.Equal("TASK_STATE_INPUT_REQUIRED", asked.State());
        Assert.Contains("4200 is a lot. Book it?", asked.GetProperty("status").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(("TASK_STATE_COMPLETED", "Booked after your confirmation."), (done.State(), done.ArtifactText()));
        Assert.Empty(program.LoggedErrors);
    }
}
