using System.Buffers.Text;
using System.Net;
using System.Text;
using ServerlessA2A.Client.Credentials;
using ServerlessA2A.Client.Tests.Support;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Security;

namespace ServerlessA2A.Client.Tests;

/// <summary>Which credentials are sent, and where.</summary>
public class CredentialTests
{
    private const string Task = """{"id":"t","contextId":"c","status":{"state":"TASK_STATE_COMPLETED"}}""";

    [Theory]
    [InlineData("header", "x-key", "secret")]
    [InlineData("cookie", "Cookie", "x-key=secret")]
    public async Task AnApiKeyIsSentWhereTheSchemeWantsIt(string location, string header, string value)
    {
        var request = await CallAsync(
            new() { ApiKeySecurityScheme = new() { Location = location, Name = "x-key" } }, AgentCredential.ApiKey("secret"));

        Assert.Equal(value, request.Headers[header]);
    }

    [Fact]
    public async Task AnApiKeyMayBeAParameter()
    {
        var request = await CallAsync(
            new() { ApiKeySecurityScheme = new() { Location = "query", Name = "key" } }, AgentCredential.ApiKey("a&b"));

        Assert.Equal("?key=a%26b", request.Url.Query);
    }

    [Fact]
    public async Task TheCredentialThatFitsTheSchemeIsSent()
    {
        var request = await CallAsync(
            new() { HttpAuthSecurityScheme = new() { Scheme = "bearer" } },
            AgentCredential.ApiKey("key"), AgentCredential.Basic("user", "password"), AgentCredential.Bearer("token"));

        Assert.Equal("Bearer token", request.Headers["Authorization"]);
        Assert.DoesNotContain("key", request.Headers.Values);
    }

