using System.Formats.Tar;
using System.IO.Compression;
using ServerlessA2A.Deploy.Tests.Google;
using ServerlessA2A.Deploy.Tests.Support;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

/// <summary>The steps of both pipelines, each on the tree that it would see.</summary>
public sealed class PipelineTests
{
    private const string Tests = "dotnet test ServerlessA2A.sln";
    private const string Settings =
        "PROJECT=my-project\nA2A__Agent__Name=Of the pipeline\nA2A__Gemini__Instructions=\"You book\njourneys.\"\n";

    [SkippableFact]
    public async Task CloudBuildDeploysFromWhatItIsSentAndGitHubFromItsCheckout()
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        await google.StartAgentAsync();
        google.Apis.Add("cloudbuild.googleapis.com");
        using var checkout = Checkout.Create(("deploy.staging.env", Settings), ("deploy.production.env", Settings));

        var submitted = await Script.RunAsync(
            google, checkout.Root,
            ["gcloud", "builds", "submit", "--project=my-project", "--config=cloudbuild.yaml", "--ignore-file=.cloudbuildignore",
            "--suppress-logs"]);
        Assert.True(submitted.ExitCode == 0, $"{submitted}");
        var build = Assert.Single(
            google.Resources.Below("projects/my-project/"), each => $"{each["name"]}".EndsWith("/builds/b1", StringComparison.Ordinal));
        var tree = Directory.CreateTempSubdirectory("a2a-build-");
        try
        {
            await using (var unpacked = new GZipStream(new MemoryStream(google.BuildSource!), CompressionMode.Decompress))
                await TarFile.ExtractToDirectoryAsync(unpacked, tree.FullName, overwriteFiles: false);
            Assert.Equal(checkout.Files, Checkout.FilesIn(tree.FullName));

            await AssertCanBeTestedAsync(checkout, tree.FullName);
            var steps = build["steps"]!.AsArray()
                .ToDictionary(step => $"{step!["id"]}", step => new[] { step!["entrypoint"]?.ToString() }.OfType<string>()
                .Concat(step["args"]!.AsArray().Select(each => $"{each}")).ToArray());
            Assert.Equal(["test", "deploy", "smoke", "promote"], steps.Keys);
            Assert.Equal(Tests, string.Join(' ', steps["test"]));
            // Each environment is a build of its own. The last one promotes to none.
            foreach (var (environment, next) in new[] { ("staging", "production"), ("production", "") })
            {
                foreach (var step in new[] { "deploy", "smoke", "promote" })
                {
                    var words = steps[step].Select(
                        each => each.Replace("$_ENV", environment, StringComparison.Ordinal)
                        .Replace("$_NEXT", next, StringComparison.Ordinal).Replace("$COMMIT_SHA", "c0ffee", StringComparison.Ordinal))
                        .ToArray();
                    if (words[0].StartsWith("./", StringComparison.Ordinal))
                        words[0] = Path.Combine(tree.FullName, words[0]);
                    // Cloud Build's gcloud has the project of the build.
                    var run = await Script.RunAsync(google, tree.FullName, ["env", "CLOUDSDK_CORE_PROJECT=my-project", .. words]);
                    Assert.True(run.ExitCode == 0, $"{environment}, {step}: {run}");
                    Assert.Equal(
                        step == "promote" && next.Length > 0
                        ? ["cloudbuild POST /v1/projects/my-project/locations/global/triggers/production:run"] : [],
                        run.Writes.Where(_ => step != "deploy"));
                }
            }

            Assert.Equal(["c0ffee"], google.TriggeredCommits);
            var function = google.Resources.Get(
                "projects/my-project/locations/europe-west4/functions/MessageFunction")["serviceConfig"]!["environmentVariables"]!;
            Assert.Equal(
                ("Of the pipeline", "You book\njourneys."),
                ($"{function["A2A__Agent__Name"]}", $"{function["A2A__Gemini__Instructions"]}"));
        }
        finally
        {
            tree.Delete(recursive: true);
        }

