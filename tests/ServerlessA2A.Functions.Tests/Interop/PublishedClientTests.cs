namespace ServerlessA2A.Functions.Tests.Interop;

/// <summary>
/// The published JavaScript SDKs of A2A 1.0 and 0.3 against the running program, over both bindings. What a row does is in
/// tests/interop/scenarios; a failed one can be run alone: <c>node run.mjs http://localhost:8080 http://localhost:8081 --scenario
/// stream</c>.
/// </summary>
public sealed class PublishedClientTests(InteropRun run) : IClassFixture<InteropRun>
{
    public static TheoryData<string> Rows { get; } = [.. Row.All()];

    /// <summary>Skipped where it is not: the list of tests shows no reasons, so this one's name tells it.</summary>
    [SkippableFact]
    public void NodeIsInstalledToRunThePublishedClients() => RequireRun();

    [SkippableTheory]
    [MemberData(nameof(Rows))]
    public void APublishedClientIsServed(string row)
    {
        RequireRun();

        var error = run.ErrorOf(row);

        Assert.True(error is null, $"{row}: {error}\n{run.Complaints}");
    }

    [SkippableFact]
    public void MeanwhileTheProgramLogsNoError()
    {
        RequireRun();

        Assert.Empty(run.Program!.LoggedErrors);
        Assert.Empty(run.Program.Errors);
        Assert.Empty(run.TestAgent!.LoggedErrors);
    }

    [SkippableFact]
    public void AfterwardsTheProgramEndsWithZero()
    {
        RequireRun();

        Assert.Equal(0, run.ExitCode);
    }

    private void RequireRun() => NodeScripts.Require(run.Missing);
}