    [Theory]
    [InlineData("https://agent.example.com/a2a", "JSONRPC", true)]
    [InlineData("https://AGENT.example.com/a2a", "JSONRPC", true)]
    [InlineData("https://other.example.com/a2a", "JSONRPC", false)]
    [InlineData("agent.example.com:443", "GRPC", true)]
    [InlineData("https://other.example.com", "GRPC", false)]
    [InlineData("10.0.0.1:443", "GRPC", false)]
    [InlineData("agent.example.com@evil.com:443", "GRPC", false)]
    public void CredentialsMayBeForCertainHostsOnly(string url, string binding, bool isRight)
    {
        var options = new A2AClientOptions { Credentials = { AgentCredential.Bearer("token") }, CredentialHosts = { "agent.example.com" } };
        options.AddGrpc();
        A2AClient Create() => new(Wire.Card(url, binding), options);

        if (isRight) Create().Dispose();
        else Assert.Contains("CredentialHosts", Assert.Throws<A2AClientException>(Create).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACardOnAnotherHostGetsNoCredentials()
    {
        using var network = new StubHandler((_, _) => new(HttpStatusCode.Unauthorized));
        var options = new A2AClientOptions { Credentials = { AgentCredential.Bearer("token") }, CredentialHosts = { "agent.example.com" } };
        using var client = new A2AClient(new Uri("https://cards.example.net/a.json"), options, new HttpClient(network));

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetCardAsync());

        Assert.Equal(A2AError.Unauthenticated, thrown.Error);
        Assert.DoesNotContain("Authorization", Assert.Single(network.Requests).Headers.Keys);
    }

    [Fact]
    public async Task ATokenIsFetchedOnceAndRenewedWhenItIsRejected()
    {
        var tokens = 0;
        using var network = new StubHandler((request, _) => request.Url.Host switch
        {
            "issuer.example.com" => StubHandler.Json($$"""{"access_token":"token-{{++tokens}}","expires_in":3600}"""),
            _ when tokens == 1 && request.Body.Contains("revoked", StringComparison.Ordinal) => new(HttpStatusCode.Unauthorized),
            _ => StubHandler.Result(Task),
        });
        using var client = Client(
            network, new() { Oauth2SecurityScheme = new() { Flows = new() } },
            AgentCredential.ClientCredentials(new Uri("https://issuer.example.com/token"), "me", "secret"));

        await client.GetTaskAsync("a");
        await client.GetTaskAsync("b");
        Assert.Equal(1, tokens);
        await client.GetTaskAsync("revoked");

        Assert.Equal(2, tokens);
        Assert.Equal("grant_type=client_credentials&client_id=me&client_secret=secret&scope=tasks", network.Requests[0].Body);
        Assert.Equal("Bearer token-2", network.Requests[^1].Headers["Authorization"]);
    }

    [Fact]
    public async Task AFailedTokenRequestIsNotRemembered()
    {
        var tokens = 0;
        using var network = new StubHandler((request, _) => request.Url.Host switch
        {
            "issuer.example.com" when ++tokens == 1 => new(HttpStatusCode.BadRequest),
            "issuer.example.com" => StubHandler.Json("""{"access_token":"token"}"""),
            _ => StubHandler.Result(Task),
        });
        using var client = Client(
            network, new() { Oauth2SecurityScheme = new() { Flows = new() } },
            AgentCredential.ClientCredentials(new Uri("https://issuer.example.com/token"), "me", "secret"));

        var thrown = await Assert.ThrowsAsync<A2AClientException>(() => client.GetTaskAsync("a"));
        Assert.Equal(A2AError.Unauthenticated, thrown.Error);
        await client.GetTaskAsync("a");
    }

    [Theory]
    [InlineData("3600", 1)]
    [InlineData("\"3599\"", 1)]
    [InlineData("3599.5", 1)]
    [InlineData("9223372036854775807", 1)]
    [InlineData("250000000001", 1)]
    [InlineData("1e999", 1)]
    [InlineData("-1", 1)]
    [InlineData("null", 1)]
    [InlineData("\"soon\"", 1)]
    [InlineData("\"\\ud83d\"", 1)]
    [InlineData("30", 2)]
    [InlineData("\"30\"", 2)]
    public async Task AnyLifetimeIsTakenButATokenNearItsEndIsNotKept(string lifetime, int tokens)
    {
        using var network = new StubHandler((request, _) => request.Url.Host == "issuer.example.com"
            ? StubHandler.Json($$"""{"access_token":"token","expires_in":{{lifetime}}}""") : StubHandler.Result(Task));
        using var client = Client(
            network, new() { Oauth2SecurityScheme = new() { Flows = new() } },
            AgentCredential.ClientCredentials(new Uri("https://issuer.example.com/token"), "me", "secret"));

        await client.GetTaskAsync("a");
        await client.GetTaskAsync("b");

        Assert.Equal(tokens, network.Requests.Count(each => each.Url.Host == "issuer.example.com"));
    }

    [Theory]
    [InlineData("4000000000", 1)]
    [InlineData("4000000000000", 1)]
    [InlineData("253402300799", 1)]
    [InlineData("-62135596800", 2)]
    public async Task AnyExpiryOfATokenIsTaken(string expiry, int tokens)
    {
        var claims = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"exp":{{expiry}}}"""));
        using var network = new StubHandler((request, _) => request.Url.Host == "metadata.google.internal"
            ? new(HttpStatusCode.OK) { Content = new StringContent($"e30.{claims}.x") } : StubHandler.Result(Task));
        using var client = Client(network, new() { HttpAuthSecurityScheme = new() { Scheme = "Bearer" } }, AgentCredential.GoogleIdToken());

        await client.GetTaskAsync("a");
        await client.GetTaskAsync("b");

        Assert.Equal(tokens, network.Requests.Count(each => each.Url.Host == "metadata.google.internal"));
    }

    [Fact]
    public async Task TheIdTokenOfGoogleIsForTheAgent()
    {
        using var network = new StubHandler((request, _) => request.Url.Host == "metadata.google.internal"
            ? new(HttpStatusCode.OK) { Content = new StringContent("e30.eyJleHAiOjQwMDAwMDAwMDB9.x") } : StubHandler.Result(Task));
        using var client = Client(network, new() { HttpAuthSecurityScheme = new() { Scheme = "Bearer" } }, AgentCredential.GoogleIdToken());

        await client.GetTaskAsync("a");
        await client.GetTaskAsync("a");

        Assert.Equal(3, network.Requests.Count);
        Assert.Equal("Google", network.Requests[0].Headers["Metadata-Flavor"]);
        Assert.Contains("audience=https%3A%2F%2Fagent.example.com", network.Requests[0].Url.Query, StringComparison.Ordinal);
        Assert.Equal("Bearer e30.eyJleHAiOjQwMDAwMDAwMDB9.x", network.Requests[1].Headers["Authorization"]);
    }

    /// <summary>A host that guards its connections lets these through, but not a request that has only the header.</summary>
    [Fact]
    public async Task OnlyTheProgramsOwnRequestsToTheMetadataServerAreKnownAsSuch()
    {
        using var network = new StubHandler((request, _) => request.Url.Host == "metadata.google.internal"
            ? new(HttpStatusCode.OK) { Content = new StringContent("e30.eyJleHAiOjQwMDAwMDAwMDB9.x") } : StubHandler.Result(Task));
        using var marks = new MarkHandler(network);
        using var client = new A2AClient(
            Wire.Card("https://agent.example.com/a2a", "JSONRPC"),
            new A2AClientOptions { Credentials = { AgentCredential.GoogleIdToken() } }, new HttpClient(marks));
        using var other = new HttpRequestMessage(HttpMethod.Get, "http://metadata.google.internal/");
        other.Headers.Add("Metadata-Flavor", "Google");

        await client.GetTaskAsync("a");

        Assert.Equal([true, false], marks.Marks);
        Assert.False(MetadataServer.Made(other));
    }

    [Fact]
    public async Task APrivateCardIsReadWithTheCredentials()
    {
        using var network = new StubHandler((request, _) => !request.Headers.ContainsKey("Authorization")
            ? new(HttpStatusCode.Forbidden)
            : request.Verb == "GET"
                ? StubHandler.Json("""{"name":"a","supportedInterfaces":[{"url":"https://a.example.com/","protocolBinding":"JSONRPC","protocolVersion":"1.0"}]}""")
                : StubHandler.Result(Task));
        var options = new A2AClientOptions { Credentials = { AgentCredential.Bearer("token") } };
        using var client = new A2AClient(new Uri("https://a.example.com"), options, new HttpClient(network));

        await client.GetTaskAsync("t");

        Assert.Equal(3, network.Requests.Count);
    }

    private static async Task<SeenRequest> CallAsync(SecurityScheme scheme, params AgentCredential[] credentials)
    {
        using var network = new StubHandler((_, _) => StubHandler.Result(Task));
        using var client = Client(network, scheme, credentials);
        await client.GetTaskAsync("t");
        return network.Requests.Single();
    }

    private static A2AClient Client(StubHandler network, SecurityScheme scheme, params AgentCredential[] credentials)
    {
        AgentCard card = Wire.Card("https://agent.example.com/a2a") with
        {
            SecuritySchemes = new Dictionary<string, SecurityScheme> { ["it"] = scheme },
            SecurityRequirements = [new() { Schemes = new Dictionary<string, StringList> { ["it"] = new() { List = ["tasks"] } } }],
        };
        var options = new A2AClientOptions();
        foreach (var credential in credentials) options.Credentials.Add(credential);
        return new A2AClient(card, options, new HttpClient(network));
    }

    /// <summary>Notes which requests are known as those to the metadata server.</summary>
    private sealed class MarkHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        public List<bool> Marks { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Marks.Add(MetadataServer.Made(request));
            return base.SendAsync(request, cancellationToken);
        }
    }
}
