using System.Text.Json.Nodes;
using ServerlessA2A.Deploy.Tests.Google;
using ServerlessA2A.Deploy.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

public sealed class GeminiEnterpriseTests
{
    private const string Address = "https://messagefunction-4711.europe-west4.run.app/";
    private const string Agents =
        "projects/my-project/locations/eu/collections/default_collection/engines/my-app/assistants/default_assistant/agents";

    [SkippableFact]
    public async Task AnAgentIsRegisteredOnceKeptUpToDateFoundAndTakenOut()
    {
        GoogleCloudSdk.Require();
        await using var google = await StartAsync();
        await google.StartAgentAsync("Says \"hello\", \\o/");

        Assert.Equal(
            "deploy.sh: this agent is not registered with my-app: run ./deploy.sh register.",
            (await RunAsync(google, "update")).Errors.Trim());
        await SucceedAsync(google, "register");
        var registered = Assert.Single(google.Resources.In(Agents));
        Assert.Equal(["a2aAgentDefinition", "description", "displayName", "name"], registered.Select(each => each.Key).Order());
        Assert.Equal("Says \"hello\", \\o/", $"{registered["description"]}");
        AssertStrict((JsonObject)JsonNode.Parse($"{registered["a2aAgentDefinition"]!["jsonAgentCard"]}")!);
        foreach (var service in new[] { "messagefunction", "agentcardfunction" })
        {
            Assert.Equal(
                ["roles/run.invoker serviceAccount:service-4711@gcp-sa-discoveryengine.iam.gserviceaccount.com"],
                google.Policies.On($"projects/my-project/locations/europe-west4/services/{service}"));
        }

        Assert.Contains("my-project/discoveryengine", google.Agents);
        var again = await SucceedAsync(google, "register", "--authorization", "my-auth", "--icon", "https://example.com/icon.png");
        Assert.Equal(["discoveryengine PATCH"], again.Writes.Select(write => string.Join(' ', write.Split(' ')[..2])));
        registered = Assert.Single(google.Resources.In(Agents));
        Assert.Equal(
            "projects/my-project/locations/eu/authorizations/my-auth", $"{registered["authorizationConfig"]!["agentAuthorization"]}");
        Assert.Equal("https://example.com/icon.png", $"{registered["icon"]!["uri"]}");

        Assert.Equal($"1001 {Address}\n", (await SucceedAsync(google, "list")).Output);
        Assert.Equal($"{Agents}/1001", $"{JsonNode.Parse((await SucceedAsync(google, "show")).Output)!["name"]}");
        await SucceedAsync(google, "unregister");
        Assert.Empty(google.Resources.In(Agents));
    }

    [SkippableFact]
    public async Task AnAppOfAnotherProjectGetsTheAgentAndItsServiceAgentMayCall()
    {
        GoogleCloudSdk.Require();
        await using var google = await StartAsync();
        await google.StartAgentAsync();
        const string App = "projects/815/locations/us/collections/default_collection/engines/their-app";

        var registered = await Script.RunAsync(google, "register", "--project", google.Project, "--app", App);
        Assert.True(registered.ExitCode == 0, $"{registered}");
        Assert.Contains("can fail for about 90 s", registered.Output, StringComparison.Ordinal);
        Assert.Contains("all users of Gemini Enterprise are one caller", registered.Output, StringComparison.Ordinal);
        Assert.Single(google.Resources.In(App + "/assistants/default_assistant/agents"));
        Assert.Contains("815/discoveryengine", google.Agents);
        Assert.Equal(
            ["roles/run.invoker serviceAccount:service-815@gcp-sa-discoveryengine.iam.gserviceaccount.com"],
            google.Policies.On("projects/my-project/locations/europe-west4/services/messagefunction"));

        var card = await Script.RunAsync(google, "card", "--project", google.Project);
        Assert.True(card.ExitCode == 0, $"{card}");
        AssertStrict((JsonObject)JsonNode.Parse(card.Output)!);

        var down = await Script.RunAsync(google, "down", "--yes", "--project", google.Project, "--app", App);
        Assert.True(down.ExitCode == 0, $"{down}");
        Assert.Empty(google.Resources.In(App + "/assistants/default_assistant/agents"));
    }

