using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using ServerlessA2A.Deploy.Tests.Google;
using ServerlessA2A.Deploy.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

public sealed class ContainerTests
{
    private const string Region = "projects/my-project/locations/europe-west4";

    [SkippableFact]
    public async Task ContainersAreOneImageWithAServiceForEachFunctionAndPushesToThem()
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        await google.StartAgentAsync();
        using var mine = new OwnProject();
        string[] arguments = ["up", "--container", "--project", google.Project, "--project-file", mine.Folder, "--unauthenticated",
            "--identity", "api-key", "--set", "CONCURRENCY=60", "--grpc"];

        var up = await Script.RunAsync(google, arguments);
        Assert.True(up.ExitCode == 0, $"{up}");
        var images = new HashSet<string>();
        foreach (var function in new[] { "AgentCardFunction", "MessageFunction", "RunTaskFunction", "NotifyFunction", "SweepFunction",
            "DeadLetterFunction" })
        {
            var container = google.Resources.Get(
                $"{Region}/services/{function.ToLowerInvariant()}")["knative"]!["spec"]!["template"]!["spec"]!["containers"]![0]!;
            images.Add($"{container["image"]}");
            var environment = container["env"]!.AsArray()
                .ToDictionary(each => $"{each!["name"]}", each => each!["value"]?.ToString()
                ?? $"{each["valueFrom"]!["secretKeyRef"]!["name"]}");
            Assert.Equal("ServerlessA2A.Functions." + function, environment["FUNCTION_TARGET"]);
            Assert.Equal("api-key", environment["A2A__Security__Identity__0"]);
            Assert.Equal(
                function == "MessageFunction" ? "a2a-api-key-hash" : null,
                environment.GetValueOrDefault("A2A__Security__ApiKeys__Hashes__0"));
            Assert.Equal(
                "https://agentcardfunction-4711.europe-west4.run.app/.well-known/agent-card.json", environment["A2A__Agent__CardUrl"]);
            // The card of every function lists gRPC; one of them serves it.
            Assert.Equal("messagefunction-4711.europe-west4.run.app:443", environment["A2A__Agent__GrpcUrl"]);
            Assert.Equal(function == "MessageFunction" ? "h2c" : null, container["ports"]?[0]?["name"]?.ToString());
        }

        Assert.StartsWith("europe-west4-docker.pkg.dev/my-project/a2a/agent:", Assert.Single(images), StringComparison.Ordinal);
        foreach (var service in new[] { "agentcardfunction", "messagefunction" })
            Assert.Equal(["roles/run.invoker allUsers"], google.Policies.On($"{Region}/services/{service}"));
        AssertPushes(google, "a2a-tasks", "runtaskfunction", 20);
        AssertPushes(google, "a2a-notifications", "notifyfunction", null);
        AssertPushes(google, "a2a-sweep", "sweepfunction", null);
        AssertPushes(google, "a2a-dead", "deadletterfunction", null);
        // The key itself is for people: no function may read it.
        Assert.Empty(google.Policies.On("projects/my-project/secrets/a2a-api-key"));

