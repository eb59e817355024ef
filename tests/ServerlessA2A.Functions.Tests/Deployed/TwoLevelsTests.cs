using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Deployed;

/// <summary>
/// A chat agent whose tool is another agent (<c>AddRemoteAgent</c>), each deployed by itself. Whichever is killed, the work is done once.
/// </summary>
[Collection(nameof(SharedDeployment))]
public class TwoLevelsTests
{
    [SkippableTheory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task ATaskCompletesOnceWhenEitherAgentIsKilled(bool killCaller, bool killOther)
    {
        await using var gate = await Gate.StartAsync();
        // While an agent has no instance, its run requests are refused again and again; they must not become dead letters meanwhile.
        await using var other = await Deployment.StartAsync(deliveries: 100);
        var address = other.Messages[0].Client.BaseAddress!.AbsoluteUri;
        await using var caller = await Deployment.StartAsync(deliveries: 100, settings: ("Test__OtherAgent", address));
        var client = caller.Messages[0].Client;
        var sent = await client.CallAsync(Requests.Send($"count 40 5ms checkpoint 7 {gate.After(20)}", returnImmediately: true));
        var id = sent.GetProperty("task").GetProperty("id").GetString()!;
        await gate.ReachedAsync();

        if (killCaller)
            await Task.WhenAll(caller.Runs.Select(run => run.KillAsync()));
        if (killOther)
            await (await other.RunThatPrintsAsync(line => line.Contains("Counting for", StringComparison.Ordinal))).KillAsync();
        gate.Open();
        if (killCaller)
            await Task.WhenAll(caller.Runs.Select(run => run.StartAsync()));
        var end = client.EndOfAsync(id);
        await Task.WhenAll(
            caller.SweepUntilAsync(end, "the caller's task ends"), other.SweepUntilAsync(end, "the other agent's task ends"));

        var task = await end;
        Assert.Equal(("TASK_STATE_COMPLETED", "With pleasure: " + Requests.Count(40)), (task.State(), task.ArtifactText()));
        // The other agent has one task, however often the caller has begun.
        var begun = other.Runs.SelectMany(run => run.LinesWith("Counting for"));
        Assert.Single(begun.Select(line => line.Split("Counting for ")[1].Split(' ')[0]).Distinct());
    }
}
