using System.Text.Json.Nodes;
using ServerlessA2A.Deploy.Tests.Google;
using ServerlessA2A.Deploy.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

/// <summary>
/// Tasks in AlloyDB: no Firestore, the login from secrets, a way to private addresses, and the tables before anybody needs them.
/// </summary>
public sealed class AlloyDbTests
{
    private const string Region = "projects/my-project/locations/europe-west4";
    private const string Instance = $"{Region}/clusters/agents/instances/primary";

    private static readonly (string Function, string Account)[] Accounts =
    [
        ("AgentCardFunction", "a2a-message"), ("MessageFunction", "a2a-message"), ("RunTaskFunction", "a2a-worker"),
        ("NotifyFunction", "a2a-notifier"), ("SweepFunction", "a2a-worker"), ("DeadLetterFunction", "a2a-worker"),
    ];

    [SkippableFact]
    public async Task ContainersReachAlloyDbAndItsTablesAreMigratedFirst()
    {
        GoogleCloudSdk.Require();
        await using var google = await StartAsync();
        await google.StartAgentAsync();
        string[] arguments =
            ["up", "--container", "--project", google.Project, "--project-file", OwnProject.Shared, "--unauthenticated", "--identity",
                "none",
                "--set", "ALLOYDB=agents/primary", "--set", "ALLOYDB_NETWORK=net/sub", "--set",
                "A2A__PostgreSql__ConnectionString=Maximum Pool Size=5"];

        var up = await Script.RunAsync(google, arguments);
        Assert.True(up.ExitCode == 0, $"{up}");
        Assert.DoesNotContain(up.Writes, write => write.StartsWith("firestore", StringComparison.Ordinal));
        Assert.DoesNotContain("firestore.googleapis.com", google.Apis);
        foreach (var function in new[] { "AgentCardFunction", "MessageFunction", "RunTaskFunction", "NotifyFunction", "SweepFunction",
            "DeadLetterFunction" })
        {
            var template = google.Resources.Get($"{Region}/services/{function.ToLowerInvariant()}")["knative"]!["spec"]!["template"]!;
            var environment = EnvironmentOf(template["spec"]!);
            Assert.Equal("PostgreSql", environment["A2A__Tasks__Store"]);
            Assert.Equal("Host=10.20.30.40;Maximum Pool Size=5", environment["A2A__PostgreSql__ConnectionString"]);
            Assert.Equal("alloy_db_user", environment["A2A__PostgreSql__User"]);
            // The card is served without the database.
            Assert.Equal(
                function == "AgentCardFunction" ? null : "alloy_db_pass", environment.GetValueOrDefault("A2A__PostgreSql__Password"));
            Assert.Equal(
                function == "AgentCardFunction" ? null : "private-ranges-only",
                template["metadata"]?["annotations"]?["run.googleapis.com/vpc-access-egress"]?.ToString());
        }

        foreach (var account in new[] { "a2a-message", "a2a-worker", "a2a-notifier" })
        {
            var member = $"serviceAccount:{account}@my-project.iam.gserviceaccount.com";
            Assert.Equal(
                ["roles/alloydb.client", "roles/serviceusage.serviceUsageConsumer"],
                google.Policies.On("projects/my-project").Where(grant => grant.EndsWith(' ' + member)).Select(grant => grant.Split(' ')[0])
                .Order(StringComparer.Ordinal));
        }

        var job = google.Resources.Get($"{Region}/run-jobs/a2a-migrate")["knative"]!["spec"]!["template"]!["spec"]!["template"]!["spec"]!;
        Assert.Equal("true", EnvironmentOf(job)["A2A_MIGRATE"]);
        Assert.Equal("alloy_db_pass", EnvironmentOf(job)["A2A__PostgreSql__Password"]);
        Assert.True(IndexOf(up, "jobs/a2a-migrate:run") < IndexOf(up, "services"), $"{up}");

        var again = await Script.RunAsync(google, arguments);
        Assert.True(again.ExitCode == 0, $"{again}");
        Assert.Empty(again.Writes);

        // The default, and what is kept, reach a function that comes later.
        string[] callbacks = [.. arguments, "--set", "CALLBACKS=true"];
        foreach (var options in (string[][])[[.. callbacks[..^4], .. callbacks[^2..], "--keep-settings"], callbacks])
        {
            var later = await Script.RunAsync(google, options);
            Assert.True(later.ExitCode == 0, $"{later}");
            var environment = EnvironmentOf(google.Resources.Get($"{Region}/services/callbackfunction")["knative"]!["spec"]!["template"]!
                ["spec"]!);
            Assert.Equal(
                ("alloy_db_user", "alloy_db_pass"),
                (environment["A2A__PostgreSql__User"], environment.GetValueOrDefault("A2A__PostgreSql__Password")));
            if (options == callbacks)
                Assert.Empty(later.Writes);
        }

        var switched = await Script.RunAsync(google, [.. arguments[..^2], "--keep-settings", "--dry-run", "--set", "ALLOYDB_IAM=true"]);
        Assert.True(switched.ExitCode == 0, $"{switched}");
        Assert.Contains("--type=IAM_BASED", switched.Output, StringComparison.Ordinal);
        Assert.Contains("\"Host=10.20.30.40;Maximum Pool Size=5\"", switched.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("A2A__PostgreSql__Password=", switched.Output, StringComparison.Ordinal);

        var down = await Script.RunAsync(
            google, "down", "--container", "--project", google.Project, "--yes", "--delete-data", "--set", "ALLOYDB=agents/primary",
            "--set", "ALLOYDB_NETWORK=net/sub");
        Assert.True(down.ExitCode == 0, $"{down}");
        Assert.Empty(google.Resources.In(Region + "/jobs"));
        Assert.NotNull(google.Resources.Find(Instance));
        Assert.NotNull(google.Resources.Find("projects/my-project/secrets/alloy_db_pass"));
    }

    [SkippableFact]
    public async Task WithIamLoginEachFunctionIsADatabaseUserAndNoPasswordIsStored()
    {
        GoogleCloudSdk.Require();
        await using var google = await StartAsync();
        google.Resources.Remove("projects/my-project/secrets/alloy_db_user");
        google.Resources.Remove("projects/my-project/secrets/alloy_db_pass");
        await google.StartAgentAsync();
        string[] settings = ["--set", "ALLOYDB=agents/primary", "--set", "ALLOYDB_IAM=true", "--set", "ALLOYDB_NETWORK=my-connector"];
        string[] up = ["up", "--project", google.Project, "--project-file", OwnProject.Shared, .. settings];

        var dry = await Script.RunAsync(google, [.. up, "--dry-run"]);
        Assert.True(dry.ExitCode == 0, $"{dry}");
        Assert.Empty(dry.Writes);
        Assert.Contains("gcloud alloydb users create a2a-notifier@my-project.iam --cluster=agents", dry.Output, StringComparison.Ordinal);
        Assert.Contains("grant create on database a2a to \"a2a-worker@my-project.iam\";", dry.Output, StringComparison.Ordinal);

        var run = await Script.RunAsync(google, up);
        Assert.True(run.ExitCode == 0, $"{run}");
        foreach (var (function, account) in Accounts)
        {
            var service = google.Resources.Get($"{Region}/functions/{function}")["serviceConfig"]!;
            Assert.Equal($"{account}@my-project.iam.gserviceaccount.com", $"{service["serviceAccountEmail"]}");
            Assert.Equal(
                [("ConnectionString", "Host=10.20.30.40"), ("IamLogin", "true"), ("User", $"{account}@my-project.iam")],
                from variable in (JsonObject)service["environmentVariables"]!
                where variable.Key.StartsWith("A2A__PostgreSql__", StringComparison.Ordinal)
                orderby variable.Key
                select (variable.Key["A2A__PostgreSql__".Length..], $"{variable.Value}"));
            Assert.DoesNotContain("PostgreSql", $"{service["secretEnvironmentVariables"]}", StringComparison.Ordinal);
        }

        var members = Accounts.Select(each => each.Account).Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.Equal(
            members.Select(account => $"roles/alloydb.databaseUser serviceAccount:{account}@my-project.iam.gserviceaccount.com"),
            google.Policies.On("projects/my-project")
                .Where(grant => grant.StartsWith("roles/alloydb.databaseUser ", StringComparison.Ordinal)));
        Assert.Equal(
            members.Select(account => ($"{Region}/clusters/agents/users/{account}@my-project.iam", "ALLOYDB_IAM_USER")),
            google.Resources.In($"{Region}/clusters/agents/users").Select(user => ($"{user["name"]}", $"{user["userType"]}")));
        var execution = google.Resources.Get($"{Region}/run-jobs/a2a-migrate")["knative"]!["spec"]!["template"]!["spec"]!;
        var job = EnvironmentOf(execution["template"]!["spec"]!);
        Assert.Equal("a2a-worker@my-project.iam", job["A2A__PostgreSql__User"]);
        Assert.Equal(
            ("a2a-message@my-project.iam", "a2a-notifier@my-project.iam"),
            (job["A2A__PostgreSql__GrantTo__0"], job["A2A__PostgreSql__GrantTo__1"]));
        Assert.True(IndexOf(run, "users") < IndexOf(run, "jobs/a2a-migrate:run"), $"{run}");

        foreach (var again in (string[][])[up, [.. up, "--keep-settings"]])
        {
            var second = await Script.RunAsync(google, again);
            Assert.True(second.ExitCode == 0, $"{second}");
            Assert.Empty(second.Writes);
            Assert.DoesNotContain("removing deployed settings", second.Output + second.Errors, StringComparison.Ordinal);
        }

        var status = await Script.RunAsync(google, ["status", "--project", google.Project, .. settings]);
        Assert.True(status.ExitCode == 0, $"{status}");
        Assert.Contains("a2a-worker@my-project.iam", status.Output, StringComparison.Ordinal);

        var down = await Script.RunAsync(google, ["down", "--project", google.Project, "--yes", .. settings]);
        Assert.True(down.ExitCode == 0, $"{down}");
        Assert.DoesNotContain(google.Policies.On("projects/my-project"), grant => grant.Contains("alloydb", StringComparison.Ordinal));
        // The worker owns the tables, which stay.
        Assert.Equal(3, google.Resources.In($"{Region}/clusters/agents/users").Count);
    }

    [SkippableFact]
    public async Task IamLoginThatCannotWorkIsNamedBeforeAnythingIsChanged()
    {
        GoogleCloudSdk.Require();
        await using var google = await StartAsync();
        const string Cluster = "ALLOYDB=agents/primary", Network = "ALLOYDB_NETWORK=net/sub";
        foreach (var (settings, said) in new (string[], string)[]
        {
            (["ALLOYDB_IAM=1", Cluster, Network], "ALLOYDB_IAM is '1': set true or false"),
            (["ALLOYDB_IAM=true"], "ALLOYDB_IAM is true and ALLOYDB is not set"),
            (["ALLOYDB_IAM=true", Cluster, Network, "A2A__PostgreSql__User=me"], "A2A__PostgreSql__User is set as well"),
            (["ALLOYDB_IAM=true", Cluster, Network, "A2A__PostgreSql__IamLogin=false"], "A2A__PostgreSql__IamLogin is false"),
            (["ALLOYDB_IAM=true", Cluster, Network, "SECRETS=A2A__PostgreSql__Password=alloy_db_pass"],
            "SECRETS has A2A__PostgreSql__Password"),
            (["ALLOYDB_IAM=true", $"ALLOYDB={Instance.Replace("my-project", "other", StringComparison.Ordinal)}", Network],
            "is not in my-project"),
            (["A2A__PostgreSql__IamLogin=true", Cluster, Network], "set ALLOYDB_IAM=true"),
            (["A2A__PostgreSql__ConnectionString=Server=db", Cluster, Network], "leave its Host out"),
        })
        {
            var run = await UpAsync(settings);
            Assert.True(run.ExitCode == 1 && run.Errors.Contains(said, StringComparison.Ordinal), $"{string.Join(' ', settings)}\n{run}");
            Assert.Empty(run.Writes);
        }

        google.Resources.Get(Instance)["databaseFlags"] = new JsonObject { ["max_connections"] = "500" };
        var off = await UpAsync(Cluster, Network, "ALLOYDB_IAM=true");
        Assert.Equal(1, off.ExitCode);
        Assert.Contains("--database-flags=alloydb.iam_authentication=on", off.Errors, StringComparison.Ordinal);

        Task<ScriptRun> UpAsync(params string[] settings) => Script.RunAsync(
            google, ["up", "--container", "--dry-run", "--project", google.Project, "--project-file", OwnProject.Shared,
            .. settings.SelectMany(each => (string[])["--set", each])]);
    }

    [SkippableFact]
    public async Task WhatIsMissingIsNamedBeforeAnythingIsChanged()
    {
        GoogleCloudSdk.Require();
        await using var google = await StartAsync();
        string[] up = ["up", "--container", "--dry-run", "--project", google.Project, "--project-file", OwnProject.Shared,
            "--set", "ALLOYDB_NETWORK=net/sub", "--set"];
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
        Assert.True(withoutPassword.ExitCode == 1 && withoutPassword.Errors.Contains("alloy_db_pass", StringComparison.Ordinal),
            $"{withoutPassword}");
    }

    private static async Task<FakeGoogle> StartAsync()
    {
        var google = await FakeGoogle.StartAsync();
        foreach (var api in new[] { "alloydb", "secretmanager" })
            google.Apis.Add(api + ".googleapis.com");
        google.Resources.Add(Instance, new JsonObject
        {
            ["state"] = "READY",
            ["ipAddress"] = "10.20.30.40",
            ["databaseFlags"] = new JsonObject { ["alloydb.iam_authentication"] = "on" },
        });
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
