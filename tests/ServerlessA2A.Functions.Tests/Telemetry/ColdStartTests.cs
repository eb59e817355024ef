using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Telemetry;

/// <summary>What a cold start loads while nobody collects telemetry. Times depend on the machine; the assemblies do not.</summary>
public class ColdStartTests
{
    /// <summary>
    /// The assemblies that were loaded up to the answer of the first message before there was any telemetry (commit 56c81f6), and those of
    /// packages that came later for other reasons.
    /// </summary>
    private static readonly string List = Path.Combine(
        Repository.Root, "tests", "ServerlessA2A.Functions.Tests", "Telemetry", "LoadedAssemblies.txt");

    [SkippableFact]
    public async Task WithoutTelemetryNoAssemblyIsLoadedForIt()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        await using var program = RunningProgram.Start(
            Programs.OwnAgent, typeof(MessageFunction).FullName, ("A2A__Tasks__Store", "InMemory"));
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        using var answer = await client.PostAsync("/", Requests.Json(
            """
            {"jsonrpc":"2.0","id":1,"method":"SendMessage","params":{"configuration":{"returnImmediately":true},
             "message":{"messageId":"m-1","role":"ROLE_USER","parts":[{"text":"hello"}]}}}
            """));

        Assert.Contains("TASK_STATE_SUBMITTED", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var more = program.LoadedAssemblies.Except(await File.ReadAllLinesAsync(List)).Order(StringComparer.Ordinal).ToList();
        Assert.True(
            more.Count == 0,
            $"A cold start now loads {string.Join(", ", more)} too. Load it only where it is used, or add it to {List}.");
        Assert.Equal(0, await program.StopAsync());
    }
}
