using System.IO.Compression;
using System.Text.Json.Nodes;
using ServerlessA2A.Deploy.Tests.Google;
using ServerlessA2A.Deploy.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

/// <summary>A deployment by hand with many settings, and another one after it that knows nothing of them.</summary>
public sealed class SecondDeploymentTests
{
    private const string Region = "projects/my-project/locations/europe-west4";
    private const string Secrets =
        "WEATHER_KEY=weather:1 A2A__Security__TokenExchange__ClientSecret=exchange /secrets/maps/key=maps@RunTaskFunction,MessageFunction";

    private const string Instructions =
        "You \"book\" journeys: # no comment\nA2A__Security__Identity__0=none\n\n  - it's 100 %, a\\b,\ttab\nEND\u2028of 'it'";

    [SkippableFact]
    public async Task SettingsAndSecretsArriveAsTheyAreAndSurviveADeploymentThatKeepsThem()
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        await google.StartAgentAsync();
        google.Apis.Add("secretmanager.googleapis.com");
        foreach (var secret in new[] { "weather", "maps", "exchange", "unrelated" })
        {
            google.Resources.Add($"projects/my-project/secrets/{secret}", []);
            google.Resources.Add(
                $"projects/my-project/secrets/{secret}/versions/1", new JsonObject { ["state"] = "ENABLED", ["data"] = "YQ==" });
        }

        using var folder = new OwnProject();
        folder.Write("instructions.txt", Instructions + "\r\n");
        var file = folder.Write("mine.env", $"""
            A2A__Agent__Description="frühe Züge
            # no comment
            last" # a comment
            A2A__Gemini__Instructions=@instructions.txt
            A2A__Security__GoogleAccessToken__Audiences__0='@literal'
            SECRETS="{Secrets}"
            MEMORY=1Gi
            Shop__Url=https://shop.example
            OTEL_TRACES_SAMPLER=traceidratio
            PROJECT_FILE=Mine.csproj
            UNAUTHENTICATED=true
            """);
        var up = await Script.RunAsync(google, "up", "--project", "my-project", "--config", file, "--identity", "api-key");
        Assert.True(up.ExitCode == 0, $"{up}");
        AssertDeployed(google);
        await using (var source = new ZipArchive(new MemoryStream(google.FunctionSource!)))
            Assert.Equal(
                ["Dockerfile", .. OwnProject.Uploaded, "instructions.txt", "mine.env"], source.Entries.Select(entry => entry.FullName)
                .Where(name => !name.EndsWith('/')).Order(StringComparer.Ordinal));
        Assert.Empty(google.Policies.On("projects/my-project/secrets/unrelated"));

        // A pipeline that knows none of it: what it is about to take away is said.
        var warned = await Script.RunAsync(google, "up", "--dry-run", "--project", "my-project", "--project-file", OwnProject.Shared);
        Assert.True(warned.ExitCode == 0, $"{warned}");
        foreach (var lost in new[] { "A2A__Agent__Description", "A2A__Gemini__Instructions", "WEATHER_KEY", "/secrets/maps/key",
            "A2A__Security__ApiKeys__Hashes__0", "Shop__Url", "OTEL_TRACES_SAMPLER" })
            Assert.Contains(
                lost, warned.Errors.Split('\n').Single(line => line.Contains("removing deployed settings", StringComparison.Ordinal)),
                StringComparison.Ordinal);
        Assert.Contains(
            "removing the identity api-key, which the deployed agent accepts; it will accept iam only", warned.Errors,
            StringComparison.Ordinal);
        Assert.Contains("closing MessageFunction, which everyone may call now", warned.Errors, StringComparison.Ordinal);

        var kept = await Script.RunAsync(google, "up", "--project", "my-project", "--project-file", folder.Folder, "--keep-settings");
        Assert.True(kept.ExitCode == 0, $"{kept}");
        Assert.True(kept.Writes.Count == 0, $"{kept}");
        Assert.Empty(kept.Errors);

