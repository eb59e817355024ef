using System.Security.Cryptography;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Samples;

public class AgentCallsAgentTests
{
    [Fact]
    public async Task TheWebhookOfTheOtherAgentWakesTheTask()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var other = RunningProgram.Start(
            Programs.TestAgent, target: null, ("A2A__Agent__PushNotifications", "true"),
            ("A2A__Security__SigningKeys__0", key.ExportPkcs8PrivateKeyPem()));
        await using var program = await StartAsync(other);
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        var task = (await client.CallAsync(Requests.Send("count 3 10ms"))).GetProperty("task");

        Assert.Equal(("TASK_STATE_COMPLETED", "With pleasure: 1 2 3 "), (task.State(), task.ArtifactText()));
        await program.LineAsync(line => line.Contains("Callback received", StringComparison.Ordinal));
        Assert.Empty(program.LoggedErrors);
        Assert.Empty(other.LoggedErrors);
    }

    [Fact]
    public async Task TheOtherAgentIsCanceledWithTheTask()
    {
        await using var other = RunningProgram.Start(Programs.TestAgent);
        await using var program = await StartAsync(other);
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };
        var task = (await client.CallAsync(Requests.Send("count 1000000 100ms", returnImmediately: true))).GetProperty("task");
        await program.LineAsync(line => line.Contains("task sleeps until", StringComparison.Ordinal));

        var canceled = await client.CallAsync(Requests.About("CancelTask", task.GetProperty("id").GetString()!));

        Assert.Equal("TASK_STATE_CANCELED", canceled.State());
        await other.LineAsync(line => line.Contains("is stopped.", StringComparison.Ordinal));
        Assert.Empty(program.LoggedErrors);
        Assert.Empty(other.LoggedErrors);
    }

    private static async Task<RunningProgram> StartAsync(RunningProgram other) => RunningProgram.Start(
        Programs.AgentCallsAgent, target: null, ("OtherAgent", (await other.AddressAsync()).AbsoluteUri),
        ("Logging__LogLevel__ServerlessA2A", "Debug"));
}
