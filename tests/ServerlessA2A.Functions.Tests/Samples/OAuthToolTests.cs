using System.Net;
using System.Text.Json;
using ServerlessA2A.Functions.Tests.Deployed;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Samples;

/// <summary>A tool asks for the user's consent, and continues when the browser returns from the provider.</summary>
public class OAuthToolTests
{
    [Theory]
    [InlineData(false, "The calendar says: 10:00 dentist")]
    [InlineData(true, "The calendar says: The user does not agree (access_denied).")]
    public async Task TheTaskContinuesWhenTheBrowserReturns(bool refuses, string expected)
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var program = RunningProgram.Start(Programs.OAuthTool, target: null, provider.Settings);
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };
        using var browser = new HttpClient();
        (provider.RedirectUri, provider.UserRefuses) = ($"{client.BaseAddress}callback", refuses);

        var waiting = (await client.CallAsync(Requests.Send("What is next?")).WithinLimit("the link comes")).GetProperty("task");
        Assert.Equal("TASK_STATE_AUTH_REQUIRED", waiting.State());
        using var page = await browser.GetAsync(LinkOf(waiting));
        var done = await client.EndOfAsync(IdOf(waiting));

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("You can close this window.", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(("TASK_STATE_COMPLETED", expected), (done.State(), done.ArtifactText()));
        Assert.Equal(refuses ? 0 : 1, provider.Tokens);
        // The address in the browser works once: with another code it is rejected, reloaded it changes nothing.
        var returned = page.RequestMessage!.RequestUri!;
        using var reloaded = await browser.GetAsync(returned);
        using var reused = await browser.GetAsync(new Uri($"{returned}&code2=stolen"));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict), (reloaded.StatusCode, reused.StatusCode));
        Assert.Equal(done.GetRawText(), (await client.CallAsync(Requests.Get(IdOf(waiting)))).GetRawText());
        Assert.Equal(0, await program.StopAsync());
        Assert.Empty(program.LoggedErrors);
        // Neither the state nor the code is in the log.
        AssertSilent(program, returned);
    }

    private static void AssertSilent(RunningProgram program, Uri returned) =>
        Assert.All(returned.Query[1..].Split('&').Select(pair => pair.Split('=')[1]), secret => Assert.DoesNotContain(
            program.Output.Concat(program.Errors), line => line.Contains(secret, StringComparison.Ordinal)));

    [SkippableFact]
    public async Task EachFunctionDoesItsPartAndACrashLosesNothing()
    {
        await using var provider = await FakeProvider.StartAsync();
        provider.RedirectUri = $"{provider.Address}/callback";
        // While no instance can run the task, its request is refused again and again; it must not become a dead letter meanwhile.
        await using var deployment = await Deployment.StartAsync(
            runs: 1, deliveries: 100, program: Programs.OAuthTool,
            settings:
            [
                .. provider.Settings,
                ("A2A__Agent__CallbackUrl", provider.RedirectUri),
                ("A2A__Security__EncryptionKeys__0", Convert.ToBase64String(Guid.NewGuid().ToByteArray().Concat(new byte[16]).ToArray())),
            ]);
        await deployment.Callback.StartAsync();
        provider.Front = deployment.Callback.Client;
        var client = deployment.Messages[0].Client;
        using var browser = new HttpClient();
        var waiting = (await client.CallAsync(Requests.Send("What is next?")).WithinLimit("the link comes")).GetProperty("task");
        Assert.Equal("TASK_STATE_AUTH_REQUIRED", waiting.State());
        // The callback is accepted, and no instance is there that could run the task.
        await deployment.Runs[0].KillAsync();

        using var page = await browser.GetAsync(LinkOf(waiting));
        using var forged = await browser.GetAsync(new Uri($"{provider.RedirectUri}?code=c&state={new string('A', 200)}"));
        using var stolen = await browser.GetAsync(new Uri($"{page.RequestMessage!.RequestUri}&iss=https://elsewhere.example.com"));
        await deployment.Runs[0].StartAsync();
        var done = await client.EndOfAsync(IdOf(waiting));

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.Conflict),
            (page.StatusCode, forged.StatusCode, stolen.StatusCode));
        Assert.Equal(("TASK_STATE_COMPLETED", "The calendar says: 10:00 dentist"), (done.State(), done.ArtifactText()));
        Assert.Equal(1, provider.Tokens);
        AssertSilent(deployment.Callback.Program, page.RequestMessage!.RequestUri!);
        AssertSilent(deployment.Runs[0].Program, page.RequestMessage!.RequestUri!);
        Assert.Empty(deployment.Instances.Append(deployment.Callback).SelectMany(instance => instance.LoggedErrors));
    }

    private static string IdOf(JsonElement task) => task.GetProperty("id").GetString()!;

    /// <summary>The link is in the text, for people, and in the data, for programs.</summary>
    private static Uri LinkOf(JsonElement task)
    {
        var parts = task.GetProperty("status").GetProperty("message").GetProperty("parts");
        var link = parts[1].GetProperty("data").GetProperty("authorizationUrl").GetString()!;
        Assert.EndsWith(link, parts[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        return new Uri(link);
    }
}
