using System.Net;
using System.Security.Cryptography;
using Google.Apis.Auth.OAuth2;
using Grpc.Core;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.GoogleCloud.Tests.Packages;
using ServerlessA2A.GoogleCloud.Tests.Webhooks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Credentials;

/// <summary>The credentials that all clients share.</summary>
public sealed class DefaultCredentialTests : IDisposable
{
    private const string Token = """{"access_token": "fake", "expires_in": 3600, "token_type": "Bearer"}""";

    private readonly RSA _key = RSA.Create(2048);

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task ATokenComesWithTheProjectThatIsBilled()
    {
        await using var server = await AnsweringServer.StartAsync(200, Token);
        var credential = new DefaultCredential(() => Task.FromResult(ServiceAccount(server)));

        var token = await credential.GetAccessTokenWithHeadersForRequestAsync().WithinLimit("the token");

        Assert.Equal("fake", token.AccessToken);
        Assert.Equal("q", Assert.Single(token.Headers["x-goog-user-project"]));
    }

    [Fact]
    public async Task ConcurrentCallsShareOneLookup()
    {
        await using var server = await AnsweringServer.StartAsync(200, Token);
        var (lookups, found) = (0, new TaskCompletionSource<GoogleCredential>());
        var credential = new DefaultCredential(() =>
        {
            Interlocked.Increment(ref lookups);
            return found.Task;
        });

        var calls = Enumerable.Range(0, 20).Select(_ => credential.GetAccessTokenForRequestAsync()).ToList();
        found.SetResult(ServiceAccount(server));

        Assert.All(await Task.WhenAll(calls).WithinLimit("the tokens"), token => Assert.Equal("fake", token));
        Assert.Equal(1, lookups);
    }

    [Fact]
    public async Task AFailedLookupIsRepeatedByTheNextCall()
    {
        await using var server = await AnsweringServer.StartAsync(200, Token);
        var isThere = false;
        var credential = new DefaultCredential(
            () => isThere ? Task.FromResult(ServiceAccount(server))
            : throw new InvalidOperationException("Your default credentials were not found."));

        var failure = await Assert.ThrowsAsync<RpcException>(() => credential.GetAccessTokenForRequestAsync());
        isThere = true;

        Assert.Equal(StatusCode.Unauthenticated, failure.StatusCode);
        Assert.Equal($"No Google credentials: Your default credentials were not found. {DefaultCredential.Remedy}", failure.Status.Detail);
        Assert.Equal("fake", await credential.GetAccessTokenForRequestAsync());
    }

    [Fact]
    public async Task ACallerThatGivesUpDoesNotEndTheLookupOfOthers()
    {
        await using var server = await AnsweringServer.StartAsync(200, Token);
        var found = new TaskCompletionSource<GoogleCredential>();
        var credential = new DefaultCredential(() => found.Task);
        using var cancellation = new CancellationTokenSource();
        var (given, waiting) = (
            credential.GetAccessTokenForRequestAsync(null, cancellation.Token), credential.GetAccessTokenForRequestAsync());

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        found.SetResult(ServiceAccount(server));

        Assert.Equal("fake", await waiting.WithinLimit("the token"));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, """{"error":"invalid_grant"}""", StatusCode.Unauthenticated)]
    [InlineData(HttpStatusCode.NotFound, """{"error":"no account"}""", StatusCode.Unauthenticated)]
    [InlineData(HttpStatusCode.TooManyRequests, """{"error":"slow_down"}""", StatusCode.Unavailable)]
    [InlineData(HttpStatusCode.ServiceUnavailable, """{"error":"internal_failure"}""", StatusCode.Unavailable)]
    public async Task ATokenThatIsRefusedSaysWhetherALaterCallMaySucceed(HttpStatusCode status, string answer, StatusCode expected)
    {
        await using var endpoint = await TokenEndpoint.StartAsync(_key);
        endpoint.Fail(status, answer);
        var credential = new DefaultCredential(() => Task.FromResult(ServiceAccount(endpoint.Address)));

        var failure = await Assert.ThrowsAsync<RpcException>(() => credential.GetAccessTokenForRequestAsync()).WithinLimit("the refusal");

        Assert.Equal(expected, failure.StatusCode);
        Assert.Equal(
            expected == StatusCode.Unauthenticated, failure.Status.Detail.EndsWith(DefaultCredential.Remedy, StringComparison.Ordinal));
    }

    [Fact]
    public async Task CredentialsThatGoogleRejectedAreLookedUpAgain()
    {
        await using var endpoint = await TokenEndpoint.StartAsync(_key);
        await using var server = await AnsweringServer.StartAsync(200, Token);
        endpoint.Fail(HttpStatusCode.BadRequest, """{"error":"invalid_grant"}""");
        var found = ServiceAccount(endpoint.Address);
        var credential = new DefaultCredential(() => Task.FromResult(found));

        await Assert.ThrowsAsync<RpcException>(() => credential.GetAccessTokenForRequestAsync()).WithinLimit("the refusal");
        found = ServiceAccount(server);

        Assert.Equal("fake", await credential.GetAccessTokenForRequestAsync().WithinLimit("the token"));
    }

    [Fact]
    public async Task CredentialsThatWereFoundSinceOutliveALateRejection()
    {
        await using var server = await AnsweringServer.StartAsync(200, Token);
        var lookups = 0;
        var credential = new DefaultCredential(() =>
        {
            lookups++;
            return Task.FromResult(ServiceAccount(server));
        });
        var rejected = await credential.GetAsync(CancellationToken.None);
        credential.Forget(rejected);
        var found = await credential.GetAsync(CancellationToken.None);

        credential.Forget(rejected);

        Assert.Same(found, await credential.GetAsync(CancellationToken.None));
        Assert.Equal(2, lookups);
    }

    private GoogleCredential ServiceAccount(AnsweringServer server) => ServiceAccount($"http://{server.Host}/token");

    private GoogleCredential ServiceAccount(string tokens) =>
        CredentialFactory.FromJson<ServiceAccountCredential>(TestAccount.Json(_key, tokens)).ToGoogleCredential();
}
