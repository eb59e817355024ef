using System.Net;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Functions;

/// <summary>The inspector of a single function, as Cloud Run runs it.</summary>
public class DeployedInspectorTests
{
    private const string Message = "ServerlessA2A.Functions.MessageFunction";

    [Theory]
    [InlineData(Message, null, HttpStatusCode.NotFound)]
    [InlineData(Message, "false", HttpStatusCode.NotFound)]
    [InlineData("ServerlessA2A.Functions.AgentCardFunction", "true", HttpStatusCode.NotFound)]
    public async Task ItIsOffUnlessItIsSwitchedOnForMessageFunction(string target, string? value, HttpStatusCode expected)
    {
        await using var program = RunningProgram.Start(Programs.Agent, arguments: [], Settings(target, value));
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        Assert.Equal(expected, await StatusAsync(client, "inspector/", "key"));
        Assert.Equal(expected, await StatusAsync(client, "inspector/api/agents", "key"));
    }

    [Fact]
    public async Task AllOfItIsBehindTheIdentityOfTheAgent()
    {
        await using var program = RunningProgram.Start(Programs.Agent, arguments: [], Settings(Message, "true"));
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        foreach (var path in (string[])["inspector/", "inspector/main.js", "inspector/api/agents"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, path, null));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, path, "other"));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, path, "key"));
        }
    }

    private static (string, string)[] Settings(string target, string? inspector)
    {
        (string, string)[] settings =
        [
            ("FUNCTION_TARGET", target), ("PORT", "0"), ("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Information"),
            ("A2A__Security__Identity__0", "api-key"),
            // printf %s key | sha256sum
            ("A2A__Security__ApiKeys__Hashes__0", "alice=2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683"),
        ];
        return inspector is null ? settings : [.. settings, ("A2A__Inspector", inspector)];
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        // A deployed function is reached by any name.
        request.Headers.Host = "agent.example.com";
        if (key is not null)
            request.Headers.Add("X-API-Key", key);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
