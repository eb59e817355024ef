using ServerlessA2A.Functions.Tests.Deployed;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.PostgreSql.Tests.Servers;

namespace ServerlessA2A.Functions.Tests.LocalHost;

/// <summary>The local host with its tasks in PostgreSQL.</summary>
public class PostgreSqlTests
{
    [SkippableFact]
    public async Task TasksOutliveTheProcess()
    {
        await using var server = await SharedServer.StartAsync();
        var settings = PostgreSqlStore.Settings(server);
        await using var first = RunningProgram.Start(Programs.Agent, target: null, settings);
        using var client = new HttpClient { BaseAddress = await first.AddressAsync() };
        var sent = (await client.CallAsync(Requests.Send("hello"))).GetProperty("task");
        Assert.Equal(0, await first.StopAsync());

        await using var second = RunningProgram.Start(Programs.Agent, target: null, settings);
        using var clientOfTheSecond = new HttpClient { BaseAddress = await second.AddressAsync() };
        var read = await clientOfTheSecond.CallAsync(Requests.Get(sent.GetProperty("id").GetString()!));
        Assert.Equal(0, await second.StopAsync());

        Assert.Equal("TASK_STATE_COMPLETED", sent.State());
        Assert.Equal(sent.GetRawText(), read.GetRawText());
        Assert.Contains(first.Output, line => line.Contains("Tasks are kept in PostgreSQL", StringComparison.Ordinal));
        Assert.Empty(first.LoggedErrors.Concat(second.LoggedErrors).Concat(first.Errors).Concat(second.Errors));
    }

    [SkippableFact]
    public async Task AServerOfItsOwnEndsWithTheProgram()
    {
        // It says where nothing is installed.
        await using (await SharedServer.StartAsync())
        {
        }

        await using var program = RunningProgram.Start(Programs.Agent, ["--postgres", "--urls", "http://127.0.0.1:0"]);
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };
        Assert.Equal("TASK_STATE_COMPLETED", (await client.CallAsync(Requests.Send("hello"))).GetProperty("task").State());
        Assert.Equal(0, await program.StopAsync());
        Assert.Empty(program.LoggedErrors.Concat(program.Errors));
    }

    [Fact]
    public async Task AMigrationWithoutPostgreSqlIsRefusedWithTheRemedy()
    {
        await using var program = RunningProgram.Start(Programs.Agent, ["--migrate"]);
        Assert.Equal(1, await program.ExitAsync());
        Assert.Contains("A2A__Tasks__Store", Assert.Single(program.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FaultsOfTheSettingsAreReportedAtStart()
    {
        await using var program = RunningProgram.Start(Programs.Agent, target: null, ("A2A__Tasks__Store", "PostgreSql"));
        Assert.Equal(1, await program.ExitAsync());
        Assert.Contains("A2A__PostgreSql__ConnectionString", Assert.Single(program.Errors), StringComparison.Ordinal);
    }
}
