using System.Text.Json.Nodes;
using ServerlessA2A.Deploy.Tests.Google;
using ServerlessA2A.Deploy.Tests.Support;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

/// <summary>Tasks in AlloyDB: no Firestore, the login from secrets, a way to private addresses, and the tables before anybody needs them.</summary>
public sealed class AlloyDbTests
{
    private const string Region = "projects/my-project/locations/europe-west4";
    private const string Instance = $"{Region}/clusters/agents/instances/primary";

    [SkippableFact]
    public async Task ContainersReachAlloyDbAndItsTablesAreMigratedFirst()
    {
        GoogleCloudSdk.Require();
        await using var google = await StartAsync();
        await using var agent = RunningProgram.Start("functions/Agent", target: null);
        google.Agent = await agent.AddressAsync();
        string[] arguments =
            ["up", "--container", "--project", google.Project, "--unauthenticated", "--identity", "none", "--set", "ALLOYDB=agents/primary", "--set", "ALLOYDB_NETWORK=net/sub"];

        var up = await Script.RunAsync(google, arguments);
        Assert.True(up.ExitCode == 0, $"{up}");
        Assert.DoesNotContain(up.Writes, write => write.StartsWith("firestore", StringComparison.Ordinal));
        Assert.DoesNotContain("firestore.googleapis.com", google.Apis);
        foreach (var function in new[] { "AgentCardFunction", "MessageFunction", "RunTaskFunction", "NotifyFunction", "SweepFunction", "DeadLetterFunction" })
        {
            var template = google.Resources.Get($"{Region}/services/{function.ToLowerInvariant()}")["knative"]!["spec"]!["template"]!;
            var environment = EnvironmentOf(template["spec"]!);
            Assert.Equal("PostgreSql", environment["A2A__Tasks__Store"]);
            Assert.Equal("10.20.30.40", environment["A2A__PostgreSql__Host"]);
            Assert.Equal("alloy_db_user", environment["A2A__PostgreSql__User"]);
            // The card is served without the database.
            Assert.Equal(function == "AgentCardFunction" ? null : "alloy_db_pass", environment.GetValueOrDefault("A2A__PostgreSql__Password"));
            Assert.Equal(function == "AgentCardFunction" ? null : "private-ranges-only", template["metadata"]?["annotations"]?["run.googleapis.com/vpc-access-egress"]?.ToString());
        }

        foreach (var account in new[] { "a2a-message", "a2a-worker", "a2a-notifier" })
        {
            var member = $"serviceAccount:{account}@my-project.iam.gserviceaccount.com";
            Assert.Equal(
                ["roles/alloydb.client", "roles/serviceusage.serviceUsageConsumer"],
                google.Policies.On("projects/my-project").Where(grant => grant.EndsWith(' ' + member)).Select(grant => grant.Split(' ')[0]).Order(StringComparer.Ordinal));
        }

        var job = google.Resources.Get($"{Region}/run-jobs/a2a-migrate")["knative"]!["spec"]!["template"]!["spec"]!["template"]!["spec"]!;
        Assert.Equal("true", EnvironmentOf(job)["A2A_MIGRATE"]);
        Assert.Equal("alloy_db_pass", EnvironmentOf(job)["A2A__PostgreSql__Password"]);
        Assert.True(IndexOf(up, "jobs/a2a-migrate:run") < IndexOf(up, "services"), $"{up}");

        var again = await Script.RunAsync(google, arguments);
        Assert.True(again.ExitCode == 0, $"{again}");
        Assert.Empty(again.Writes);

        var down = await Script.RunAsync(google, "down", "--container", "--project", google.Project, "--yes", "--delete-data", "--set", "ALLOYDB=agents/primary", "--set", "ALLOYDB_NETWORK=net/sub");
        Assert.True(down.ExitCode == 0, $"{down}");
        Assert.Empty(google.Resources.In(Region + "/jobs"));
        Assert.NotNull(google.Resources.Find(Instance));
        Assert.NotNull(google.Resources.Find("projects/my-project/secrets/alloy_db_pass"));
    }

    [SkippableFact]
    public async Task WhatIsMissingIsNamedBeforeAnythingIsChanged()
    {
        GoogleCloudSdk.Require();
        await using var google = await StartAsync();
        string[] up = ["up", "--container", "--dry-run", "--project", google.Project, "--set", "ALLOYDB_NETWORK=net/sub", "--set"];
        foreach (var (setting, said) in new[]
        {
            ("ALLOYDB=true", "set CLUSTER/INSTANCE"),
            ("ALLOYDB=agents", "such as agents/primary"),
            ("ALLOYDB=agents/other", "cannot be read"),
            ("REGION=europe-west4", "ALLOYDB_NETWORK is set and ALLOYDB is not"),
        })
        {
            var run = await Script.RunAsync(google, [.. up, setting]);
            Assert.True(run.ExitCode == 1 && run.Errors.Contains(said, StringComparison.Ordinal), $"{setting}\n{run}");
            Assert.Empty(run.Writes);
        }

        google.Resources.Remove("projects/my-project/secrets/alloy_db_pass");
        var withoutPassword = await Script.RunAsync(google, [.. up, "ALLOYDB=agents/primary"]);
        Assert.True(withoutPassword.ExitCode == 1 && withoutPassword.Errors.Contains("alloy_db_pass", StringComparison.Ordinal), $"{withoutPassword}");
    }

    private static async Task<FakeGoogle> StartAsync()
    {
        var google = await FakeGoogle.StartAsync();
        foreach (var api in new[] { "alloydb", "secretmanager" })
            google.Apis.Add(api + ".googleapis.com");
        google.Resources.Add(Instance, new JsonObject { ["state"] = "READY", ["ipAddress"] = "10.20.30.40" });
        foreach (var secret in new[] { "alloy_db_user", "alloy_db_pass" })
        {
            google.Resources.Add($"projects/my-project/secrets/{secret}", []);
            google.Resources.Add($"projects/my-project/secrets/{secret}/versions/1", new JsonObject { ["state"] = "ENABLED" });
        }

        return google;
    }

    private static Dictionary<string, string> EnvironmentOf(JsonNode spec) => spec["containers"]![0]!["env"]!.AsArray().ToDictionary(
        each => $"{each!["name"]}", each => each!["value"]?.ToString() ?? $"{each["valueFrom"]!["secretKeyRef"]!["name"]}");

    private static int IndexOf(ScriptRun run, string end) =>
        run.Writes.Select((write, index) => (write, index)).First(each => each.write.EndsWith("/" + end, StringComparison.Ordinal)).index;
}