        // The same command on the same files as in Cloud Build.
        Assert.Equal([Tests], await GitHubCommandsAsync(checkout, "deploy.yml", 1));
        // The environments' settings are the same here, and so is the source: the second pipeline has nothing to change.
        foreach (var environment in new[] { "staging", "production" })
        {
            foreach (var command in await GitHubCommandsAsync(checkout, "deploy-environment.yml", 2))
            {
                var run = await Script.RunAsync(google, checkout.Root, ["env", "ENVIRONMENT=" + environment, "bash", "-ec", command]);
                Assert.True(run.ExitCode == 0, $"{command}: {run}");
                Assert.Empty(run.Writes);
            }
        }
    }

    [Fact]
    public async Task GitHubTestsThenDeploysToStagingThenToProduction()
    {
        var jobs = (await File.ReadAllLinesAsync(Path.Combine(Repository.Root, ".github", "workflows", "deploy.yml")))
            .Select(line => line.Trim()).ToList();
        Assert.Equal(
            ["test:", "staging:", "needs: test", "environment: staging", "production:", "needs: staging", "environment: production"],
            jobs.Skip(jobs.IndexOf("jobs:"))
            .Where(line => line is "test:" or "staging:" or "production:" || line.StartsWith("needs:", StringComparison.Ordinal) ||
            line.StartsWith("environment:", StringComparison.Ordinal)));
        Assert.Equal(2, jobs.Count(line => line == "uses: ./.github/workflows/deploy-environment.yml"));
    }

    [Fact]
    public async Task GitHubKeepsTheResultsAndThePicturesOfTheTestsThatFailedToo()
    {
        var lines = (await File.ReadAllLinesAsync(Path.Combine(Repository.Root, ".github", "workflows", "deploy.yml")))
            .Select(line => line.Trim()).ToList();
        var upload = lines.Skip(lines.FindIndex(line => line.StartsWith("- uses: actions/upload-artifact@", StringComparison.Ordinal)))
            .TakeWhile(line => line != "staging:").ToList();
        Assert.Contains("if: always()", upload);
        foreach (var folder in (string[])["artifacts/test-results", "artifacts/inspector"])
            Assert.Contains(folder, upload);
        Assert.Contains(lines, line => line.StartsWith("VSTestResultsDirectory:", StringComparison.Ordinal) &&
            line.EndsWith("/artifacts/test-results", StringComparison.Ordinal));
    }

    /// <summary>Production may wait for its approval for days. It must not hold what staging needs.</summary>
    [Fact]
    public async Task GitHubDeploysOnceAtATimeToEachEnvironmentAndToNoTwo()
    {
        var workflows = Path.Combine(Repository.Root, ".github", "workflows");
        Assert.DoesNotContain("concurrency", await File.ReadAllTextAsync(Path.Combine(workflows, "deploy.yml")), StringComparison.Ordinal);
        var lines = await File.ReadAllLinesAsync(Path.Combine(workflows, "deploy-environment.yml"));
        Assert.Equal(
            "    concurrency: deploy-${{ inputs.environment }}",
            Assert.Single(lines, line => line.Contains("concurrency:", StringComparison.Ordinal)));
    }

    /// <summary>
    /// What the tests are built from is there, byte for byte, and can be restored there. To build and run them on the same files would be
    /// all of CI once more.
    /// </summary>
    private static async Task AssertCanBeTestedAsync(Checkout checkout, string tree)
    {
        foreach (var file in checkout.Files)
        {
            var (expected, actual) = (
                await File.ReadAllBytesAsync(Path.Combine(checkout.Root, file)), await File.ReadAllBytesAsync(Path.Combine(tree, file)));
            Assert.True(expected.AsSpan().SequenceEqual(actual), file);
        }

        var restore = Script.Piped("dotnet", ["restore", Tests.Split(' ')[^1]]);
        restore.WorkingDirectory = tree;
        // It reads all projects in one go, in half of the time.
        restore.Environment["RestoreUseStaticGraphEvaluation"] = "true";
        foreach (var name in restore.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
            .ToList())
            restore.Environment.Remove(name);
        var (exitCode, output, errors) = await Script.RunAsync(restore);
        Assert.True(exitCode == 0, output + errors);
    }

    private static async Task<IReadOnlyList<string>> GitHubCommandsAsync(Checkout checkout, string workflow, int count)
    {
        var commands = (await File.ReadAllLinesAsync(Path.Combine(checkout.Root, ".github", "workflows", workflow)))
            .Select(line => line.Trim())
            .Where(line => line.StartsWith("- run: ", StringComparison.Ordinal)).Select(line => line["- run: ".Length..]).ToList();
        Assert.Equal(count, commands.Count);
        return commands;
    }
}