        using (var build = new TarReader(new GZipStream(new MemoryStream(google.BuildSource!), CompressionMode.Decompress)))
        {
            var files = new List<string>();
            while (await build.GetNextEntryAsync() is { } entry)
                files.Add(entry.Name);
            Assert.Equal(
                ["Dockerfile", .. OwnProject.Uploaded],
                files.Where(file => !file.EndsWith('/') && !file.EndsWith("Tools", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal));
        }

        // A deployment that everybody could call before it has authenticated anybody would be one too early.
        Assert.DoesNotContain("--allow-unauthenticated", up.Output, StringComparison.Ordinal);

        // The image must be found, and must not be built again because a read has failed.
        foreach (var _ in new[] { "repositories", "tags" })
            google.Failures.Add(("artifactregistry", "GET", new GoogleErrorException(409, "ABORTED", "Please retry.")));
        var again = await Script.RunAsync(google, arguments);
        Assert.True(again.ExitCode == 0, $"{again}");
        Assert.Empty(again.Writes);
        Assert.Empty(google.Failures);

        // The program believes any token from now on: nobody must get in unchecked by then.
        google.StaleCalls = 3;
        var closed = await Script.RunAsync(google, "up", "--container", "--project", google.Project, "--project-file", mine.Folder);
        Assert.True(closed.ExitCode == 0, $"{closed}");
        Assert.Equal(0, google.StaleCalls);
        Assert.True(IndexOf(closed, "run POST", "messagefunction:setIamPolicy") < IndexOf(closed, "run PUT", "messagefunction"),
            $"{closed}");
        foreach (var service in new[] { "agentcardfunction", "messagefunction" })
            Assert.Empty(google.Policies.On($"{Region}/services/{service}"));

        // And the other way round: with the next identity it may be opened, once that is deployed.
        var opened = await Script.RunAsync(google, arguments);
        Assert.True(opened.ExitCode == 0, $"{opened}");
        Assert.True(IndexOf(opened, "run PUT", "messagefunction") < IndexOf(opened, "run POST", "messagefunction:setIamPolicy"),
            $"{opened}");

        // gRPC is kept like any other setting, and goes with its own.
        string[] keeping = [.. arguments[..^1], "--keep-settings", "--dry-run"];
        var kept = await Script.RunAsync(google, keeping);
        Assert.True(kept.ExitCode == 0, $"{kept}");
        Assert.DoesNotContain("gcloud run deploy", kept.Output, StringComparison.Ordinal);
        var without = await Script.RunAsync(google, [.. keeping, "--set", "GRPC=false"]);
        Assert.True(without.ExitCode == 0, $"{without}");
        Assert.Contains("--no-use-http2", without.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("GrpcUrl", without.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task GrpcNeedsContainersAndHttp2()
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();

        var refused = await Script.RunAsync(google, "up", "--dry-run", "--grpc", "--project", google.Project);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("GRPC is true, but CONTAINER is false", $"{refused}", StringComparison.Ordinal);
        refused = await Script.RunAsync(
            google, "up", "--dry-run", "--set", "A2A__Agent__GrpcUrl=agent.example.com:443", "--project", google.Project);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("A2A__Agent__GrpcUrl is set, but CONTAINER is false", $"{refused}", StringComparison.Ordinal);
        string[] named = ["--set", "A2A__Agents__weather__GrpcUrl=agent.example.com:443"];
        refused = await Script.RunAsync(google, ["up", "--dry-run", "--project", google.Project, .. named]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("A2A__Agents__weather__GrpcUrl is set, but CONTAINER is false", $"{refused}", StringComparison.Ordinal);

        string[] dryRun = ["up", "--dry-run", "--container", "--project", google.Project, "--project-file", OwnProject.Shared];
        var run = await Script.RunAsync(google, [.. dryRun, "--grpc"]);
        Assert.True(run.ExitCode == 0, $"{run}");
        Assert.Single(run.Output.Split("--use-http2").Skip(1));
        Assert.Contains(
            "A2A__Agent__GrpcUrl: \"messagefunction-4711.europe-west4.run.app:443\"", run.Output, StringComparison.Ordinal);
        var ofOne = await Script.RunAsync(google, [.. dryRun, .. named]);
        Assert.True(ofOne.ExitCode == 0, $"{ofOne}");
        Assert.Single(ofOne.Output.Split("--use-http2").Skip(1));
        var without = await Script.RunAsync(google, dryRun);
        Assert.Single(without.Output.Split("--no-use-http2").Skip(1));
        Assert.DoesNotContain("GrpcUrl", without.Output, StringComparison.Ordinal);
    }

    private static int IndexOf(ScriptRun run, string call, string end) =>
        run.Writes.Select((write, index) => (write, index))
            .First(each => each.write.StartsWith(call, StringComparison.Ordinal) &&
            each.write.EndsWith("/" + end, StringComparison.Ordinal)).index;

    /// <summary>The end of the address is how the Functions Framework knows the topic.</summary>
    private static void AssertPushes(FakeGoogle google, string topic, string service, int? attempts)
    {
        var subscription = google.Resources.Get($"projects/my-project/subscriptions/{topic}-{service}");
        var (push, address) = (subscription["pushConfig"]!, $"https://{service}-4711.europe-west4.run.app");
        Assert.Equal($"projects/my-project/topics/{topic}", $"{subscription["topic"]}");
        Assert.Equal($"{address}/projects/my-project/topics/{topic}", $"{push["pushEndpoint"]}");
        Assert.Equal("a2a-trigger@my-project.iam.gserviceaccount.com", $"{push["oidcToken"]!["serviceAccountEmail"]}");
        Assert.Equal(address, $"{push["oidcToken"]!["audience"]}");
        Assert.Equal(attempts, subscription["deadLetterPolicy"] is JsonNode dead ? (int)dead["maxDeliveryAttempts"]! : null);
        Assert.Equal(
            ["roles/run.invoker serviceAccount:a2a-trigger@my-project.iam.gserviceaccount.com"],
            google.Policies.On($"{Region}/services/{service}"));
    }
}
