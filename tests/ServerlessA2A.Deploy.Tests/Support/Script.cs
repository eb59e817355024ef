using System.Diagnostics;
using ServerlessA2A.Deploy.Tests.Google;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Deploy.Tests.Support;

/// <summary>What a run of <c>deploy.sh</c> has said and done.</summary>
internal sealed record ScriptRun(int ExitCode, string Output, string Errors, IReadOnlyList<string> Writes)
{
    public override string ToString() => $"Exit code {ExitCode}\n{Output}\n{Errors}\n{string.Join('\n', Writes)}";
}

/// <summary>Runs <c>deploy.sh</c> with the real gcloud against the fake Google.</summary>
internal static class Script
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly string[] Foreign = ["CLOUDSDK_", "GOOGLE_", "A2A", "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy",
        "ALL_PROXY", "all_proxy"];

    /// <summary>
    /// gcloud's own folder: whoever runs the tests may have a project and credentials in theirs. One for all, as gcloud takes a while to
    /// fill it.
    /// </summary>
    private static readonly Lazy<string> Configuration = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("a2a-deploy-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        return folder.FullName;
    });

    public static Task<ScriptRun> RunAsync(FakeGoogle google, params string[] arguments) =>
        RunAsync(google, Repository.Root, ["bash", Path.Combine(Repository.Root, "deploy.sh"), .. arguments]);

    /// <summary>Runs a command in a folder, with gcloud set up for the fake Google.</summary>
    public static async Task<ScriptRun> RunAsync(FakeGoogle google, string where, IReadOnlyList<string> command)
    {
        google.ForgetWrites();
        var start = Start(google, where, command);
        foreach (var (name, value) in await WarmGcloud.EnvironmentAsync())
            start.Environment[name] = value;
        var (exitCode, output, errors) = await RunAsync(start);
        return new ScriptRun(exitCode, output, errors, google.Writes);
    }

    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, await output, await errors);
    }

    private static ProcessStartInfo Start(FakeGoogle google, string where, IReadOnlyList<string> command)
    {
        var start = Piped(command[0], command.Skip(1));
        start.WorkingDirectory = where;
        foreach (var name in start.Environment.Keys.Where(name => Foreign.Any(each => name.StartsWith(each, StringComparison.Ordinal)))
            .ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in google.Environment())
            start.Environment[name] = value;
        start.Environment["CLOUDSDK_CONFIG"] = Configuration.Value;
        start.Environment["CLOUDSDK_AUTH_DISABLE_CREDENTIALS"] = "true";
        start.Environment["CLOUDSDK_CORE_CHECK_GCE_METADATA"] = "false";
        start.Environment["CLOUDSDK_CORE_DISABLE_USAGE_REPORTING"] = "true";
        start.Environment["CLOUDSDK_SURVEY_DISABLE_PROMPTS"] = "true";
        start.Environment["CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK"] = "true";
        start.Environment["A2A_CALLS_VIA"] = google.CallsVia;
        start.Environment["A2A_ACCESS_TOKEN"] = "an-access-token";
        start.Environment["A2A_IDENTITY_TOKEN"] = DeployedAgent.IdentityToken;
        start.Environment["A2A_RETRY_SECONDS"] = "0";
        start.Environment["A2A_POLL_SECONDS"] = "0";
        return start;
    }

    public static ProcessStartInfo Piped(string program, IEnumerable<string> arguments) => new(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = Repository.Root,
    };
}
