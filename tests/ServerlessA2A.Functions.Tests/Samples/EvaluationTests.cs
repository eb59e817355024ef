using ServerlessA2A.Chat.Tests.OpenAI;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Samples;

/// <summary><c>samples/Evaluation</c>: a good agent passes, a bad one fails, and so does one that the judge rejects.</summary>
public sealed class EvaluationTests : IDisposable
{
    private const int Conversations = 10;
    private const int Turns = 15;

    private readonly string _report = Path.GetTempFileName();

    public void Dispose() => File.Delete(_report);

    [Fact]
    public async Task TheSamplesOwnAgentPasses()
    {
        var (exitCode, table) = await EvaluateAsync();

        Assert.Equal(0, exitCode);
        Assert.Equal(["conversation", "F1 (≥ 0.70)", ""], table[0]);
        Assert.Equal(Conversations, table.Count(row => row[^1] == "passed"));
        Assert.Equal("**mean**", table[^1][0]);
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, Programs.Evaluation, "README.md"));
        Assert.Contains(await File.ReadAllTextAsync(_report), readme, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAgentThatOnlyRepeatsTheQuestionsFails()
    {
        await using var bad = RunningProgram.Start(Programs.OwnAgent);

        var (exitCode, table) = await EvaluateAsync(("EVALUATION_AGENT", $"{await bad.AddressAsync()}"));

        Assert.Equal(1, exitCode);
        Assert.Equal(Conversations, table.Count(row => row[^1] == "**failed**"));
        Assert.InRange(double.Parse(table[^1][1], System.Globalization.CultureInfo.InvariantCulture), 0, 0.5);
    }

    [Fact]
    public async Task AJudgeRatesEachAnswerAndFailsTheConversationThatItRatesLow()
    {
        await using var judge = await FakeOpenAI.StartAsync();
        // It does not answer at the last turn.
        foreach (var turn in Enumerable.Range(1, Turns - 1))
            judge.Enqueue(answer => answer.AnswerAsync(turn switch
            {
                2 => """{"score": 2, "reason": "It does not help."}""",
                3 => "I like it.",
                _ => """{"score": 5, "reason": "Just right."}""",
            }));

        var (exitCode, table) = await EvaluateAsync(
            ("EVALUATION_JUDGE_ENDPOINT", $"{judge.Address}"), ("EVALUATION_JUDGE_MODEL", "judge"), ("EVALUATION_JUDGE_API_KEY", "k"));

        Assert.Equal(1, exitCode);
        Assert.Equal(["conversation", "F1 (≥ 0.70)", "Relevance (≥ 4.00)", ""], table[0]);
        Assert.Equal(["Opening hours", "0.80", "5.00", "passed"], table[2]);
        Assert.Equal(["Sunday", "1.00", "2.00", "**failed**"], table[3]);
        Assert.Equal(["Returns", "0.94", "0.00", "**failed**"], table[4]);
        Assert.Equal(["Not about the shop", "1.00", "0.00", "**failed**"], table[^2]);
        Assert.Equal(Conversations - 3, table.Count(row => row[^1] == "passed"));
        Assert.Equal(Turns, judge.Requests.Count);
        Assert.Contains("[user] Are you open on Sunday?", judge.Requests[1].GetRawText(), StringComparison.Ordinal);
        Assert.Contains("[assistant] No, on Sunday the shop is closed.", judge.Requests[1].GetRawText(), StringComparison.Ordinal);
    }

    /// <summary>Runs <c>dotnet test</c> on the sample, and reads the table that it writes.</summary>
    private async Task<(int ExitCode, List<string[]> Table)> EvaluateAsync(params (string Name, string Value)[] settings)
    {
        await using var program = RunningProgram.StartTests(Programs.Evaluation, [.. settings, ("EVALUATION_REPORT", _report)]);
        var exitCode = await program.ExitAsync();
        var rows = await File.ReadAllLinesAsync(_report);
        Assert.True(rows.Length == Conversations + 3, $"{program}");
        return (exitCode, [.. rows.Select(row => row.Split('|')[1..^1].Select(cell => cell.Trim()).ToArray())]);
    }
}
