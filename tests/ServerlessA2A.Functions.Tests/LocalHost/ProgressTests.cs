using ServerlessA2A.Functions.Local;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.LocalHost;

public sealed class ProgressTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };

    public void Dispose() => _output.Dispose();

    [Fact]
    public async Task ATerminalSeesTheElapsedTimeGoOn()
    {
        var (progress, work) = (new Progress(_output, isTerminal: true, _time), new TaskCompletionSource<int>());
        var shown = progress.ShowAsync("Starting", () => work.Task);

        _time.Advance(TimeSpan.FromSeconds(1));
        work.SetResult(5);

        Assert.Equal(5, await shown);
        Assert.Matches("^Starting …(\r\\s*Starting … 1\\.0 s)*(, done)?\n$", $"{_output}");
        Assert.EndsWith("\rStarting … 1.0 s, done\n", $"{_output}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task ElsewhereItIsOneLineAtTheEnd()
    {
        var (progress, work) = (new Progress(_output, isTerminal: false, _time), new TaskCompletionSource<int>());
        var shown = progress.ShowAsync("Starting", () => work.Task);
        _time.Advance(TimeSpan.FromSeconds(2.5));
        Assert.Empty($"{_output}");
        work.SetResult(5);

        Assert.Equal(5, await shown);
        Assert.Equal("Starting: 2.5 s\n", $"{_output}");
    }

    [Theory]
    [InlineData(true, "Starting …\n")]
    [InlineData(false, "")]
    public async Task AFailureEndsTheLine(bool isTerminal, string written)
    {
        var progress = new Progress(_output, isTerminal, _time);

        await Assert.ThrowsAsync<StartFaultException>(
            () => progress.ShowAsync("Starting", () => Task.FromException<int>(new StartFaultException("no"))));

        Assert.Equal(written, $"{_output}");
    }
}
