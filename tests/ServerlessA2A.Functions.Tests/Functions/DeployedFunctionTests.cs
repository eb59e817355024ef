using System.Net;
using System.Security.Cryptography;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Functions;

/// <summary>A function alone in its process, as on Cloud Run.</summary>
public class DeployedFunctionTests
{
    [Fact]
    public async Task AMessageThatCannotBeReadIsAnsweredWith500SoThatItComesAgain()
    {
        await using var program = RunningProgram.Start(Programs.Agent, typeof(RunTaskFunction).FullName);
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        Assert.Equal(HttpStatusCode.InternalServerError, await SendAsync(client, PubSub.Event("not JSON")));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(client, PubSub.Event(PubSub.RunRequest("gone"))));

        Assert.Equal(0, await program.StopAsync());
        Assert.Single(program.LoggedErrors);
    }

    [Fact]
    public async Task FaultsOfTheSettingsAreToldByAFunctionToo()
    {
        await using var program = RunningProgram.Start(
            Programs.Agent, typeof(MessageFunction).FullName, ("A2A__Tasks__MaxAttempts", "0"), ("A2A__Agent__PublicUrl", "not an address"));

        Assert.NotEqual(0, await program.ExitAsync());

        Assert.Contains(program.Errors, line => line.Contains("A2A__Tasks__MaxAttempts", StringComparison.Ordinal));
        Assert.Contains(program.Errors, line => line.Contains("A2A__Agent__PublicUrl", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("A2A__Tasks__Store", "InMemory", "K_SERVICE")]
    [InlineData("A2A__Tasks__Store", "", "GOOGLE_CLOUD_PROJECT")]
    public async Task WhatIsDeployedNeverKeepsTasksInMemory(string variable, string value, string told)
    {
        await using var program = RunningProgram.Start(Programs.Agent, typeof(MessageFunction).FullName, ("K_SERVICE", "message"), (variable, value));

        Assert.NotEqual(0, await program.ExitAsync());

        Assert.Contains(program.Errors, line => line.Contains(told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatIsDeployedSaysWhoMayCall()
    {
        await using var program = RunningProgram.Start(
            Programs.Agent, typeof(MessageFunction).FullName, ("K_SERVICE", "message"), ("GOOGLE_CLOUD_PROJECT", "project"));

        Assert.NotEqual(0, await program.ExitAsync());

        Assert.Contains("A2A:Security:Identity (A2A__Security__Identity__0) is not set", Assert.Single(program.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsDeployedSignsNoAddressThatAStrangerMayChoose()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var program = RunningProgram.Start(
            Programs.Agent, typeof(MessageFunction).FullName,
            ("K_SERVICE", "message"), ("GOOGLE_CLOUD_PROJECT", "project"), ("A2A__Security__Identity__0", "iam"), ("A2A__Security__SigningKeys__0", key.ExportPkcs8PrivateKeyPem()));

        Assert.NotEqual(0, await program.ExitAsync());

        Assert.Contains(program.Errors, line => line.Contains("A2A:Agent:PublicUrl (A2A__Agent__PublicUrl) is not", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnAnswerDoesNotSayWhatServesIt()
    {
        await using var program = RunningProgram.Start(Programs.Agent, typeof(MessageFunction).FullName);
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        using var response = await client.GetAsync(new Uri("/", UriKind.Relative));

        Assert.False(response.Headers.Contains("Server"));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(response.Headers.Contains("Strict-Transport-Security"));
    }

    private static async Task<HttpStatusCode> SendAsync(HttpClient client, string data)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = Requests.Json(data) };
        foreach (var (name, value) in PubSub.EventHeaders)
            request.Headers.Add(name, value);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
