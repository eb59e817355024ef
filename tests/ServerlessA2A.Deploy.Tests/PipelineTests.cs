using System.Formats.Tar;
using System.IO.Compression;
using ServerlessA2A.Deploy.Tests.Google;
using ServerlessA2A.Deploy.Tests.Support;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

/// <summary>The steps of both pipelines, each on the tree that it would see.</summary>
public sealed class PipelineTests
{
    private const string Settings = "PROJECT=my-project\nA2A__Agent__Name=Of the pipeline\nA2A__Gemini__Instructions=\"You book\njourneys.\"\n";

    [SkippableFact]
    public async Task Cloud_Build_deploys_from_what_it_is_sent_and_GitHub_from_its_checkout()
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        await using var agent = RunningProgram.Start("functions/Agent", target: null, ("A2A__Agent__PublicUrl", "https://messagefunction-4711.europe-west4.run.app/"));
        google.Agent = await agent.AddressAsync();
        google.Apis.Add("cloudbuild.googleapis.com");
        using var checkout = Checkout.Create(("deploy.staging.env", Settings), ("deploy.production.env", Settings));

        var submitted = await Script.RunAsync(google, checkout.Root, ["gcloud", "builds", "submit", "--project=my-project", "--config=cloudbuild.yaml", "--ignore-file=.cloudbuildignore", "--suppress-logs"]);
        Assert.True(submitted.ExitCode == 0, $"{submitted}");
        var build = Assert.Single(google.Resources.Below("projects/my-project/"), each => $"{each["name"]}".EndsWith("/builds/b1", StringComparison.Ordinal));
        var tree = Directory.CreateTempSubdirectory("a2a-build-");
        try
        {
            await using (var unpacked = new GZipStream(new MemoryStream(google.BuildSource!), CompressionMode.Decompress))
                await TarFile.ExtractToDirectoryAsync(unpacked, tree.FullName, overwriteFiles: false);
            Assert.Equal(checkout.Files, Checkout.FilesIn(tree.FullName));

            var steps = build["steps"]!.AsArray().ToDictionary(step => $"{step!["id"]}", step => step!["args"]!.AsArray().Select(each => $"{each}").ToArray());
            Assert.Equal(["test", "deploy", "smoke", "promote"], steps.Keys);
            Assert.Equal(["dotnet", "test", "ServerlessA2A.sln"], steps["test"]);
            foreach (var step in new[] { "deploy", "smoke" })
            {
                var run = await Script.RunAsync(google, tree.FullName, ["bash", .. steps[step].Select(each => each.Replace("$_ENV", $"{build["substitutions"]!["_ENV"]}", StringComparison.Ordinal))]);
                Assert.True(run.ExitCode == 0, $"{step}: {run}");
            }

            var function = google.Resources.Get("projects/my-project/locations/europe-west4/functions/MessageFunction")["serviceConfig"]!["environmentVariables"]!;
            Assert.Equal(("Of the pipeline", "You book\njourneys."), ($"{function["A2A__Agent__Name"]}", $"{function["A2A__Gemini__Instructions"]}"));
        }
        finally
        {
            tree.Delete(recursive: true);
        }

        // The environments' settings are the same here, and so is the source: the second pipeline has nothing to change.
        foreach (var environment in new[] { "staging", "production" })
        {
            foreach (var command in await GitHubCommandsAsync(checkout, "deploy-environment.yml"))
            {
                var run = await Script.RunAsync(google, checkout.Root, ["bash", "-c", command.Replace("$ENVIRONMENT", environment, StringComparison.Ordinal)]);
                Assert.True(run.ExitCode == 0, $"{command}: {run}");
                Assert.Empty(run.Writes);
            }
        }
    }

    [Fact]
    public async Task GitHub_tests_then_deploys_to_staging_then_to_production()
    {
        var jobs = (await File.ReadAllLinesAsync(Path.Combine(Repository.Root, ".github", "workflows", "deploy.yml"))).Select(line => line.Trim()).ToList();
        Assert.Equal(
            ["test:", "staging:", "needs: test", "environment: staging", "production:", "needs: staging", "environment: production"],
            jobs.Skip(jobs.IndexOf("jobs:")).Where(line => line is "test:" or "staging:" or "production:" || line.StartsWith("needs:", StringComparison.Ordinal) || line.StartsWith("environment:", StringComparison.Ordinal)));
        Assert.Equal(2, jobs.Count(line => line == "uses: ./.github/workflows/deploy-environment.yml"));
    }

    private static async Task<IReadOnlyList<string>> GitHubCommandsAsync(Checkout checkout, string workflow)
    {
        var commands = (await File.ReadAllLinesAsync(Path.Combine(checkout.Root, ".github", "workflows", workflow))).Select(line => line.Trim())
            .Where(line => line.StartsWith("- run: ", StringComparison.Ordinal)).Select(line => line["- run: ".Length..]).ToList();
        Assert.Equal(2, commands.Count);
        return commands;
    }
}