    [SkippableFact]
    public async Task AnAuthorizationIsMadeAndDeletedAndItsSecretIsNotShown()
    {
        GoogleCloudSdk.Require();
        await using var google = await StartAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "a \"secret\"");
        try
        {
            var created = await SucceedAsync(
                google, "authorization", "create", "--authorization", "my-auth", "--client-id", "my-client", "--client-secret-file", file,
                "--scopes", "openid, https://www.googleapis.com/auth/cloud-platform");
            Assert.DoesNotContain("secret\"", created.Output, StringComparison.Ordinal);
            // What exists is no passing fault: it is tried once.
            var again = await RunAsync(
                google, "authorization", "create", "--authorization", "my-auth", "--client-id", "my-client", "--client-secret-file", file);
            Assert.Equal(1, again.ExitCode);
            Assert.Contains("409 ALREADY_EXISTS", again.Errors, StringComparison.Ordinal);
            Assert.Single(again.Writes);
        }
        finally
        {
            File.Delete(file);
        }

        var authorization = google.Resources.Get("projects/my-project/locations/eu/authorizations/my-auth");
        var oauth = authorization["serverSideOauth2"]!;
        Assert.Equal(("my-client", "a \"secret\""), ($"{oauth["clientId"]}", $"{oauth["clientSecret"]}"));
        Assert.Equal(
            "https://accounts.google.com/o/oauth2/v2/auth?client_id=my-client&redirect_uri=" +
            "https%3A%2F%2Fvertexaisearch.cloud.google.com%2Fstatic%2Foauth%2Foauth.html" +
            "&scope=openid%20https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fcloud-platform&include_granted_scopes=true" +
            "&response_type=code&access_type=offline&prompt=consent",
            $"{oauth["authorizationUri"]}");
        Assert.Equal("https://oauth2.googleapis.com/token", $"{oauth["tokenUri"]}");
        await SucceedAsync(google, "authorization", "delete", "--authorization", "my-auth");
        Assert.Null(google.Resources.Find("projects/my-project/locations/eu/authorizations/my-auth"));
    }

    /// <summary>The fields that are documented, and no other.</summary>
    private static void AssertStrict(JsonObject card)
    {
        Assert.Equal(
            ["capabilities", "defaultInputModes", "defaultOutputModes", "description", "name", "protocolVersion", "skills", "url",
            "version"],
            card.Select(each => each.Key).Order(StringComparer.Ordinal));
        Assert.Equal("0.3.0", $"{card["protocolVersion"]}");
        Assert.Equal(Address, $"{card["url"]}");
        Assert.True((bool)card["capabilities"]!["streaming"]!);
        Assert.All(card["skills"]!.AsArray(), skill =>
            Assert.Equal(["description", "id", "name", "tags"], ((JsonObject)skill!).Select(each => each.Key).Order()));
    }

    /// <summary>A project with the agent's services in it.</summary>
    private static async Task<FakeGoogle> StartAsync()
    {
        var google = await FakeGoogle.StartAsync();
        google.Apis.UnionWith(["run.googleapis.com", "cloudfunctions.googleapis.com"]);
        foreach (var service in new[] { "messagefunction", "agentcardfunction" })
            google.Resources.Add($"projects/my-project/locations/europe-west4/services/{service}", []);
        return google;
    }

    private static Task<ScriptRun> RunAsync(FakeGoogle google, params string[] arguments) =>
        Script.RunAsync(google, [.. arguments, "--project", google.Project, "--app", "my-app", "--app-location", "eu"]);

    private static async Task<ScriptRun> SucceedAsync(FakeGoogle google, params string[] arguments)
    {
        var run = await RunAsync(google, arguments);
        Assert.True(run.ExitCode == 0, $"{run}");
        return run;
    }
}
