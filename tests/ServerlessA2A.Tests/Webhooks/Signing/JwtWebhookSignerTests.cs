using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ServerlessA2A.Agents;
using ServerlessA2A.Security;
using ServerlessA2A.Tests.Security;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Signing;

namespace ServerlessA2A.Tests.Webhooks.Signing;

public sealed class JwtWebhookSignerTests
{
    private static readonly Uri Webhook = new("https://Hooks.example:443/a b?x=1");
    private static readonly byte[] Body = "{\"statusUpdate\":{}}"u8.ToArray();

    private readonly ManualTimeProvider _time = new();
    private int _ids;

    [Fact]
    public async Task TheHeaderNamesAlgorithmTypeAndKey()
    {
        var keys = TestKeys.Signing(TestKeys.Jwk(TestKeys.Ec, ("kid", "mine")), TestKeys.Jwk(TestKeys.Rsa));

        var (header, _) = Read(await SignAsync(Signer(keys)));

        Assert.Equal("""{"alg":"ES256","typ":"JWT","kid":"mine"}""", header.GetRawText());
    }

    [Fact]
    public async Task TheClaimsAreTheDocumentedOnes()
    {
        var (_, claims) = Read(await SignAsync(Signer(TestKeys.Signing(TestKeys.Jwk(TestKeys.Ec)), "https://agent.example/a2a")));

        Assert.Equal(
            ["iss", "aud", "iat", "exp", "jti", "taskId", "eventNumber", "bodyHash"], claims.EnumerateObject().Select(claim => claim.Name));
        Assert.Equal("https://agent.example/a2a", claims.GetProperty("iss").GetString());
        // As it was configured: a receiver compares letters.
        Assert.Equal("https://Hooks.example:443/a b?x=1", claims.GetProperty("aud").GetString());
        Assert.Equal(_time.GetUtcNow().ToUnixTimeSeconds(), claims.GetProperty("iat").GetInt64());
        Assert.Equal(_time.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds(), claims.GetProperty("exp").GetInt64());
        Assert.Equal("id-1", claims.GetProperty("jti").GetString());
        Assert.Equal("task-1", claims.GetProperty("taskId").GetString());
        Assert.Equal(7, claims.GetProperty("eventNumber").GetInt64());
        Assert.Equal(Base64Url.EncodeToString(SHA256.HashData(Body)), claims.GetProperty("bodyHash").GetString());
    }

    [Theory]
    [InlineData("", null, "https://agent.example")]
    [InlineData("weather", null, "https://agent.example/weather")]
    [InlineData("news", null, null)]
    [InlineData("removed", null, null)]
    [InlineData("weather", "urn:example:agent", "urn:example:agent")]
    public async Task TheIssuerIsTheAgentOfTheTask(string agent, string? issuer, string? expected)
    {
        var signer = new JwtWebhookSigner(
            new SigningKeys(TestKeys.Signing(TestKeys.Jwk(TestKeys.Ec))), Options.Create(new WebhookOptions { Issuer = issuer }),
            Agents(("", "https://agent.example"), ("weather", "https://agent.example/weather"), ("news", null)), _time, () => "id");

        var (_, claims) = Read((await signer.SignAsync(Webhook, agent, "task-1", 7, Body, default))!);

        Assert.Equal(expected, claims.TryGetProperty("iss", out var iss) ? iss.GetString() : null);
    }

    [Fact]
    public async Task AnIssuerOfItsOwnGoesBeforeThePublicAddressAndWithoutEitherNoneIsNamed()
    {
        var options = TestKeys.Signing(TestKeys.Jwk(TestKeys.Ec));
        var (_, none) = Read(await SignAsync(Signer(options)));
        var (_, own) = Read(await SignAsync(Signer(options, "https://agent.example/a2a", "urn:example:agent")));

        Assert.Equal("urn:example:agent", own.GetProperty("iss").GetString());
        Assert.False(none.TryGetProperty("iss", out _));
    }

    [Fact]
    public async Task EachTokenHasAnIdOfItsOwn()
    {
        var signer = Signer(TestKeys.Signing(TestKeys.Jwk(TestKeys.Ec)));

        var (_, first) = Read(await SignAsync(signer));
        var (_, second) = Read(await SignAsync(signer));

        Assert.NotEqual(first.GetProperty("jti").GetString(), second.GetProperty("jti").GetString());
    }

