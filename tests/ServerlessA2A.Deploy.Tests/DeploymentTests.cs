using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessA2A.Deploy.Tests.Support;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

public sealed class DeploymentTests(DeploymentFixture deployment) : IClassFixture<DeploymentFixture>
{
    private const string Project = "projects/my-project";
    private const string Region = Project + "/locations/europe-west4";
    private const string Accounts = "@my-project.iam.gserviceaccount.com";

    [SkippableFact]
    public void OneThatIsBrokenOffSaysSoInOneLineAndGoesOnWhereItWas()
    {
        GoogleCloudSdk.Require();
        foreach (var run in new[] { deployment.BrokenOff, deployment.BrokenOffAgain })
        {
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("This write was told to fail", Assert.Single(run.Errors.Trim().Split('\n')), StringComparison.Ordinal);
        }

        Assert.True(deployment.Up.ExitCode == 0, $"{deployment.Up}");
        Assert.DoesNotContain(
            deployment.Up.Writes, write =>
            write.Contains("/databases", StringComparison.Ordinal) || write.Contains("serviceAccounts", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void TransientErrorsAreRetried()
    {
        GoogleCloudSdk.Require();
        Assert.Equal(
            ["409 ABORTED: Aborted due to cross-transaction contention.", "409 ABORTED: Please retry, underlying data changed.",
            "429 RESOURCE_EXHAUSTED: Quota exceeded for quota metric.", "503 UNAVAILABLE: The service is currently unavailable."],
            deployment.BrokenOffAgain.Output.Split('\n').Where(line => line.Contains("Retrying in", StringComparison.Ordinal))
            .Select(line => line.Split(" s: ")[1]));
        Assert.Contains("This write was told to fail", deployment.BrokenOffAgain.Errors, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void ItEndsWithATaskThatWasCompletedAndTheAddress()
    {
        GoogleCloudSdk.Require();
        Assert.Matches("(?m)^  Task [0-9a-f-]{36} completed\\.$", deployment.Up.Output);
        Assert.EndsWith(
            "The agent is at https://messagefunction-4711.europe-west4.run.app/\n", deployment.Up.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void AgainItWritesNothingAndSaysSo()
    {
        GoogleCloudSdk.Require();
        Assert.True(deployment.UpAgain.ExitCode == 0, $"{deployment.UpAgain}");
        Assert.Empty(deployment.UpAgain.Writes);
        Assert.Contains("Everything was up to date; nothing changed", deployment.UpAgain.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void ReadsAreRetriedToo()
    {
        GoogleCloudSdk.Require();
        Assert.True(deployment.UpAgain.ExitCode == 0, $"{deployment.UpAgain}");
        Assert.Empty(deployment.FailuresLeft);
        Assert.Equal(13, deployment.UpAgain.Output.Split("Retrying in").Length - 1);
    }

    [SkippableFact]
    public void ADryRunSaysWhatItWouldDoAndDoesNot()
    {
        GoogleCloudSdk.Require();
        Assert.True(deployment.DryRun.ExitCode == 0, $"{deployment.DryRun}");
        Assert.Empty(deployment.DryRun.Writes);
        Assert.Contains("gcloud functions deploy AgentCardFunction", deployment.DryRun.Output, StringComparison.Ordinal);
        Assert.Contains("--member=allUsers", deployment.DryRun.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("gcloud functions deploy MessageFunction", deployment.DryRun.Output, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("AgentCardFunction", "a2a-message", null, null, 60)]
    [InlineData("MessageFunction", "a2a-message", null, null, 3600)]
    [InlineData("RunTaskFunction", "a2a-worker", "a2a-tasks", "RETRY_POLICY_RETRY", 540)]
    [InlineData("NotifyFunction", "a2a-notifier", "a2a-notifications", "RETRY_POLICY_RETRY", 540)]
    [InlineData("SweepFunction", "a2a-worker", "a2a-sweep", null, 540)]
    [InlineData("DeadLetterFunction", "a2a-worker", "a2a-dead", "RETRY_POLICY_RETRY", 540)]
    public void EachFunctionHasItsEntryPointTriggerAccountAndLimits(string name, string account, string? topic, string? retry, int timeout)
    {
        GoogleCloudSdk.Require();
        var function = deployment.Deployed.Get($"{Region}/functions/{name}");
        var (build, service, trigger) = (function["buildConfig"]!, function["serviceConfig"]!, function["eventTrigger"]);
        Assert.Equal("dotnet10", $"{build["runtime"]}");
        Assert.Equal($"ServerlessA2A.Functions.{name}", $"{build["entryPoint"]}");
        Assert.NotNull(typeof(ServerlessA2A.Functions.Startup).Assembly.GetType($"{build["entryPoint"]}"));
        Assert.Equal(
            """{"GOOGLE_BUILDABLE":"functions/Agent","GooglePackages":"true","PublishReadyToRun":"true","RuntimeIdentifier":"linux-x64","SelfContained":"false"}""",
            new JsonObject(((JsonObject)build["environmentVariables"]!).OrderBy(each => each.Key, StringComparer.Ordinal)
            .Select(each => KeyValuePair.Create(each.Key, each.Value?.DeepClone()))).ToJsonString());
        Assert.Equal(account + Accounts, $"{service["serviceAccountEmail"]}");
        Assert.Equal(timeout, (int)service["timeoutSeconds"]!);
        Assert.Equal(topic is null ? null : $"{Project}/topics/{topic}", trigger?["pubsubTopic"]?.ToString());
        Assert.Equal(retry, trigger?["retryPolicy"]?.ToString());
        Assert.Equal(topic is null ? null : "a2a-trigger" + Accounts, trigger?["serviceAccountEmail"]?.ToString());
    }

    [SkippableFact]
    public void AllFunctionsHaveTheSameEnvironment()
    {
        GoogleCloudSdk.Require();
        var services = deployment.Deployed.In(Region + "/functions").Select(function => function["serviceConfig"]!).ToList();
        Assert.Equal(6, services.Count);
        foreach (var service in services)
        {
            Assert.Equal(
                [
                    ("A2A__Agent__Name", "It's \"ours\": a, b"),
                    ("A2A__Agent__PublicUrl", "https://messagefunction-4711.europe-west4.run.app/"),
                    ("A2A__Agent__PushNotifications", "true"),
                    ("A2A__Gemini__Model", "gemini-3.5-flash"),
                    ("A2A__GoogleCloud__DatabaseId", "(default)"),
                    ("A2A__Http__RequestTimeLimit", "00:59:50"),
                    ("A2A__Limits__OpenStreams", "0"),
                    ("A2A__Security__Identity__0", "iam"),
                    ("GOOGLE_CLOUD_PROJECT", "my-project"),
                ],
                ((JsonObject)service["environmentVariables"]!).Select(each => (each.Key, $"{each.Value}"))
                .OrderBy(each => each.Key, StringComparer.Ordinal));
        }
    }

    [SkippableTheory]
    [InlineData("AgentCardFunction", "SigningKeys")]
    [InlineData("MessageFunction", "EncryptionKeys", "SigningKeys")]
    [InlineData("RunTaskFunction", "EncryptionKeys")]
    [InlineData("NotifyFunction", "EncryptionKeys", "SigningKeys")]
    [InlineData("SweepFunction")]
    [InlineData("DeadLetterFunction")]
    public void EachFunctionHasTheKeysThatItUsesAndNoOther(string name, params string[] keys)
    {
        GoogleCloudSdk.Require();
        Assert.Equal(
            keys.Select(key => $"A2A__Security__{key}__0=a2a-{(key == "SigningKeys" ? "signing" : "encryption")}-key:latest"),
            (deployment.Deployed.Get($"{Region}/functions/{name}")["serviceConfig"]!["secretEnvironmentVariables"] as JsonArray ?? [])
                .Select(each => $"{each!["key"]}={each["secret"]}:{each["version"]}").Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public void AlertsAreCreatedForWhatTheOperationsPageNames()
    {
        GoogleCloudSdk.Require();
        var policies = deployment.Deployed.In(Project + "/alertPolicies");
        Assert.Equal(
            ["dead-letters", "errors", "notifications-wait", "runs-wait", "slow-cards", "sweep-stopped"],
            policies.Select(policy => $"{policy["userLabels"]!["a2a-alert"]}").Order(StringComparer.Ordinal));
        foreach (var metric in policies.Select(
            policy => (policy["conditions"]![0]!["conditionThreshold"] ?? policy["conditions"]![0]!["conditionAbsent"])!).Select(kind =>
            $"{kind["filter"]}".Split("metric.type=\"")[1].Split('"')[0]))
            Assert.Contains(
                $"`{metric}`", File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md")), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void TheKeysAreKeys()
    {
        GoogleCloudSdk.Require();
        using var signing = ECDsa.Create();
        signing.ImportFromPem(ValueOf("a2a-signing-key"));
        Assert.Equal("1.2.840.10045.3.1.7", signing.ExportParameters(includePrivateParameters: true).Curve.Oid.Value);
        Assert.Equal(32, Convert.FromBase64String(ValueOf("a2a-encryption-key")).Length);
    }

    [SkippableFact]
    public void AccountsHaveTheLeastThatTheyNeed()
    {
        GoogleCloudSdk.Require();
        Assert.Equal(
            [
                "a2a-builder" + Accounts, "a2a-message" + Accounts, "a2a-notifier" + Accounts, "a2a-trigger" + Accounts, "a2a-worker" +
                Accounts,
            ],
            deployment.Deployed.In(Project + "/serviceAccounts").Select(each => $"{each["email"]}"));
        Assert.Equal(
            [
                Grant("roles/aiplatform.user", "a2a-worker"),
                Grant("roles/cloudbuild.builds.builder", "a2a-builder"),
                Grant("roles/datastore.user", "a2a-message"), Grant("roles/datastore.user", "a2a-notifier"),
                Grant("roles/datastore.user", "a2a-worker"),
                Grant("roles/eventarc.eventReceiver", "a2a-trigger"),
            ],
            deployment.Grants[Project]);
        Assert.Equal(
            Grants("roles/secretmanager.secretAccessor", "a2a-message", "a2a-notifier"),
            deployment.Grants[Project + "/secrets/a2a-signing-key"]);
        Assert.Equal(
            Grants("roles/secretmanager.secretAccessor", "a2a-message", "a2a-notifier", "a2a-worker"),
            deployment.Grants[Project + "/secrets/a2a-encryption-key"]);
        Assert.Equal(Grants("roles/pubsub.publisher", "a2a-message", "a2a-worker"), deployment.Grants[Project + "/topics/a2a-tasks"]);
        Assert.Equal(
            Grants("roles/pubsub.publisher", "a2a-message", "a2a-worker"), deployment.Grants[Project + "/topics/a2a-notifications"]);
        Assert.Equal(
            [Grant("roles/pubsub.publisher", "a2a-notifier"),
            "roles/pubsub.publisher serviceAccount:service-4711@gcp-sa-pubsub.iam.gserviceaccount.com"],
            deployment.Grants[Project + "/topics/a2a-dead"]);
        Assert.DoesNotContain(Project + "/topics/a2a-sweep", deployment.Grants);
        foreach (var service in new[] { "runtaskfunction", "notifyfunction", "sweepfunction", "deadletterfunction" })
            Assert.Equal([Grant("roles/run.invoker", "a2a-trigger")], deployment.Grants[$"{Region}/services/{service}"]);
        // Nobody but those whom the project lets in anyway.
        foreach (var service in new[] { "messagefunction", "agentcardfunction" })
            Assert.Empty(deployment.Grants.GetValueOrDefault($"{Region}/services/{service}") ?? []);
    }

    [SkippableFact]
    public void RunsThatFailTooOftenAreDeadLettersAndNotificationsAreNot()
    {
        GoogleCloudSdk.Require();
        var subscriptions = deployment.Deployed.In(Project + "/subscriptions").ToDictionary(each => $"{each["topic"]}".Split('/')[^1]);
        var tasks = subscriptions["a2a-tasks"];
        Assert.Equal(Project + "/topics/a2a-dead", $"{tasks["deadLetterPolicy"]!["deadLetterTopic"]}");
        Assert.Equal(20, (int)tasks["deadLetterPolicy"]!["maxDeliveryAttempts"]!);
        Assert.Equal(
            ["roles/pubsub.subscriber serviceAccount:service-4711@gcp-sa-pubsub.iam.gserviceaccount.com"],
            deployment.Grants[$"{tasks["name"]}"]);
        foreach (var topic in new[] { "a2a-notifications", "a2a-dead", "a2a-sweep" })
            Assert.Null(subscriptions[topic]["deadLetterPolicy"]);
        foreach (var topic in new[] { "a2a-tasks", "a2a-notifications", "a2a-dead" })
        {
            Assert.Equal(600, (int)subscriptions[topic]["ackDeadlineSeconds"]!);
            Assert.Equal("604800s", $"{subscriptions[topic]["messageRetentionDuration"]}");
            Assert.Equal(
                ("10s", "600s"),
                ($"{subscriptions[topic]["retryPolicy"]!["minimumBackoff"]}", $"{subscriptions[topic]["retryPolicy"]!["maximumBackoff"]}"));
        }
    }

    [SkippableFact]
    public void EveryMinuteTheSweepIsAskedFor()
    {
        GoogleCloudSdk.Require();
        var job = Assert.Single(deployment.Deployed.In(Region + "/jobs"));
        Assert.Equal("* * * * *", $"{job["schedule"]}");
        Assert.Equal(Project + "/topics/a2a-sweep", $"{job["pubsubTarget"]!["topicName"]}");
        Assert.Equal("{}", Encoding.UTF8.GetString(Convert.FromBase64String($"{job["pubsubTarget"]!["data"]}")));
    }

    [SkippableFact]
    public async Task TheDatabaseHasTheIndexesExemptionsAndExpiriesOfTheFile()
    {
        GoogleCloudSdk.Require();
        var file = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "firestore.indexes.json")))!;
        var below = deployment.Deployed.Below(Project + "/databases/(default)/collectionGroups/");
        Assert.Equal("europe-west4", $"{deployment.Deployed.Get(Project + "/databases/(default)")["locationId"]}");
        Assert.Equal(
            file["indexes"]!.AsArray().Select(index => $"{index!["collectionGroup"]} {index["queryScope"]} {Fields(index)}").Order(),
            below.Where(each => $"{each["name"]}".Contains("/indexes/", StringComparison.Ordinal))
                .Select(index => $"{GroupOf(index)} {index["queryScope"]} {Fields(index["asked"]!)}").Order());
        Assert.Equal(
            file["fieldOverrides"]!.AsArray()
            .Select(field => $"{field!["collectionGroup"]} {field["fieldPath"]} [{Wanted(field)}] {field["ttl"] is not null}").Order(),
            below.Where(each => $"{each["name"]}".Contains("/fields/", StringComparison.Ordinal))
                .Select(field => $"{GroupOf(field)} {$"{field["name"]}".Split('/')[^1]} [{Made(field)}] {field["ttlConfig"] is not null}")
                    .Order());

        static string Wanted(JsonNode field) =>
            string.Join(", ", field["indexes"]!.AsArray().Select(index => $"{index!["queryScope"]} {field["fieldPath"]} {index["order"]}"));

        static string Made(JsonNode field) =>
            string.Join(", ", field["indexConfig"]!["indexes"]!.AsArray().Select(index => $"{index!["queryScope"]} {Fields(index)}"));
    }

    [SkippableFact]
    public void DownLeavesTheDataAndNothingElse()
    {
        GoogleCloudSdk.Require();
        Assert.True(deployment.Down.ExitCode == 0, $"{deployment.Down}");
        foreach (var kind in new[] { Region + "/functions", Region + "/services", Region + "/jobs", Region + "/triggers", Project +
            "/topics", Project + "/subscriptions", Project + "/alertPolicies" })
            Assert.True(deployment.Left.In(kind).Count == 0, $"{kind} is left.\n{deployment.Down}");
        Assert.Equal(
            DeploymentFixture.OthersAccount, $"{Assert.Single(deployment.Left.In(Project + "/serviceAccounts"))["name"]}".Split('/')[^1]);
        Assert.Equal(["roles/datastore.user serviceAccount:" + DeploymentFixture.OthersAccount], deployment.GrantsLeft[Project]);
        Assert.NotNull(deployment.Left.Find(DeploymentFixture.OthersRepository));
        Assert.Single(deployment.Left.In(Project + "/databases"));
        Assert.Equal(2, deployment.Left.In(Project + "/secrets").Count);
    }

    private string ValueOf(string secret) =>
        Encoding.UTF8.GetString(Convert.FromBase64String($"{deployment.Deployed.In($"{Project}/secrets/{secret}/versions")[^1]["data"]}"));

    private static string Grant(string role, string account) => $"{role} serviceAccount:{account}{Accounts}";

    private static IEnumerable<string> Grants(string role, params string[] accounts) => accounts.Select(account => Grant(role, account));

    private static string GroupOf(JsonObject resource) => $"{resource["name"]}".Split('/')[5];

    private static string Fields(JsonNode index) =>
        string.Join(',', index["fields"]!.AsArray().Select(field => $"{field!["fieldPath"]} {field["order"]}"));
}
