using System.Text.RegularExpressions;
using ServerlessA2A.Deploy.Tests.Google;
using ServerlessA2A.Deploy.Tests.Support;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

/// <summary>What becomes of settings, as a dry run shows it.</summary>
public sealed partial class SettingTests
{
    [SkippableFact]
    public async Task NamesAndIdentitiesGetTheirSpellingBeforeAnythingIsDecided()
    {
        var run = await DryRunAsync(
            "--unauthenticated", "--identity", "API-KEY", "--set", "a2a__GEMINI__model=m", "--set",
            "A2A:Security:AllowedCallers:00=*@example.com");
        Assert.Contains("environment.yaml: A2A__Security__Identity__0: \"api-key\"\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("environment.yaml: A2A__Gemini__Model: \"m\"\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("environment.yaml: A2A__Security__AllowedCallers__0: \"*@example.com\"\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("gcloud secrets create a2a-api-key-hash", run.Output, StringComparison.Ordinal);
        Assert.Contains("--role=roles/aiplatform.user", run.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task NamesOfAgentsVariablesAndHeadersAreKeptAndAllOthersGetTheirSpelling()
    {
        (string Typed, string Spelling)[] settings =
        [
            ("a2a__AGENTS__weather__NAME", "A2A__Agents__weather__Name"),
            ("A2A:Agents:news2:Skills:01:Id", "A2A__Agents__news2__Skills__1__Id"),
            ("A2A__Agents__my-agent__Replies", "A2A__Agents__my-agent__Replies"),
            ("A2A__Mcp__Servers__0__Environment__GITHUB_TOKEN", "A2A__Mcp__Servers__0__Environment__GITHUB_TOKEN"),
            ("a2a:mcp:servers:01:headers:X-Api-Key", "A2A__Mcp__Servers__1__Headers__X-Api-Key"),
        ];
        var run = await DryRunAsync([.. settings.SelectMany(setting => new[] { "--set", $"{setting.Typed}=x" })]);
        Assert.All(
            settings, setting => Assert.Contains($"environment.yaml: {setting.Spelling}: \"x\"\n", run.Output, StringComparison.Ordinal));
    }

    /// <summary>Beside the agent's: the program's own, and OpenTelemetry's.</summary>
    [SkippableFact]
    public async Task VariablesOfTheProgramAndOfOpenTelemetryAreDeployed()
    {
        var run = await DryRunAsync(
            "--telemetry", "--set", "Shop:Url=https://shop.example", "--set", "Serilog__Override__Microsoft.AspNetCore=Warning",
            "--set", "OTEL_TRACES_SAMPLER=traceidratio", "--set",
            "OTEL_RESOURCE_ATTRIBUTES=team=travel");

        foreach (var variable in new[]
        {
            "Shop__Url: \"https://shop.example\"", "Serilog__Override__Microsoft.AspNetCore: \"Warning\"",
            "OTEL_TRACES_SAMPLER: \"traceidratio\"",
            "OTEL_RESOURCE_ATTRIBUTES: \"cloud.region=europe-west4,team=travel\"",
        })
            Assert.Contains($"environment.yaml: {variable}\n", run.Output, StringComparison.Ordinal);
    }

    /// <summary>The default must not put <c>iam</c> beside an identity that is not the first of the list.</summary>
    [SkippableFact]
    public async Task AnIdentityAtAnyPlaceOfTheListLeavesNoRoomForTheDefault()
    {
        var run = await DryRunAsync("--unauthenticated", "--set", "A2A__Security__Identity__1=oidc");
        Assert.Contains("environment.yaml: A2A__Security__Identity__1: \"oidc\"\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("A2A__Security__Identity__0", run.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task WithAnAppOfGeminiEnterpriseUnderIamThereAreNoLimitsPerCaller()
    {
        var run = await DryRunAsync("--set", "APP=my-app");
        foreach (var limit in new[] { "OpenStreams", "RequestsPerSecond", "UnfinishedTasks" })
            Assert.Contains($"environment.yaml: A2A__Limits__{limit}: \"0\"\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("all users of Gemini Enterprise are one caller", run.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task ARegionWithoutCloudSchedulerGetsItsJobInTheNearestThatHasIt()
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        google.SchedulerRegions = ["us-central1", "europe-west1", "asia-east1"];
        google.Apis.UnionWith(["cloudscheduler.googleapis.com", "run.googleapis.com"]);
        var run = await Script.RunAsync(google, "up", "--dry-run", "--project=my-project", "--project-file", OwnProject.Shared);
        Assert.True(run.ExitCode == 0, $"{run}");
        Assert.Contains(
            "europe-west4 has no Cloud Scheduler: creating the sweep's job in europe-west1.", run.Output, StringComparison.Ordinal);
        Assert.Contains(
            "gcloud scheduler jobs create pubsub a2a-sweep --project=my-project --location=europe-west1", run.Output,
            StringComparison.Ordinal);

        var wrong = await Script.RunAsync(google, "up", "--project=my-project", "--set=SCHEDULER_REGION=europe-west3");
        Assert.Contains("SCHEDULER_REGION is europe-west3, which has no Cloud Scheduler", wrong.Errors, StringComparison.Ordinal);
        Assert.Empty(wrong.Writes);
        // What a new MessageFunction appends, an old RunTaskFunction may not be able to read.
        Assert.Equal(
            ["RunTaskFunction", "NotifyFunction", "SweepFunction", "DeadLetterFunction", "MessageFunction", "AgentCardFunction"],
            run.Output.Split("gcloud functions deploy ").Skip(1).Select(rest => rest.Split(' ')[0]));
    }

    [SkippableFact]
    public async Task TheAccountsOfAProjectBelowADomainHaveItsAddress()
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync("example.com:my-project");
        var run = await Script.RunAsync(
            google, "up", "--dry-run", "--container", "--project=example.com:my-project", "--project-file", OwnProject.Shared);
        Assert.True(run.ExitCode == 0, $"{run}");
        Assert.Contains(
            "--service-account=a2a-worker@my-project.example.com.iam.gserviceaccount.com", run.Output, StringComparison.Ordinal);
        Assert.Contains("--image=europe-west4-docker.pkg.dev/example.com/my-project/a2a/agent:", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("@example.com:my-project", run.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task WithoutAlertsThereIsNothingOfMonitoring()
    {
        var run = await DryRunAsync("--set", "ALERTS=false");
        Assert.DoesNotContain("monitoring", run.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task TelemetryBringsItsApisRolesRegionAlertsAndDashboard()
    {
        var run = await DryRunAsync("--telemetry");

        foreach (var part in new[]
        {
            "A2A__Telemetry__Endpoint: \"https://telemetry.googleapis.com\"", "OTEL_RESOURCE_ATTRIBUTES: \"cloud.region=europe-west4\"",
            " telemetry.googleapis.com cloudtrace.googleapis.com", "\"a2a-alert\": \"tasks-fail\"", "\"a2a-alert\": \"runs-lost\"",
            "\"a2a-alert\": \"webhooks-late\"", "/v1/projects/my-project/dashboards", "\"displayName\": \"A2A: agent\"",
        })
            Assert.Contains(part, run.Output, StringComparison.Ordinal);
        foreach (var account in new[] { "a2a-message", "a2a-worker", "a2a-notifier" })
        {
            foreach (var role in new[] { "tracesWriter", "metricsWriter" })
                Assert.Contains(
                    $"--member=serviceAccount:{account}@my-project.iam.gserviceaccount.com --role=roles/telemetry.{role}", run.Output,
                    StringComparison.Ordinal);
        }
    }

    [SkippableTheory]
    [InlineData]
    [InlineData("--set", "A2A__Telemetry__Endpoint=https://collector.example.com")]
    public async Task OnlyGoogleAsTheReceiverChangesTheProject(params string[] arguments)
    {
        var run = await DryRunAsync(arguments);

        Assert.DoesNotContain("roles/telemetry", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("dashboards", run.Output, StringComparison.Ordinal);
        Assert.Equal(arguments.Length > 0, run.Output.Contains("cloud.region=europe-west4", StringComparison.Ordinal));
    }

    /// <summary>A query with a name that no metric has would be empty for good.</summary>
    [Fact]
    public void TheDashboardAndTheAlertsUseMetricsAndAttributesThatExist()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "telemetry.md"));
        var folder = Path.Combine(Repository.Root, "deploy");
        var queries = string.Concat(Directory.GetFiles(Path.Combine(folder, "alerts")).Append(Path.Combine(folder, "dashboard.json"))
            .Select(File.ReadAllText)).Replace("\\\"", "\"", StringComparison.Ordinal);
        var names = TelemetryName().Matches(queries).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.True(names.Count > 20);
        Assert.All(names, name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task AlertsNotifyTheChannelsThatAreSet()
    {
        var run = await DryRunAsync("--set", "ALERT_CHANNELS=12,projects/other/notificationChannels/34");
        Assert.Contains(
            "\"notificationChannels\": [\"projects/my-project/notificationChannels/12\",\"projects/other/notificationChannels/34\"]",
            run.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task ACommentMayFollowAValueInQuotes()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file, "A2A__Agent__Name=\"Travel agent\"\t# \"mine\"\nA2A__Agent__Description='A \"good\" one' \r\nMEMORY=\"1Gi\" #\n");
        try
        {
            var run = await DryRunAsync("--config", file);
            Assert.Contains("environment.yaml: A2A__Agent__Name: \"Travel agent\"\n", run.Output, StringComparison.Ordinal);
            Assert.Contains("environment.yaml: A2A__Agent__Description: \"A \\\"good\\\" one\"\n", run.Output, StringComparison.Ordinal);
            Assert.Contains("--memory=1Gi", run.Output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>An account that deploys need not see the billing, nor have that API on in its project.</summary>
    [SkippableFact]
    public async Task BillingThatCannotBeReadIsAWarning()
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        google.Failures.Add(
            ("cloudbilling", "GET",
            new GoogleErrorException(403, "PERMISSION_DENIED",
            "Cloud Billing API has not been used in project 4711 before or it is disabled.")));
        var run = await Script.RunAsync(google, "up", "--dry-run", "--project", "my-project", "--project-file", OwnProject.Shared);
        Assert.True(run.ExitCode == 0, $"{run}");
        Assert.Contains("warning: the billing of my-project cannot be read", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Retrying", run.Output, StringComparison.Ordinal);
    }

    private static async Task<ScriptRun> DryRunAsync(params string[] arguments)
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        var run = await Script.RunAsync(
            google, ["up", "--dry-run", "--project", "my-project", "--project-file", OwnProject.Shared, .. arguments]);
        Assert.True(run.ExitCode == 0, $"{run}");
        Assert.Empty(run.Writes);
        return run;
    }

    [GeneratedRegex(@"""((?:a2a|gen_ai|messaging|error)\.[a-z0-9_.]+?)(?:_count|_bucket|_sum)?""")]
    private static partial Regex TelemetryName();
}