    [Fact]
    public async Task TheSignatureIsOfHeaderAndClaims()
    {
        var es256 = await SignAsync(Signer(TestKeys.Signing(TestKeys.Jwk(TestKeys.Ec))));
        var rs256 = await SignAsync(Signer(TestKeys.Signing(TestKeys.Jwk(TestKeys.Rsa))));

        var (signed, signature) = Split(es256);
        Assert.Equal(64, signature.Length);
        Assert.True(TestKeys.Ec.VerifyData(
            signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        (signed, signature) = Split(rs256);
        Assert.True(TestKeys.Rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public async Task ManyMaySignAtOnce()
    {
        var signer = Signer(TestKeys.Signing(TestKeys.Jwk(TestKeys.Ec)));

        var tokens = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => SignAsync(signer))));

        Assert.Equal(200, tokens.Distinct().Count());
        Assert.All(tokens, token =>
        {
            var (signed, signature) = Split(token);
            Assert.True(TestKeys.Ec.VerifyData(
                signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        });
    }

    [Theory]
    [InlineData(null, false, false)]
    [InlineData(null, true, true)]
    [InlineData("None", true, false)]
    [InlineData("Jwt", true, true)]
    public async Task TheSettingsChooseTheSigner(string? signature, bool hasKey, bool isSigned)
    {
        await using var services = Services(signature, hasKey);

        var token = await services.GetRequiredService<IWebhookSigner>().SignAsync(Webhook, "", "task-1", 7, Body, default);

        Assert.Equal(isSigned, token is not null);
    }

    [Fact]
    public void AGoogleIdTokenWithoutGoogleCloudIsAFaultOfTheStart()
    {
        using var services = Services("GoogleIdToken", hasKey: true);

        var fault = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IWebhookSigner>);

        Assert.Contains(
            fault.Failures, failure =>
            failure.StartsWith(
            "A2A:Webhooks:Signature (A2A__Webhooks__Signature) is GoogleIdToken, which requires Google Cloud as the store",
            StringComparison.Ordinal));
        // It is for hosts that the operator names.
        Assert.Contains(fault.Failures, failure => failure.Contains("A2A__Webhooks__AllowedHosts__0", StringComparison.Ordinal));
        Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);
    }

    [Fact]
    public void AJwtWithoutAKeyIsAFaultOfTheStart()
    {
        using var services = Services("Jwt", hasKey: false);

        var fault = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);

        Assert.Contains("A2A__Security__SigningKeys__0", Assert.Single(fault.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SigningKeys")]
    [InlineData("EncryptionKeys")]
    public void KeysThatAreNoListAreAFaultOfTheStart(string setting)
    {
        using var services = Services(signature: null, hasKey: false, ($"A2A:Security:{setting}", "SECRET"));

        var fault = Assert.Single(
            Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate).Failures);

        Assert.Contains($"(A2A__Security__{setting}__0)", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", fault, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(string? signature, bool hasKey, params (string Name, string Value)[] more)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("A2A:Webhooks:Signature", signature),
            .. more.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value)),
            .. hasKey ? [new KeyValuePair<string, string?>("A2A:Security:SigningKeys:0", TestKeys.Jwk(TestKeys.Ec))]
            : Array.Empty<KeyValuePair<string, string?>>(),
        ]).Build();
        return new ServiceCollection().AddLogging().AddServerlessA2A(configuration).AddAgent<PacedAgent>().BuildServiceProvider();
    }

    private static async Task<string> SignAsync(JwtWebhookSigner signer) =>
        (await signer.SignAsync(Webhook, "", "task-1", 7, Body, default))!;

    private static (JsonElement Header, JsonElement Claims) Read(string token)
    {
        var parts = token.Split('.');
        Assert.Equal(3, parts.Length);
        return (Json(parts[0]), Json(parts[1]));

        static JsonElement Json(string part) => JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(part));
    }

    private static (byte[] Signed, byte[] Signature) Split(string token)
    {
        var end = token.LastIndexOf('.');
        return (Encoding.ASCII.GetBytes(token[..end]), Base64Url.DecodeFromChars(token.AsSpan(end + 1)));
    }

    private static HostedAgents Agents(params (string Name, string? PublicUrl)[] agents) => new([.. agents.Select(each => new HostedAgent(
        each.Name, new AgentCards(Options.Create(new AgentCardOptions { PublicUrl = each.PublicUrl })), () =>
        throw new InvalidOperationException("Signing needs no agent.")))]);

    private JwtWebhookSigner Signer(IOptions<SecurityOptions> options, string? publicUrl = null, string? issuer = null) => new(
        new SigningKeys(options), Options.Create(new WebhookOptions { Issuer = issuer }), Agents(("", publicUrl)), _time, () =>
        $"id-{Interlocked.Increment(ref _ids)}");
}
