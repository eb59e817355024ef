using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;
using ServerlessA2A.Deploy.Tests.Support;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

public sealed class BuildpackTests
{
    /// <summary>
    /// What Cloud Build does with the source: publishes the project that <c>GOOGLE_BUILDABLE</c> names, and starts it with a target and a
    /// port. Here Google's packages may be stand-ins, so <c>GooglePackages</c> is not set, nor is <c>PublishReadyToRun</c>, whose compiler
    /// is a package of 100 MB.
    /// </summary>
    [SkippableFact]
    public async Task WhatGcloudignoreLeavesIsPublishedAndStartsWithATargetAndAPort()
    {
        GoogleCloudSdk.Require();
        var folder = Directory.CreateTempSubdirectory("a2a-buildpack-");
        try
        {
            var (exitCode, files, errors) = await Script.RunAsync(
                Script.Piped("gcloud", ["meta", "list-files-for-upload", Repository.Root]));
            Assert.True(exitCode == 0, errors);
            var uploaded = files.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.DoesNotContain(
                uploaded, file => file.StartsWith("tests/", StringComparison.Ordinal) || file.Contains("/obj/", StringComparison.Ordinal) ||
                file.Contains(".git/", StringComparison.Ordinal));
            foreach (var file in uploaded)
            {
                var copy = Path.Combine(folder.FullName, file);
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(Path.Combine(Repository.Root, file), copy);
            }

            var published = Path.Combine(folder.FullName, "published");
            var publish = Script.Piped("dotnet", ["publish", "functions/Agent", "-c", "Release", "-o", published, "--nologo"]);
            publish.WorkingDirectory = folder.FullName;
            // Analyzers have run in the build of this tree, and take half of the time of this one.
            publish.Environment["RunAnalyzers"] = "false";
            // A test runner's own MSBuild settings are not those of a build.
            foreach (var name in publish.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
                .ToList())
                publish.Environment.Remove(name);
            (exitCode, var output, errors) = await Script.RunAsync(publish);
            Assert.True(exitCode == 0, output + errors);
            await AssertAsksForTheNewestPatchAsync(published);
            // As the buildpack reads it.
            Assert.Equal(
                "net10.0", XDocument.Load(Path.Combine(folder.FullName, "functions", "Agent", "Agent.csproj")).Root!.Elements(
                "PropertyGroup").First().Element("TargetFramework")?.Value);
            await AssertServesTheCardAsync("dotnet", [Path.Combine(published, "Agent.dll")]);
            await AssertServesTheCardAsync(await EntryPointOfTheImageAsync(folder.FullName, published), []);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Cloud Build installs the runtime that <c>runtimeconfig.json</c> names.</summary>
    private static async Task AssertAsksForTheNewestPatchAsync(string published)
    {
        var (exitCode, newest, errors) = await Script.RunAsync(Script.Piped(
            "dotnet", ["msbuild", Path.Combine(Repository.Root, "functions", "Agent"), "-getProperty:BundledNETCoreAppPackageVersion"]));
        Assert.True(exitCode == 0, newest + errors);
        using var settings = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(published, "Agent.runtimeconfig.json")));
        var frameworks = settings.RootElement.GetProperty("runtimeOptions").GetProperty("frameworks").EnumerateArray()
            .ToDictionary(
                framework => framework.GetProperty("name").GetString()!, framework => framework.GetProperty("version").GetString());
        Assert.Equal((newest.Trim(), newest.Trim()), (frameworks["Microsoft.NETCore.App"], frameworks["Microsoft.AspNetCore.App"]));
    }

    /// <summary>What the Dockerfile makes of a published program, and starts without a shell.</summary>
    private static async Task<string> EntryPointOfTheImageAsync(string folder, string published)
    {
        var file = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "Dockerfile"));
        Assert.Contains(
            "mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled", file.Last(line => line.StartsWith("FROM ", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        var image = Directory.CreateDirectory(Path.Combine(folder, "image")).FullName;
        Directory.Move(published, Path.Combine(image, "app"));
        var link = file.Single(line => line.StartsWith("RUN ln ", StringComparison.Ordinal))["RUN ".Length..].Replace(
            "/image/", image + "/", StringComparison.Ordinal);
        var (exitCode, output, errors) = await Script.RunAsync(Script.Piped("sh", ["-ec", link]));
        Assert.True(exitCode == 0, output + errors);
        var entry = JsonSerializer.Deserialize<string[]>(
            file.Single(line => line.StartsWith("ENTRYPOINT ", StringComparison.Ordinal))["ENTRYPOINT ".Length..])!;
        return image + Assert.Single(entry);
    }

    private static async Task AssertServesTheCardAsync(string program, string[] arguments)
    {
        var start = Script.Piped(program, arguments);
        var (path, home) = (start.Environment["PATH"], Environment.GetEnvironmentVariable("DOTNET_ROOT"));
        start.Environment.Clear();
        (start.Environment["PATH"], start.Environment["FUNCTION_TARGET"], start.Environment["PORT"]) = (
            path, "ServerlessA2A.Functions.AgentCardFunction", "0");
        if (home is not null)
            start.Environment["DOTNET_ROOT"] = home;
        // The framework says where it listens only when it is asked to; the port is the system's choice.
        start.Environment["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information";
        using var process = Process.Start(start)!;
        try
        {
            Uri? address = null;
            while (address is null)
            {
                var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) ??
                    throw new InvalidOperationException($"It has ended: {await process.StandardError.ReadToEndAsync()}");
                if (line.IndexOf("http://", StringComparison.Ordinal) is >= 0 and var begin &&
                    line.Contains("listening", StringComparison.Ordinal))
                    address = new Uri(
                        line[begin..].Split('"')[0].Replace("[::]", "127.0.0.1", StringComparison.Ordinal)
                        .Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));
            }

            using var client = new HttpClient();
            Assert.Contains(
                "\"protocolVersion\"", await client.GetStringAsync(new Uri(address, "/.well-known/agent-card.json")),
                StringComparison.Ordinal);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
