using System.Text.Json.Nodes;
using ServerlessA2A.Deploy.Tests.Google;
using ServerlessA2A.Deploy.Tests.Support;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

public sealed class GeminiEnterpriseTests
{
    private const string Address = "https://messagefunction-4711.europe-west4.run.app/";
    private const string Agents = "projects/my-project/locations/eu/collections/default_collection/engines/my-app/assistants/default_assistant/agents";

    [SkippableFact]
    public async Task An_agent_is_registered_once_kept_up_to_date_found_and_taken_out()
    {
        GoogleCloudSdk.Require();
        await using var google = await StartAsync();
        await using var agent = RunningProgram.Start("functions/Agent", target: null, ("A2A__Agent__PublicUrl", Address), ("A2A__Agent__Description", "Says \"hello\", \\o/"));
        google.Agent = await agent.AddressAsync();

        Assert.Equal("deploy.sh: this agent is not registered with my-app: ./deploy.sh register.", (await RunAsync(google, "update")).Errors.Trim());
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

        var again = await SucceedAsync(google, "register", "--authorization", "my-auth", "--icon", "https://example.com/icon.png");
        Assert.Equal(["discoveryengine PATCH"], again.Writes.Select(write => string.Join(' ', write.Split(' ')[..2])));
        registered = Assert.Single(google.Resources.In(Agents));
        Assert.Equal("projects/my-project/locations/eu/authorizations/my-auth", $"{registered["authorizationConfig"]!["agentAuthorization"]}");
        Assert.Equal("https://example.com/icon.png", $"{registered["icon"]!["uri"]}");

        Assert.Equal($"1001 {Address}\n", (await SucceedAsync(google, "list")).Output);
        Assert.Equal($"{Agents}/1001", $"{JsonNode.Parse((await SucceedAsync(google, "show")).Output)!["name"]}");
        await SucceedAsync(google, "unregister");
        Assert.Empty(google.Resources.In(Agents));
    }

    [SkippableFact]
    public async Task An_authorization_is_made_and_deleted_and_its_secret_is_not_shown()
    {
        GoogleCloudSdk.Require();
        await using var google = await StartAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "a \"secret\"");
        try
        {
            var created = await SucceedAsync(google, "authorization", "create", "--authorization", "my-auth", "--client-id", "my-client", "--client-secret-file", file);
            Assert.DoesNotContain("secret\"", created.Output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }

        var authorization = google.Resources.Get("projects/my-project/locations/eu/authorizations/my-auth");
        var oauth = authorization["serverSideOauth2"]!;
        Assert.Equal(("my-client", "a \"secret\""), ($"{oauth["clientId"]}", $"{oauth["clientSecret"]}"));
        Assert.Contains("access_type=offline&prompt=consent", $"{oauth["authorizationUri"]}", StringComparison.Ordinal);
        Assert.Equal("https://oauth2.googleapis.com/token", $"{oauth["tokenUri"]}");
        await SucceedAsync(google, "authorization", "delete", "--authorization", "my-auth");
        Assert.Null(google.Resources.Find("projects/my-project/locations/eu/authorizations/my-auth"));
    }

    /// <summary>The fields that are documented, and no other.</summary>
    private static void AssertStrict(JsonObject card)
    {
        Assert.Equal(
            ["capabilities", "defaultInputModes", "defaultOutputModes", "description", "name", "protocolVersion", "skills", "url", "version"],
            card.Select(each => each.Key).Order(StringComparer.Ordinal));
        Assert.Equal("0.3.0", $"{card["protocolVersion"]}");
        Assert.Equal(Address, $"{card["url"]}");
        Assert.True((bool)card["capabilities"]!["streaming"]!);
        Assert.All(card["skills"]!.AsArray(), skill => Assert.Equal(["description", "id", "name", "tags"], ((JsonObject)skill!).Select(each => each.Key).Order()));
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
