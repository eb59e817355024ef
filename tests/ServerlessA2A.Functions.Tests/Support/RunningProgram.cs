using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ServerlessA2A.Functions.Tests.Support;

/// <summary>
/// One of the programs as a process of its own, with what it prints. Whatever the environment of the tests says about functions and agents
/// is not handed on. Ends with this object: told to first, killed when it does not obey.
/// </summary>
internal sealed partial class RunningProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly string[] Foreign = ["PORT", "FUNCTION_TARGET", "ASPNETCORE_", "DOTNET_URLS", "K_", "FIRESTORE_", "PUBSUB_",
        "GOOGLE_", "OTEL_", "A2A__"];

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentDictionary<Func<string, bool>, TaskCompletionSource<string>> _awaited = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningProgram(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data, _output);
        _process.ErrorDataReceived += (_, line) => Read(line.Data, _errors);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The lines of standard output until now; all of them after <see cref="ExitAsync"/>.</summary>
    public IReadOnlyList<string> Output => [.. _output];

    /// <summary>The lines of standard error until now.</summary>
    public IReadOnlyList<string> Errors => [.. _errors];

    /// <summary>The assemblies that it has loaded. Linux only.</summary>
    public IReadOnlySet<string> LoadedAssemblies => File.ReadLines($"/proc/{_process.Id}/maps")
        .Where(line => line.EndsWith(".dll", StringComparison.Ordinal)).Select(line => Path.GetFileNameWithoutExtension(line)).ToHashSet();

    /// <summary>
    /// What was logged as an error or as critical: on the console of a local host, on that of a function, or as JSON for Cloud Logging.
    /// </summary>
    public IEnumerable<string> LoggedErrors => Output.Concat(Errors).Where(line => ErrorLevel().IsMatch(line));

    /// <summary>Starts the local host, or with a target that function alone, on a port that the system chooses.</summary>
    public static RunningProgram Start(string folder, string? target = null, params (string Name, string Value)[] settings) =>
        target is null
        ? Start(folder, ["--urls", "http://127.0.0.1:0"], settings)
        : Start(folder, ["--target", target, "--port", "0"],
            [.. settings, ("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Information")]);

    /// <summary>Starts a program of this build, by its folder in the tree, as <c>dotnet run</c> does.</summary>
    public static RunningProgram Start(string folder, string[] arguments, params (string Name, string Value)[] settings)
    {
        return Start(folder, settings, [AssemblyOf(folder), .. arguments]);
    }

    /// <summary>Starts the tests of a test project of this build, as <c>dotnet test</c> does.</summary>
    public static RunningProgram StartTests(string folder, params (string Name, string Value)[] settings) =>
        Start(folder, settings, ["vstest", AssemblyOf(folder)]);

    private static RunningProgram Start(string folder, (string Name, string Value)[] settings, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            // As dotnet run does it from there; the tests' own folder has the settings of some sample.
            WorkingDirectory = Path.Combine(Repository.Root, folder),
        };
        if (IgnoresInterrupts())
        {
            // A shell that starts tests in the background lets them and their children ignore Ctrl+C.
            start.FileName = "env";
            start.ArgumentList.Insert(0, "dotnet");
            start.ArgumentList.Insert(0, "--default-signal=INT");
        }

        foreach (var name in start.Environment.Keys.Where(name => Foreign.Any(each => name.StartsWith(each, StringComparison.Ordinal)))
            .ToList())
            start.Environment.Remove(name);
        // It ends long before code that is compiled again, and faster, pays: a third of its time is saved. The number is hexadecimal.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "60000";
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return new RunningProgram(start);
    }

    /// <summary>The output of a project of this tree, built as the tests were.</summary>
    private static string AssemblyOf(string folder)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(Repository.Root, folder, "bin", framework.Parent!.Name, framework.Name, Path.GetFileName(folder) + ".dll");
    }

    /// <summary>The address that it says it listens on.</summary>
    public async Task<Uri> AddressAsync()
    {
        var exit = _process.WaitForExitAsync();
        if (await Task.WhenAny(_address.Task, exit).WaitAsync(Patience) == exit)
            throw new InvalidOperationException(
                $"The program has ended with exit code {_process.ExitCode} and without an address.\n{this}");
        return await _address.Task;
    }

    /// <summary>The first line that is like this, on standard output or standard error: one that is there, or one to come.</summary>
    public async Task<string> LineAsync(Func<string, bool> isIt)
    {
        var awaited = _awaited.GetOrAdd(isIt, _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
        if (Output.Concat(Errors).FirstOrDefault(isIt) is { } line)
            return line;
        try
        {
            return await awaited.Task.WaitAsync(Patience);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"The program has not printed the line within {Patience}.\n{this}", late);
        }
    }

    /// <summary>
    /// Waits until one of several programs has printed a line that is like this. What a program does is seen before its log is: who asserts
    /// on <see cref="Output"/> of one that still runs waits with this first.
    /// </summary>
    /// <returns>The program.</returns>
    public static async Task<RunningProgram> PrinterAsync(IEnumerable<RunningProgram> programs, Func<string, bool> isIt) =>
        await await Task.WhenAny(programs.Select(async program =>
        {
            await program.LineAsync(isIt);
            return program;
        }));

    /// <summary>Sends a signal: INT is Ctrl+C, TERM what Cloud Run sends.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync(TimeSpan? within = null)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(within ?? Patience);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"The program has not ended within {within ?? Patience}.\n{this}", late);
        }

        return _process.ExitCode;
    }

    /// <summary>Tells it to end, as Cloud Run does.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        return await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited)
                await StopAsync();
        }
        finally
        {
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
            _process.Dispose();
        }
    }

    /// <summary>What it has printed, for the message of a failed test.</summary>
    public override string ToString() => $"Standard output:\n{string.Join('\n', Output)}\nStandard error:\n{string.Join('\n', Errors)}";

    private void Read(string? line, ConcurrentQueue<string> lines)
    {
        if (line is null)
            return;
        lines.Enqueue(line);
        foreach (var (isIt, awaited) in _awaited)
        {
            if (isIt(line))
                awaited.TrySetResult(line);
        }

        // The local host prints its functions, the Functions Framework what ASP.NET Core logs.
        if ((line.Contains("MessageFunction:", StringComparison.Ordinal) || line.Contains("Now listening on", StringComparison.Ordinal)) &&
            Address().Match(line) is { Success: true } found)
            _address.TrySetResult(new Uri(found.Value + "/"));
    }

    private static bool IgnoresInterrupts() =>
        OperatingSystem.IsLinux() &&
        File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } ignored &&
        (Convert.ToUInt64(ignored["SigIgn:".Length..].Trim(), 16) & (1UL << (2 - 1))) != 0;

    [GeneratedRegex(@"http://[^\s/]+:\d+")]
    private static partial Regex Address();

    [GeneratedRegex(@"^(fail|crit): |\[(fail|crit)\]|""severity"":""(ERROR|CRITICAL)""")]
    private static partial Regex ErrorLevel();
}
