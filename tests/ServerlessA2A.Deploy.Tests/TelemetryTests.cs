using ServerlessA2A.Deploy.Tests.Google;
using ServerlessA2A.Deploy.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

/// <summary>The alerts and the dashboard on the agent's own metrics, from the switch on to the end.</summary>
public sealed class TelemetryTests
{
    private const string Project = "projects/my-project";

    [SkippableFact]
    public async Task AlertsAndDashboardComeWithTelemetryAndGoAgain()
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        await google.StartAgentAsync();
        string[] telemetry = ["--telemetry", "--project-file", OwnProject.Shared];

        await RunAsync(google, "up", telemetry);
        Assert.Equal(["runs-lost", "tasks-fail", "webhooks-late"], Alerts(google));
        var dashboard = Assert.Single(google.Resources.In(Project + "/dashboards"));
        Assert.Matches("^[0-9a-f]{40}$", $"{dashboard["labels"]!["a2a-deployed"]}");
        var environment = google.Resources.Get($"{Project}/locations/europe-west4/functions/RunTaskFunction")["serviceConfig"]!
            ["environmentVariables"]!;
        Assert.Equal("https://telemetry.googleapis.com", $"{environment["A2A__Telemetry__Endpoint"]}");
        Assert.Equal("cloud.region=europe-west4", $"{environment["OTEL_RESOURCE_ATTRIBUTES"]}");

        var again = await RunAsync(google, "up", telemetry);
        Assert.True(again.Writes.Count == 0, $"{again}");

        // Another version of the dashboard takes the place of the one that is there.
        dashboard["labels"]!["a2a-deployed"] = "0";
        var replaced = await RunAsync(google, "up", telemetry);
        Assert.Equal(2, replaced.Writes.Count);
        Assert.NotEqual("0", $"{Assert.Single(google.Resources.In(Project + "/dashboards"))["labels"]!["a2a-deployed"]}");

        await RunAsync(google, "up", "--only", "RunTaskFunction", "--project-file", OwnProject.Shared);
        Assert.Empty(Alerts(google));

        await RunAsync(google, "down", "--yes");
        Assert.Empty(google.Resources.In(Project + "/dashboards"));
    }

    private static async Task<ScriptRun> RunAsync(FakeGoogle google, string command, params string[] options)
    {
        var run = await Script.RunAsync(google, [command, "--project", google.Project, .. options]);
        Assert.True(run.ExitCode == 0, $"{run}");
        return run;
    }

    /// <summary>The policies on the agent's own metrics, by name.</summary>
    private static IEnumerable<string> Alerts(FakeGoogle google) =>
        google.Resources.In(Project + "/alertPolicies")
            .Where(policy => policy["conditions"]![0]!["conditionPrometheusQueryLanguage"] is not null)
            .Select(policy => $"{policy["userLabels"]!["a2a-alert"]}").Order(StringComparer.Ordinal);
}
