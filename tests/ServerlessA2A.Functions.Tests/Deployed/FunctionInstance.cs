using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Deployed;

/// <summary>
/// One instance of a function, as Cloud Run runs it: a process of its own, that can be killed and started again at any time.
/// </summary>
internal sealed class FunctionInstance(Type function, string folder, (string Name, string Value)[] settings) : IAsyncDisposable
{
    private readonly List<RunningProgram> _earlier = [];
    private RunningProgram? _program;
    private HttpClient? _client;

    /// <summary>The process that runs now, or has run last.</summary>
    public RunningProgram Program => _program ?? throw new InvalidOperationException($"{function.Name} was not started.");

    /// <summary>Talks to it. Of a process that is gone the connection is refused.</summary>
    public HttpClient Client => _client ?? throw new InvalidOperationException($"{function.Name} was not started.");

    /// <summary>What was logged as an error, in all its processes.</summary>
    public IEnumerable<string> LoggedErrors => _earlier.Append(Program).SelectMany(program => program.LoggedErrors);

    /// <summary>The lines of its log that hold a text, in all its processes.</summary>
    public IEnumerable<string> LinesWith(string text) =>
        _earlier.Append(Program).SelectMany(program => program.Output).Where(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>Starts a process, on a port of its own.</summary>
    /// <param name="more">Settings of this process alone, which win.</param>
    public async Task StartAsync(params (string Name, string Value)[] more)
    {
        if (_program is not null)
            _earlier.Add(_program);
        _program = RunningProgram.Start(
            folder,
            arguments: [],
            [
                ("A2A__Security__Identity__0", "none"),
                .. settings,
                .. more,
                ("FUNCTION_TARGET", function.FullName!),
                ("PORT", "0"),
                ("K_SERVICE", function.Name),
                ("K_REVISION", $"{function.Name}-00001-abc"),
                ("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Information"),
            ]);
        _client = new HttpClient { BaseAddress = await _program.AddressAsync(), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Ends the process without a word.</summary>
    public async Task KillAsync()
    {
        await Program.SignalAsync("KILL");
        await Program.ExitAsync();
    }

    /// <summary>Lets the process stand still for a while, as an instance does that gets no CPU, and go on as if nothing had been.</summary>
    public async Task FreezeAsync(TimeSpan time)
    {
        await Program.SignalAsync("STOP");
        await Task.Delay(time);
        await Program.SignalAsync("CONT");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _program is null ? _earlier : [.. _earlier, _program])
            await program.DisposeAsync();
        _client?.Dispose();
    }

    public override string ToString() => $"{function.Name}:\n{_program}";
}
