using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Security;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Security.Authentication;

namespace ServerlessA2A.Tests.Security.Limits;

/// <summary>
/// Who is let in by each scheme, and by several at once, through all of a request: over every binding in every version the same.
/// </summary>
public sealed partial class AdmissionTests
{
    private const string LetIn = "TASK_NOT_FOUND";
    private const string NoToken = "UNAUTHENTICATED Bearer";
    private const string BadToken = "UNAUTHENTICATED Bearer error=\"invalid_token\"";
    private const string NoKey = "UNAUTHENTICATED ApiKey header=\"X-API-Key\"";
    private const string GoogleToken = "ya29.a0Af_s3cret-token";
    private const string KeyHeader = "X-API-Key";

    /// <summary>Far in the future.</summary>
    private const string Later = "4102444800";

    private static readonly TestToken Alice = TestToken.Good.With("exp", Later);
    private static readonly TestToken Bob = Alice.With("sub", "\"bob\"");

    private static readonly (string Name, string Value)[] ApiKeys =
        [("Security:ApiKeys:Hashes:0", $"alice={Hash("alice's")}"), ("Security:ApiKeys:Hashes:1", $"bob={Hash("bob's")}"),
            ("Security:ApiKeys:Hashes:2", $"alice={Hash("alice's new")}")];

    private static readonly (string Name, string Value)[] Oidc =
    [
        ("Security:Oidc:Issuers:0:Issuer", TestToken.Issuer), ("Security:Oidc:Issuers:0:Audiences:0", TestToken.Audience),
        ("Security:Oidc:Issuers:0:KeySetUrl", OidcSetup.KeySet),
    ];

    private static readonly (string Name, string Value)[] Google = [("Security:GoogleAccessToken:Audiences:0", "our-client")];

    [Fact]
    public async Task AnApiKeyIsTakenIfItIsKnown()
    {
        await using var host = await StartAsync(["api-key"], ApiKeys);

        Assert.Equal(LetIn, await AskAsync(host, (KeyHeader, "alice's")));
        Assert.Equal(NoKey, await AskAsync(host, (KeyHeader, "nobody's")));
        Assert.Equal(NoKey, await AskAsync(host, (KeyHeader, "")));
        Assert.Equal(NoKey, await AskAsync(host));
        Assert.Equal(NoKey, await AskAsync(host, ("Authorization", "Bearer alice's")));
    }

    [Fact]
    public async Task TheKeysOfOneNameAreOneCallersAndThoseOfAnotherAreNot()
    {
        await using var host = await StartAsync(["api-key"], ApiKeys);
        var taskId = await SendAsync(host, (KeyHeader, "alice's"));

        Assert.Equal("", await AskAsync(host, taskId, (KeyHeader, "alice's new")));
        Assert.Equal(LetIn, await AskAsync(host, taskId, (KeyHeader, "bob's")));
    }

    [Fact]
    public async Task AnIdTokenThatCloudRunHasCheckedIsTakenWithoutItsSignature()
    {
        await using var host = await StartAsync(["iam"]);

        Assert.Equal(LetIn, await AskAsync(host, (Credentials.ServerlessHeader, $"Bearer {Checked(Alice)}")));
        Assert.Equal(LetIn, await AskAsync(host, ("Authorization", $"Bearer {Checked(Alice)}")));
        Assert.Equal(BadToken, await AskAsync(host, (Credentials.ServerlessHeader, $"Bearer {Checked(TestToken.Good.With("exp", "1"))}")));
        Assert.Equal(
            BadToken, await AskAsync(host, (Credentials.ServerlessHeader, "Bearer s3cret"), ("Authorization", $"Bearer {Checked(Alice)}")));
        Assert.Equal(NoToken, await AskAsync(host));
    }

    [Fact]
    public async Task TheHeaderThatCloudRunLooksAtSaysWhoCallsAndTheOtherDoesNot()
    {
        await using var host = await StartAsync(["iam"]);
        var taskId = await SendAsync(host, (Credentials.ServerlessHeader, $"Bearer {Checked(Alice)}"));

        Assert.Equal(
            "", await AskAsync(host, taskId, (Credentials.ServerlessHeader, $"Bearer {Checked(Alice)}"),
            ("Authorization", $"Bearer {Checked(Bob)}")));
        Assert.Equal(
            LetIn, await AskAsync(host, taskId, (Credentials.ServerlessHeader, $"Bearer {Checked(Bob)}"),
            ("Authorization", $"Bearer {Checked(Alice)}")));
    }

    [Theory]
    [InlineData(200, "our-client", LetIn)]
    [InlineData(200, "other-client", BadToken)]
    [InlineData(400, "our-client", BadToken)]
    [InlineData(500, "our-client", "UNAVAILABLE")]
    public async Task GoogleIsAskedWhoseAnAccessTokenIs(int status, string audience, string outcome)
    {
        await using var host = await StartAsync(
            ["google-access-token"], Google, (_, _, _) => Task.FromResult((status, TokenInfo(audience))));
        host.ErrorsAreExpected = status == 500;

        Assert.Equal(outcome, await AskAsync(host, ("Authorization", $"Bearer {GoogleToken}")));
        Assert.Equal(NoToken, await AskAsync(host));
    }

    [Fact]
    public async Task NobodyIsLetInWhileGoogleCannotBeReached()
    {
        // Nothing listens there.
        await using var host = await AgentHost.StartAsync(
            _ => { }, cardOnly: false, inProcess: true,
            [.. Google, ("Security:Identity:0", "google-access-token"),
            ("Security:GoogleAccessToken:TokenInfoUrl", "http://127.0.0.1:1/")]);
        host.ErrorsAreExpected = true;

        Assert.Equal("UNAVAILABLE", await AskAsync(host, ("Authorization", $"Bearer {GoogleToken}")));
    }

    [Fact]
    public async Task OfSeveralSchemesEachIsTaken()
    {
        await using var host = await StartAsync(["iam", "oidc", "google-access-token", "api-key"], [.. ApiKeys, .. Oidc, .. Google]);
        const string Challenges = "UNAUTHENTICATED ApiKey header=\"X-API-Key\", Bearer";

        Assert.Equal(LetIn, await AskAsync(host, (KeyHeader, "alice's")));
        Assert.Equal(LetIn, await AskAsync(host, ("Authorization", $"Bearer {GoogleToken}")));
        Assert.Equal(LetIn, await AskAsync(host, ("Authorization", $"Bearer {Alice}")));
        Assert.Equal(
            LetIn, await AskAsync(host,
            (Credentials.ServerlessHeader, $"Bearer {Checked(Alice.With("iss", "\"https://accounts.google.com\""))}")));
        Assert.Equal(Challenges, await AskAsync(host));
        // What one scheme refuses no other takes.
        Assert.Equal(Challenges, await AskAsync(host, (KeyHeader, "nobody's"), ("Authorization", $"Bearer {Alice}")));
        Assert.Equal($"{Challenges} error=\"invalid_token\"", await AskAsync(host, ("Authorization", $"Bearer {Checked(Alice)}")));
    }

    /// <summary>A client that has brought no token, or a good one, must not think that its token is bad.</summary>
    [Fact]
    public async Task AKeyThatIsNotKnownSaysNothingOfTokens()
    {
        await using var host = await StartAsync(["api-key", "oidc"], [.. ApiKeys, .. Oidc]);

        Assert.Equal($"{NoKey}, Bearer", await AskAsync(host, (KeyHeader, "nobody's")));
        Assert.Equal($"{NoKey}, Bearer", await AskAsync(host, (KeyHeader, "nobody's"), ("Authorization", $"Bearer {Alice}")));
    }

    [Fact]
    public async Task TheCallersOfSeveralSchemesAreApart()
    {
        await using var host = await StartAsync(["oidc", "api-key"], [.. ApiKeys, .. Oidc]);
        var taskId = await SendAsync(host, (KeyHeader, "alice's"));

        Assert.Equal(LetIn, await AskAsync(host, taskId, ("Authorization", $"Bearer {Alice}")));
        Assert.Equal("", await AskAsync(host, taskId, (KeyHeader, "alice's"), ("Authorization", $"Bearer {Bob}")));
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("*@example.com")]
    [InlineData("a@example.com")]
    public async Task WhoIsNotOnTheListIsForbidden(string allowed)
    {
        await using var host = await StartAsync(["oidc"], [.. Oidc, ("Security:AllowedCallers:0", allowed)]);
        var alice = Alice.With("email", "\"a@example.com\"").With("email_verified", "true");

        Assert.Equal(LetIn, await AskAsync(host, ("Authorization", $"Bearer {alice}")));
        Assert.Equal("PERMISSION_DENIED", await AskAsync(host, ("Authorization", $"Bearer {Bob}")));
        Assert.Equal(
            "PERMISSION_DENIED",
            await AskAsync(host, ("Authorization", $"Bearer {Bob.With("email", "\"a@example.com\"").With("email_verified", "false")}")));
        Assert.Equal(NoToken, await AskAsync(host));
    }

    [Fact]
    public async Task AnotherAuthoritysCallerOfTheSameNameIsForbidden()
    {
        await using var host = await StartAsync(["oidc", "api-key"], [.. ApiKeys, .. Oidc, ("Security:AllowedCallers:0", "api-key alice")]);

        Assert.Equal(LetIn, await AskAsync(host, (KeyHeader, "alice's")));
        Assert.Equal("PERMISSION_DENIED", await AskAsync(host, ("Authorization", $"Bearer {Alice}")));
    }

    [Fact]
    public async Task WhereAnonymousCallersAreLetInABadCredentialIsStillRefused()
    {
        await using var host = await StartAsync(["none", "oidc"], Oidc);

        Assert.Equal(LetIn, await AskAsync(host));
        Assert.Equal(LetIn, await AskAsync(host, ("Authorization", $"Bearer {Alice}")));
        Assert.Equal(BadToken, await AskAsync(host, ("Authorization", "Bearer s3cret")));
        Assert.Equal(NoToken, await AskAsync(host, ("Authorization", "Basic czNjcmV0")));
        Assert.Equal(NoToken, await AskAsync(host, ("Authorization", "Bearer")));
        Assert.Equal(BadToken, await AskAsync(host, ("Authorization", $"Bearer {Checked(Alice)}")));
        Assert.Equal(BadToken, await AskAsync(host, ("Authorization", $"Bearer {Alice.With("iss", "\"https://nobody.example.com\"")}")));
        var taskId = await SendAsync(host, ("Authorization", $"Bearer {Alice}"));
        Assert.Equal(LetIn, await AskAsync(host, taskId));
    }

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>A token as Cloud Run hands it on.</summary>
    private static string Checked(TestToken token) => $"{$"{token}"[..$"{token}".LastIndexOf('.')]}.SIGNATURE_REMOVED_BY_GOOGLE";

    private static string TokenInfo(string audience) => $$"""{"aud":"{{audience}}","sub":"107","exp":"{{Later}}","error":"only where it is one"}""";

    private static async Task<AgentHost> StartAsync(
        string[] schemes, (string Name, string Value)[]? settings = null, Func<string, string, CancellationToken,
        Task<(int Status, string Body)>>? answer = null)
    {
        var provider = new TestProvider
        {
            Answer = answer ?? ((address, _, _) => Task.FromResult((200, address == OidcSetup.KeySet
                ? $$"""{"keys":[{{OidcSetup.Public(TestKeys.Jwk(TestKeys.Ec, ("kid", "ec")))}}]}"""
                : TokenInfo("our-client")))),
        };
        return await AgentHost.StartAsync(
            services => services.AddSingleton(_ => provider.Client(TimeProvider.System)),
            cardOnly: false,
            inProcess: true,
            [.. schemes.Select((scheme, i) => ($"Security:Identity:{i}", scheme)), .. settings ?? []]);
    }

    private static async Task<string> SendAsync(AgentHost host, params (string Name, string Value)[] headers)
    {
        var wire = new JsonRpcWire(host.Client);
        var reply = await wire.AskAsync(With(wire.SendRequest("echo:mine", new SendOptions()), headers));
        return wire.TaskOf(reply.Result).GetProperty("id").GetString()!;
    }

    private static Task<string> AskAsync(AgentHost host, params (string Name, string Value)[] headers) =>
        AskAsync(host, "unknown", headers);

    /// <summary>The reason of the error, and the challenge; nothing for a task that is found. Over all wires it is the same.</summary>
    private static async Task<string> AskAsync(AgentHost host, string taskId, params (string Name, string Value)[] headers)
    {
        Wire[] wires = [new JsonRpcWire(host.Client), new HttpJsonWire(host.Client), new JsonRpcV03Wire(host.Client),
            new HttpJsonV03Wire(host.Client)];
        var outcomes = new List<string>();
        foreach (var wire in wires)
        {
            var (response, body) = await host.Client.ExchangeAsync(With(wire.GetRequest(taskId), headers));
            var reason = Reason.Match(body).Groups[1].Value;
            Assert.Equal(StatusOf(reason, wire), (int)response.StatusCode);
            Assert.Equal(reason == "UNAVAILABLE", response.Headers.RetryAfter is not null);
            Assert.DoesNotContain("s3cret", body, StringComparison.Ordinal);
            outcomes.Add(
                response.Headers.TryGetValues("WWW-Authenticate", out var challenge) ? $"{reason} {string.Join(", ", challenge)}" : reason);
        }

        return Assert.Single(outcomes.Distinct());
    }

    private static int StatusOf(string reason, Wire wire) => reason switch
    {
        "UNAUTHENTICATED" => 401,
        "PERMISSION_DENIED" => 403,
        LetIn when !wire.IsJsonRpc => 404,
        "UNAVAILABLE" when !wire.IsJsonRpc => 503,
        _ => 200,
    };

    private static HttpRequestMessage With(HttpRequestMessage request, (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers)
            request.With(name, value);
        return request;
    }

    [GeneratedRegex("\"reason\":\"([A-Z_]+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Reason { get; }
}
