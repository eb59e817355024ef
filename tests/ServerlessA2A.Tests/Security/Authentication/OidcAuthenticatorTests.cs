using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ServerlessA2A.Security;

namespace ServerlessA2A.Tests.Security.Authentication;

public sealed class OidcAuthenticatorTests : IDisposable
{
    private static readonly TestToken Rsa = TestToken.Good.WithHeader("""{"alg":"RS256","kid":"rsa"}""").Signed(TestToken.Rs256(TestKeys.Rsa));

    private static readonly TestToken Good = TestToken.Good;

    /// <summary>Tokens that are taken.</summary>
    private static readonly Dictionary<string, TestToken> Taken = new()
    {
        ["ES256"] = Good,
        ["RS256"] = Rsa,
        ["without kid, EC"] = Good.WithHeader("""{"alg":"ES256"}"""),
        ["without kid, RSA"] = Rsa.WithHeader("""{"alg":"RS256"}"""),
        ["access token"] = Good.WithHeader("""{"typ":"at+jwt","alg":"ES256","kid":"ec"}"""),
        ["several audiences"] = Good.With("aud", $"""["other","{TestToken.Audience}"]"""),
        ["the other audience"] = Good.With("aud", "\"another\""),
        ["just expired"] = Good.With("exp", $"{TestToken.Now - 59}"),
        ["valid at once"] = Good.With("nbf", $"{TestToken.Now + 60}"),
        ["unknown claims"] = Good.With("x", """{"y":[1,null,"é漢"]}"""),
    };

