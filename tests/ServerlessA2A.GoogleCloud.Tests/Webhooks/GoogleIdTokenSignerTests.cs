using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Google.Apis.Auth.OAuth2;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.GoogleCloud.Webhooks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks.Signing;

namespace ServerlessA2A.GoogleCloud.Tests.Webhooks;

/// <summary>ID tokens of a service account, from a token endpoint on this machine.</summary>
public sealed class GoogleIdTokenSignerTests : IAsyncLifetime
{
    private static readonly RSA Key = RSA.Create(2048);

    private TokenEndpoint _endpoint = null!;

    public async Task InitializeAsync() => _endpoint = await TokenEndpoint.StartAsync(Key);

    public async Task DisposeAsync() => await _endpoint.DisposeAsync();

    [Fact]
    public async Task TheTokenIsTheServiceAccountsForTheWebhooksAddress()
    {
        var token = await SignAsync(Signer(), "https://Hooks.example/a?b=c");

        Assert.Equal(_endpoint.Issued.Single(), token);
        Assert.Equal("https://Hooks.example/a?b=c", Assert.Single(_endpoint.Audiences));
    }

    [Fact]
    public async Task ATokenIsFetchedOnceForEachAddress()
    {
        var signer = Signer();

        var tokens = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => SignAsync(signer, $"https://hooks.example/{i % 2}")));

        Assert.Equal(2, tokens.Distinct().Count());
        Assert.Equal(["https://hooks.example/0", "https://hooks.example/1"], _endpoint.Audiences.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ManyAddressesDoNotFillTheMemory()
    {
        var signer = Signer();
        for (var i = 0; i <= GoogleIdTokenSigner.Capacity; i++)
            await SignAsync(signer, $"https://hooks.example/{i}");

        await SignAsync(signer, "https://hooks.example/0");
        await SignAsync(signer, $"https://hooks.example/{GoogleIdTokenSigner.Capacity}");

        // The first was forgotten, the last was not.
        Assert.Equal(GoogleIdTokenSigner.Capacity + 2, _endpoint.Audiences.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, """{"error":"invalid_grant","error_description":"Not a service account."}""", false)]
    [InlineData(HttpStatusCode.InternalServerError, """{"error":"internal_failure"}""", true)]
    [InlineData(HttpStatusCode.OK, "{}", false)]
    public async Task WithoutATokenNothingIsSentUnsigned(HttpStatusCode status, string answer, bool isTransient)
    {
        _endpoint.Fail(status, answer);
        var signer = Signer();

        var fault = await Assert.ThrowsAsync<TaskStoreException>(() => SignAsync(signer, "https://hooks.example/secret"));

        Assert.Equal(isTransient, fault.IsTransient);
        Assert.Contains("No Google ID token for webhooks at hooks.example", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);

        _endpoint.Recover();
        Assert.NotEmpty(await SignAsync(signer, "https://hooks.example/secret"));
    }

    [Fact]
    public async Task CredentialsThatAreNotThereAreLookedForAgain()
    {
        var isThere = false;
        var signer = Signer(() => isThere ? Credential() : throw new InvalidOperationException("No credentials."));

        var fault = await Assert.ThrowsAsync<TaskStoreException>(() => SignAsync(signer, "https://hooks.example/"));
        isThere = true;

        Assert.False(fault.IsTransient);
        Assert.NotEmpty(await SignAsync(signer, "https://hooks.example/"));
    }

    [Fact]
    public async Task CredentialsOfAUserAreNotEnough()
    {
        var found = CredentialFactory.FromJson<UserCredential>("""{"type":"authorized_user","client_id":"c","client_secret":"s","refresh_token":"r"}""").ToGoogleCredential();
        var signer = Signer(() => found);

        var fault = await Assert.ThrowsAsync<TaskStoreException>(() => SignAsync(signer, "https://hooks.example/"));

        Assert.False(fault.IsTransient);
        Assert.Contains("service account", fault.Message, StringComparison.Ordinal);

        found = Credential();
        Assert.NotEmpty(await SignAsync(signer, "https://hooks.example/"));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, """{"error":"invalid_grant"}""", 2)]
    [InlineData(HttpStatusCode.Unauthorized, """{"error":"invalid_client"}""", 2)]
    [InlineData(HttpStatusCode.Forbidden, """{"error":"access_denied"}""", 2)]
    [InlineData(HttpStatusCode.TooManyRequests, """{"error":"slow_down"}""", 1)]
    [InlineData(HttpStatusCode.ServiceUnavailable, """{"error":"internal_failure"}""", 1)]
    public async Task CredentialsThatGoogleRejectsAreLookedUpAgainForEveryAddress(HttpStatusCode status, string answer, int lookups)
    {
        var looked = 0;
        var signer = Signer(() =>
        {
            looked++;
            return Credential();
        });
        await SignAsync(signer, "https://hooks.example/a");
        _endpoint.Fail(status, answer);
        await Assert.ThrowsAsync<TaskStoreException>(() => SignAsync(signer, "https://hooks.example/b"));
        _endpoint.Recover();

        await SignAsync(signer, "https://hooks.example/b");
        await SignAsync(signer, "https://hooks.example/b");
        await SignAsync(signer, "https://hooks.example/a");

        Assert.Equal(lookups, looked);
        // A token of rejected credentials is theirs: it is fetched anew with the others.
        string[] fetched = lookups == 1 ? ["/a", "/b"] : ["/a", "/b", "/a"];
        Assert.Equal(fetched, _endpoint.Audiences.Select(audience => new Uri(audience).AbsolutePath));
    }

    [Fact]
    public async Task AWaitThatIsEndedIsNoFailure()
    {
        using var ended = new CancellationTokenSource();
        await ended.CancelAsync();
        var signer = new GoogleIdTokenSigner(new DefaultCredential(() => new TaskCompletionSource<GoogleCredential>().Task));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await signer.SignAsync(new Uri("https://hooks.example/"), "", "task", 1, default, ended.Token));
    }

    [Fact]
    public async Task OnGoogleCloudItCanBeChosen()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new("A2A:Webhooks:Signature", "GoogleIdToken"), new("A2A:Webhooks:AllowedHosts:0", "example.com"),
            new("A2A:GoogleCloud:ProjectId", "p")]).Build();
        await using var services = new ServiceCollection().AddLogging().AddServerlessA2A(configuration).AddGoogleCloudTasks(configuration)
            .BuildServiceProvider();

        Assert.IsType<GoogleIdTokenSigner>(services.GetRequiredService<IWebhookSigner>());
    }

    private static async Task<string> SignAsync(GoogleIdTokenSigner signer, string address) =>
        (await signer.SignAsync(new Uri(address), "", "task", 1, "{}"u8.ToArray(), CancellationToken.None).AsTask()
            .WithinLimit("the token"))!;

    private GoogleIdTokenSigner Signer() => Signer(Credential);

    private static GoogleIdTokenSigner Signer(Func<GoogleCredential> find) => new(new DefaultCredential(() => Task.FromResult(find())));

    private GoogleCredential Credential() => CredentialFactory.FromJson<ServiceAccountCredential>(JsonSerializer.Serialize(new
    {
        type = "service_account",
        project_id = "p",
        private_key_id = "k",
        private_key = Key.ExportPkcs8PrivateKeyPem(),
        client_email = "agent@p.iam.gserviceaccount.com",
        token_uri = _endpoint.Address,
    })).ToGoogleCredential();
}
