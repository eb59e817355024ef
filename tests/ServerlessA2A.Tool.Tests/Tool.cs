using System.Diagnostics;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Tool.Tests;

/// <summary>The command-line client as a process.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>How the tool was built: like these tests.</summary>
    public static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string Project => Path.Combine(Repository.Root, "functions", "ServerlessA2A.Tool");

    public static Process Start(params string[] arguments) =>
        Start("dotnet", [Path.Combine(Project, "bin", Configuration, "net10.0", "a2a.dll"), .. arguments]);

    public static Process Start(string program, IEnumerable<string> arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        // A test runner's own MSBuild settings are not those of a build.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        return Process.Start(start)!;
    }

    public static Task<Result> RunAsync(params string[] arguments) => EndAsync(Start(arguments), null);

    public static Task<Result> RunWithInputAsync(string input, params string[] arguments) => EndAsync(Start(arguments), input);

    public static async Task<Result> EndAsync(Process process, string? input)
    {
        using (process)
        {
            if (input is not null) await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync().WaitAsync(Limit);
            return new(process.ExitCode, await output, await errors);
        }
    }

    internal sealed record Result(int ExitCode, string Output, string Errors);
}
