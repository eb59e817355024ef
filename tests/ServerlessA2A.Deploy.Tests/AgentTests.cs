using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ServerlessA2A.Deploy.Tests.Google;
using ServerlessA2A.Deploy.Tests.Support;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Deploy.Tests;

public sealed class AgentTests
{
    [SkippableFact]
    public async Task TheSmokeTestWorksWithAnAgentThatRepliesWithMessages()
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        await using var agent = RunningProgram.Start("tests/ServerlessA2A.TestAgent", target: null);
        google.Agent = await agent.AddressAsync();
        foreach (var service in new[] { "messagefunction", "agentcardfunction" })
            google.Resources.Add($"projects/my-project/locations/europe-west4/services/{service}", []);
        var smoke = await Script.RunAsync(google, "smoke", "--project", google.Project);
        Assert.True(smoke.ExitCode == 0, $"{smoke}");
        Assert.Matches("(?m)^  Task [0-9a-f-]{36} completed\\.$", smoke.Output);
    }

    /// <summary>A header and an extension that <c>up</c> can set.</summary>
    [SkippableFact]
    public async Task TheSmokeTestSendsTheKeyInItsHeaderAndNamesRequiredExtensions()
    {
        GoogleCloudSdk.Require();
        await using var google = await FakeGoogle.StartAsync();
        await using var agent = RunningProgram.Start(
            "tests/ServerlessA2A.TestAgent", target: null,
            ("A2A__Security__Identity__0", "api-key"), ("A2A__Security__ApiKeys__Header", "X-My-Key"),
            ("A2A__Security__ApiKeys__Hashes__0", Convert.ToHexStringLower(SHA256.HashData("secret"u8))),
            ("A2A__Agent__Extensions__0__Uri", "https://example.com/extension"), ("A2A__Agent__Extensions__0__Required", "true"));
        google.Agent = await agent.AddressAsync();
        foreach (var service in new[] { "messagefunction", "agentcardfunction" })
            google.Resources.Add($"projects/my-project/locations/europe-west4/services/{service}", []);
        google.Apis.Add("secretmanager.googleapis.com");
        google.Resources.Add("projects/my-project/secrets/a2a-api-key", []);
        google.Resources.Add(
            "projects/my-project/secrets/a2a-api-key/versions/1",
            new JsonObject { ["state"] = "ENABLED", ["data"] = Convert.ToBase64String("secret"u8) });

        var smoke = await Script.RunAsync(
            google, "smoke", "--project", google.Project, "--identity", "api-key", "--set", "A2A__Security__ApiKeys__Header=X-My-Key");

        Assert.True(smoke.ExitCode == 0, $"{smoke}");
        Assert.Contains(" completed.", smoke.Output, StringComparison.Ordinal);
    }
}