        // What is set wins over what is kept; what follows from it follows.
        var changed = await Script.RunAsync(
            google, "up", "--dry-run", "--project", "my-project", "--project-file", OwnProject.Shared, "--keep-settings",
            "--set", "MESSAGE_TIMEOUT=600", "--set", "A2A__Agent__Description=new");
        Assert.True(changed.ExitCode == 0, $"{changed}");
        Assert.Contains("A2A__Http__RequestTimeLimit: \"00:09:50\"", changed.Output, StringComparison.Ordinal);
        Assert.Contains("A2A__Agent__Description: \"new\"", changed.Output, StringComparison.Ordinal);
        Assert.Contains("--memory=1Gi", changed.Output, StringComparison.Ordinal);

        // A secret that an earlier version took as a plain setting can be named instead.
        var variables = google.Resources.Get(Region + "/services/messagefunction")["knative"]!["spec"]!["template"]!["spec"]!
            ["containers"]![0]!["env"]!.AsArray();
        variables.Add(new JsonObject { ["name"] = "A2A__PostgreSql__Password", ["value"] = "plain" });
        string[] keep = ["up", "--dry-run", "--project", "my-project", "--project-file", OwnProject.Shared, "--keep-settings"];
        var refused = await Script.RunAsync(google, keep);
        Assert.Contains(
            "what is deployed: A2A__PostgreSql__Password is a secret and must come from Secret Manager", refused.Errors,
            StringComparison.Ordinal);
        var named = await Script.RunAsync(google, [.. keep, "--set", "SECRETS=a2a__postgresql__password=weather"]);
        Assert.True(named.ExitCode == 0, $"{named}");
        variables.RemoveAt(variables.Count - 1);

        // Without the secrets their readers go.
        google.Policies.Grant(
            "projects/my-project/secrets/a2a-signing-key", "roles/secretmanager.secretAccessor",
            "serviceAccount:a2a-worker@my-project.iam.gserviceaccount.com");
        var without = await Script.RunAsync(
            google, "up", "--project", "my-project", "--project-file", folder.Folder, "--keep-settings", "--set",
            "SECRETS=WEATHER_KEY=weather");
        Assert.True(without.ExitCode == 0, $"{without}");
        Assert.Empty(google.Policies.On("projects/my-project/secrets/maps"));
        Assert.DoesNotContain(
            google.Policies.On("projects/my-project/secrets/a2a-signing-key"), grant =>
            grant.Contains("a2a-worker", StringComparison.Ordinal));
    }

    private static void AssertDeployed(FakeGoogle google)
    {
        var message = google.Resources.Get(Region + "/functions/MessageFunction")["serviceConfig"]!;
        Assert.Equal(Instructions, $"{message["environmentVariables"]!["A2A__Gemini__Instructions"]}");
        Assert.Equal("frühe Züge\n# no comment\nlast", $"{message["environmentVariables"]!["A2A__Agent__Description"]}");
        Assert.Equal("https://shop.example", $"{message["environmentVariables"]!["Shop__Url"]}");
        Assert.Equal("@literal", $"{message["environmentVariables"]!["A2A__Security__GoogleAccessToken__Audiences__0"]}");
        Assert.Equal("api-key", $"{message["environmentVariables"]!["A2A__Security__Identity__0"]}");
        foreach (var (
            function, variable, mounted) in new[] { ("RunTaskFunction", true, true), ("MessageFunction", false, true),
            ("NotifyFunction", false, false), ("AgentCardFunction", false, false) })
        {
            var service = google.Resources.Get($"{Region}/functions/{function}")["serviceConfig"]!;
            var variables = (service["secretEnvironmentVariables"] as JsonArray ?? [])
                .Select(each => $"{each!["key"]}={each["secret"]}:{each["version"]}");
            Assert.Equal(variable, variables.Contains("WEATHER_KEY=weather:1"));
            Assert.Equal(
                mounted ? ["/secrets/maps maps"] : [], (service["secretVolumes"] as JsonArray ?? [])
                .Select(each => $"{each!["mountPath"]} {each["secret"]}"));
        }

        Assert.Equal(
            ["roles/secretmanager.secretAccessor serviceAccount:a2a-worker@my-project.iam.gserviceaccount.com"],
            google.Policies.On("projects/my-project/secrets/weather"));
        Assert.Equal(
            new[] { "message", "worker" }.Select(account =>
            $"roles/secretmanager.secretAccessor serviceAccount:a2a-{account}@my-project.iam.gserviceaccount.com"),
            google.Policies.On("projects/my-project/secrets/maps"));
    }
}
