using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.GoogleCloud.Tests.Credentials;
using ServerlessA2A.GoogleCloud.Tests.Packages;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Functions;

/// <summary>A function on Firestore and Pub/Sub, in a process of its own, without Google credentials.</summary>
public sealed class MissingCredentialsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private string CredentialFile => Path.Combine(_folder, "account.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(typeof(MessageFunction))]
    [InlineData(typeof(AgentCardFunction))]
    public async Task TheCardIsServedWithoutCredentials(Type function)
    {
        await using var program = Start(function);
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        using var response = await client.GetAsync(new Uri("/.well-known/agent-card.json", UriKind.Relative)).WithinLimit("the card");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain(program.Output.Concat(program.Errors), line => line.Contains("gcloud auth", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1.0", "/", """{"jsonrpc":"2.0","id":1,"method":"SendMessage","params":{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"Hi"}]}}}""")]
    [InlineData("1.0", "/message:send", """{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"Hi"}]}}""")]
    [InlineData("0.3", "/", """{"jsonrpc":"2.0","id":1,"method":"message/send","params":{"message":{"kind":"message","messageId":"m","role":"user","parts":[{"kind":"text","text":"Hi"}]}}}""")]
    [InlineData("0.3", "/v1/message:send", """{"message":{"messageId":"m","role":"ROLE_USER","content":[{"text":"Hi"}]}}""")]
    public async Task ARequestIsAnsweredAsUnavailableAndTheLogNamesTheRemedyOnce(string version, string path, string body)
    {
        // Long enough for a process that has just started: the log does not name the remedy if the request's time is up first.
        await using var program = Start(typeof(MessageFunction), requestTimeout: "00:00:30");
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };

        using var response = await SendAsync(client, path, body, version);

        Assert.Equal("2", Assert.Single(response.Headers.GetValues("Retry-After")));
        Assert.Contains(
            "The service is temporarily unavailable; try again later.", await response.Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
        Assert.Equal(0, await program.StopAsync());
        var line = Assert.Single(
            program.Output.Concat(program.Errors), line =>
            line.Contains("gcloud auth application-default login", StringComparison.Ordinal));
        Assert.Contains("service account", line, StringComparison.Ordinal);
        Assert.Contains(
            JsonElement.Parse(line).GetProperty("scopes").EnumerateArray(), scope => scope.ValueKind == JsonValueKind.Object &&
            scope.TryGetProperty("event_id", out var id) && id.GetString() == "2002");
        Assert.Empty(program.LoggedErrors);
    }

    [Fact]
    public async Task CredentialsThatComeLaterAreUsedByTheNextRequest()
    {
        await using var tokens = await AnsweringServer.StartAsync(200, """{"access_token": "fake", "expires_in": 3600, "token_type": "Bearer"}""");
        using var key = RSA.Create(2048);
        await using var program = Start(typeof(MessageFunction));
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };
        const string Send = """{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"Hi"}]}}""";

        using (await SendAsync(client, "/message:send", Send))
            Assert.Empty(tokens.Requests);
        await File.WriteAllTextAsync(CredentialFile, TestAccount.Json(key, $"http://{tokens.Host}/token"));
        // On a slow machine a request may give up before it has come to ask for a token.
        for (var i = 0; i < 10 && tokens.Requests.IsEmpty; i++)
            (await SendAsync(client, "/message:send", Send)).Dispose();

        // Firestore itself is out of reach here.
        Assert.Equal("/token", tokens.Requests.First().Path);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string path, string body, string version = "1.0")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Requests.Json(body) };
        request.Headers.Add("A2A-Version", version);
        return await client.SendAsync(request).WithinLimit("the answer");
    }

    private RunningProgram Start(Type function, string requestTimeout = "00:00:02") => RunningProgram.Start(
        Programs.TestAgent,
        function.FullName,
        ("A2A__GoogleCloud__ProjectId", "somebodys"),
        ("Test__GoogleCloud__RequestTimeout", requestTimeout),
        ("A2A__Security__Identity__0", "none"),
        // As on Cloud Run: each event of the log is one line of JSON.
        ("K_SERVICE", function.Name),
        // No metadata server, and no file of a user's.
        ("NO_GCE_CHECK", "true"), ("HOME", _folder), ("GOOGLE_APPLICATION_CREDENTIALS", CredentialFile));
}