    /// <summary>Tokens that are refused, and a word of why.</summary>
    private static readonly Dictionary<string, (TestToken Token, string Why)> Refused = new()
    {
        ["alg none"] = (Good.WithHeader("""{"alg":"none"}""").Signed(_ => []), "not signed with one of"),
        ["alg nOnE"] = (Good.WithHeader("""{"alg":"nOnE","kid":"ec"}"""), "not signed with one of"),
        ["no alg"] = (Good.WithHeader("""{"kid":"ec"}"""), "not signed with one of"),
        ["alg is no text"] = (Good.WithHeader("""{"alg":["ES256"],"kid":"ec"}"""), "not signed with one of"),
        ["no signature"] = (Good.Signed(_ => []), "SecurityTokenInvalidSignature"),
        ["HS256 with the PEM of the public key"] = (Hmac(TestKeys.Rsa.ExportSubjectPublicKeyInfoPem()), "not signed with one of"),
        ["HS256 with the JWK of the public key"] = (Hmac(OidcSetup.Public(TestKeys.Jwk(TestKeys.Rsa, ("kid", "rsa")))),
        "not signed with one of"),
        ["HMAC said to be RS256"] = (Hmac(TestKeys.Rsa.ExportSubjectPublicKeyInfoPem()).WithHeader("""{"alg":"RS256","kid":"rsa"}"""), "SecurityTokenInvalidSignature"),
        ["ES384"] = (Good.WithHeader("""{"alg":"ES384","kid":"ec"}"""), "not signed with one of"),
        ["PS256"] = (Good.WithHeader("""{"alg":"PS256","kid":"rsa"}""").Signed(data => TestKeys.Rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)), "not signed with one of"),
        ["ES256 with the RSA key"] = (Good.WithHeader("""{"alg":"ES256","kid":"rsa"}"""), "SecurityTokenInvalidSignature"),
        ["RS256 with the elliptic key"] = (Rsa.WithHeader("""{"alg":"RS256","kid":"ec"}"""), "SecurityTokenInvalidSignature"),
        ["ES256 in DER"] = (Good.Signed(TestToken.Es256(TestKeys.Ec, DSASignatureFormat.Rfc3279DerSequence)),
        "SecurityTokenInvalidSignature"),
        ["ES256 of zeros"] = (Good.Signed(_ => new byte[64]), "SecurityTokenInvalidSignature"),
        ["another key of the same id"] = (Good.Signed(TestToken.Es256(TestKeys.OtherEc)), "SecurityTokenInvalidSignature"),
        ["another key without id"] = (Good.WithHeader("""{"alg":"ES256"}""").Signed(TestToken.Es256(TestKeys.OtherEc)), "SecurityTokenSignatureKeyNotFound"),
        ["its own key"] = (Good.WithHeader($$"""{"alg":"ES256","jwk":{{OidcSetup.Public(TestKeys.OtherEc, "mine")}}}""").Signed(TestToken.Es256(TestKeys.OtherEc)), "SecurityTokenSignatureKeyNotFound"),
        ["unknown kid"] = (Good.WithHeader("""{"alg":"ES256","kid":"other"}"""), "does not publish"),
        ["crit"] = (Good.WithHeader("""{"alg":"ES256","kid":"ec","crit":["b64"],"b64":true}"""), "extensions"),
        ["crit is null"] = (Good.WithHeader("""{"alg":"ES256","kid":"ec","crit":null}"""), "extensions"),
        ["wrong audience"] = (Good.With("aud", "\"other\""), "SecurityTokenInvalidAudience"),
        ["audience with a slash more"] = (Good.With("aud", $"\"{TestToken.Audience}/\""), "SecurityTokenInvalidAudience"),
        ["audience in capitals"] = (Good.With("aud", $"\"{TestToken.Audience.ToUpperInvariant()}\""), "SecurityTokenInvalidAudience"),
        ["no audience"] = (Good.With("aud", null), "SecurityTokenInvalidAudience"),
        ["expired"] = (Good.With("exp", $"{TestToken.Now - 60}"), "SecurityTokenInvalidLifetime"),
        ["without exp"] = (Good.With("exp", null), "SecurityTokenInvalidLifetime"),
        ["exp is null"] = (Good.With("exp", "null"), "is invalid: "),
        ["exp is a word"] = (Good.With("exp", "\"soon\""), "is invalid: "),
        ["not yet valid"] = (Good.With("nbf", $"{TestToken.Now + 61}"), "SecurityTokenInvalidLifetime"),
        ["without caller"] = (Good.With("sub", null), "no usable claim sub"),
        ["caller is a number"] = (Good.With("sub", "7"), "no usable claim sub"),
        ["caller is empty"] = (Good.With("sub", "\"\""), "no usable claim sub"),
        ["caller is half a character"] = (Good.With("sub", "\"\\udc00\""), "is invalid: "),
        ["claims twice"] = (Good.WithClaims($$"""{"iss":"{{TestToken.Issuer}}","aud":"{{TestToken.Audience}}","sub":"alice","sub":"eve","exp":{{TestToken.Now + 600}}}"""), "cannot be read"),
        ["alg twice"] = (Good.WithHeader("""{"alg":"none","alg":"ES256","kid":"ec"}"""), "cannot be read"),
        ["claims are a list"] = (Good.WithClaims("[]"), "cannot be read"),
        ["cut claims"] = (Good.WithClaims("{"), "cannot be read"),
    };

    private readonly OidcSetup _oidc = new();

    public static TheoryData<string> TakenNames { get; } = [.. Taken.Keys];

    public static TheoryData<string> RefusedNames { get; } = [.. Refused.Keys];

    public void Dispose() => _oidc.Dispose();

    [Theory]
    [MemberData(nameof(TakenNames))]
    public async Task AGoodTokenNamesItsCaller(string name)
    {
        var token = Taken[name].ToString();

        var caller = await _oidc.Authenticator.AskAsync(TestRequest.Bearer(token));

        Assert.Equal(new Identity("alice") { Authority = TestToken.Issuer, AccessToken = token }, caller);
    }

    [Theory]
    [MemberData(nameof(RefusedNames))]
    public async Task ABadTokenIsRefusedForItsReasonAndNotTold(string name)
    {
        var token = Refused[name].Token.ToString();

        var refusal = await _oidc.Authenticator.RefusalAsync(TestRequest.Bearer(token));

        Assert.Contains(Refused[name].Why, refusal, StringComparison.Ordinal);
        Assert.All(token.Split('.').Where(part => part.Length > 3), part => Assert.DoesNotContain(part, refusal, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"https://issuer.example.com\"")]
    [InlineData("\"https://other.example.com/\"")]
    [InlineData("\"HTTPS://issuer.example.com/\"")]
    [InlineData("[\"https://issuer.example.com/\"]")]
    [InlineData(null)]
    public async Task ATokenOfAnotherIssuerIsLeftToOthersAndNobodyIsAsked(string? issuer)
    {
        Assert.Null(await _oidc.AskAsync(Good.With("iss", issuer)));
        Assert.Empty(_oidc.Provider.Asked);
    }

    [Theory]
    [InlineData("Bearer ya29.opaque")]
    [InlineData("Bearer ya29.c.opaque")]
    [InlineData("Basic YTpi")]
    public async Task WhatIsNoJwtIsLeftToOthers(string authorization) =>
        Assert.Null(await _oidc.Authenticator.AskAsync(TestRequest.With(("Authorization", authorization))));

    [Theory]
    [InlineData("true", true)]
    [InlineData("\"true\"", true)]
    [InlineData("false", false)]
    [InlineData("\"false\"", false)]
    [InlineData("1", false)]
    [InlineData(null, false)]
    public async Task AnAddressIsTheCallersOnlyIfItIsVerified(string? verified, bool isTaken) =>
        Assert.Equal(
            isTaken ? "a@example.com" : null,
            (await _oidc.AskAsync(Good.With("email", "\"a@example.com\"").With("email_verified", verified)))!.Email);

    [Fact]
    public async Task AnotherClaimMayNameTheCallerInAnyLanguage()
    {
        using var oidc = new OidcSetup(options => options.CallerClaim = "preferred_username");

        Assert.Equal("Zoë 漢字 😀", (await oidc.AskAsync(Good.With("preferred_username", "\"Zoë 漢字 \\ud83d\\ude00\"")))!.Name);
    }

    [Fact]
    public async Task AnAddressNamesTheCallerOnlyIfItIsVerified()
    {
        using var oidc = new OidcSetup(options => options.CallerClaim = "email");
        var token = Good.With("email", "\"a@example.com\"");

        Assert.Equal("a@example.com", (await oidc.AskAsync(token.With("email_verified", "true")))!.Name);
        await oidc.RefusalAsync(token);
    }

    [Theory]
    [InlineData('a', 256)]
    [InlineData('é', 128)]
    [InlineData('漢', 85)]
    public async Task NamesThatAreTooLongStayApart(char letter, int longest)
    {
        var (one, other) = (new string(letter, longest), new string(letter, longest + 1));

        Assert.Equal(one, (await _oidc.AskAsync(Good.With("sub", $"\"{one}\"")))!.Name);
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(other))),
            (await _oidc.AskAsync(Good.With("sub", $"\"{other}\"")))!.Name);
    }

    [Fact]
    public async Task TheClocksMayDifferAsConfigured()
    {
        using var oidc = new OidcSetup(options => options.ClockSkew = TimeSpan.Zero);

        Assert.NotNull(await oidc.AskAsync(Good.With("exp", $"{TestToken.Now + 1}").With("nbf", $"{TestToken.Now}")));
        await oidc.RefusalAsync(Good.With("exp", $"{TestToken.Now}"));
        await oidc.RefusalAsync(Good.With("nbf", $"{TestToken.Now + 1}"));
    }

    [Fact]
    public async Task EachProviderSpeaksForItselfOnly()
    {
        const string Other = "https://other.example.com";
        using var oidc = new OidcSetup(
            options => options.Issuers.Add(
            new OidcIssuerOptions { Issuer = Other, Audiences = { TestToken.Audience }, KeySetUrl = $"{Other}/keys" }));
        var both = oidc.Provider.Answer;
        oidc.Provider.Answer = (address, body, token) => address == $"{Other}/keys"
            ? Task.FromResult((200, $$"""{"keys":[{{OidcSetup.Public(TestKeys.OtherEc, "ec")}}]}"""))
            : both(address, body, token);
        var others = Good.With("iss", JsonSerializer.Serialize(Other));

        Assert.Equal(Other, (await oidc.AskAsync(others.Signed(TestToken.Es256(TestKeys.OtherEc))))!.Authority);
        Assert.Contains("SecurityTokenInvalidSignature", await oidc.RefusalAsync(others), StringComparison.Ordinal);
        Assert.Contains(
            "SecurityTokenInvalidSignature", await oidc.RefusalAsync(Good.Signed(TestToken.Es256(TestKeys.OtherEc))),
            StringComparison.Ordinal);
    }

    private static TestToken Hmac(string key) =>
        TestToken.Good.WithHeader("""{"alg":"HS256","kid":"rsa"}""").Signed(TestToken.Hs256(Encoding.UTF8.GetBytes(key)));
}
