using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Webhooks.Signing;

namespace ServerlessA2A.Functions.Tests.Webhooks;

/// <summary>What the agent signs is verified by jose, with the keys that a running program serves.</summary>
public sealed class SignatureTests
{
    private const string Audience = "https://hooks.example/a2a?x=1";
    private const string Issuer = "https://agent.example/a2a";

    private static readonly byte[] Body = "{\"statusUpdate\":{\"taskId\":\"task-1\"}}"u8.ToArray();

    [SkippableTheory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    public async Task AnyReceiverCanVerifyADelivery(string algorithm)
    {
        var key = algorithm == "ES256" ? NewKey.Ec() : NewKey.Rsa();
        await using var program = SigningProgram.Start([key]);
        await using var jose = await JoseVerifier.StartAsync(SigningProgram.KeysOf(await program.AddressAsync()));

        var verified = await jose.VerifyAsync(await SignAsync([key]), Body, Audience, Issuer);

        Assert.True(verified.GetProperty("ok").GetBoolean(), verified.GetRawText());
        Assert.Equal(algorithm, verified.GetProperty("header").GetProperty("alg").GetString());
        Assert.Equal("task-1", verified.GetProperty("claims").GetProperty("taskId").GetString());
        // jose has computed it from the published members.
        Assert.Equal(verified.GetProperty("thumbprint").GetString(), verified.GetProperty("header").GetProperty("kid").GetString());
        Assert.Equal("public", verified.GetProperty("keyType").GetString());
        Assert.Equal(0, await program.StopAsync());
        Assert.Empty(program.LoggedErrors);
        Assert.Empty(program.Errors);
    }

    [SkippableFact]
    public async Task WhatIsNotTheAgentsOrNotForThisReceiverIsRefused()
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = NewKey.Escape(own.ExportPkcs8PrivateKeyPem());
        await using var program = SigningProgram.Start([key]);
        await using var jose = await JoseVerifier.StartAsync(SigningProgram.KeysOf(await program.AddressAsync()));
        var token = await SignAsync([key]);
        var kid = (await jose.VerifyAsync(token, Body, Audience)).GetProperty("header").GetProperty("kid").GetString()!;
        var forged = await SignAsync([JwkWithId(kid)]);

        await JoseVerdict.RefusedAsync("BODY", jose.VerifyAsync(token, [.. Body, (byte)' '], Audience));
        await JoseVerdict.RefusedAsync("ERR_JWT_CLAIM_VALIDATION_FAILED", jose.VerifyAsync(token, Body, "https://other.example/"));
        await JoseVerdict.RefusedAsync(
            "ERR_JWT_CLAIM_VALIDATION_FAILED", jose.VerifyAsync(token, Body, Audience, "https://other.example/a2a"));
        await JoseVerdict.RefusedAsync(
            "ERR_JWT_EXPIRED", jose.VerifyAsync(token, Body, Audience, now: DateTimeOffset.UtcNow.AddMinutes(6)));
        await JoseVerdict.RefusedAsync("ERR_JWKS_NO_MATCHING_KEY", jose.VerifyAsync(await SignAsync([NewKey.Ec()]), Body, Audience));
        await JoseVerdict.RefusedAsync("ERR_JWS_SIGNATURE_VERIFICATION_FAILED", jose.VerifyAsync(forged, Body, Audience));
        await JoseVerdict.RefusedAsync("ERR_JWS_SIGNATURE_VERIFICATION_FAILED", jose.VerifyAsync(Tampered(token), Body, Audience));
        await JoseVerdict.AcceptedAsync(jose.VerifyAsync(token, Body, Audience));
    }

    [SkippableFact]
    public async Task KeysCanBeChangedWithoutADeliveryThatIsRefused()
    {
        var (old, next) = (NewKey.Ec(), NewKey.Rsa());
        var (oldToken, nextToken) = (await SignAsync([old]), await SignAsync([next, old]));
        Uri address;
        await using (var program = SigningProgram.Start([old]))
        {
            address = await program.AddressAsync();
            await using var jose = await JoseVerifier.StartAsync(SigningProgram.KeysOf(address));
            await JoseVerdict.AcceptedAsync(jose.VerifyAsync(oldToken, Body, Audience));
            await JoseVerdict.RefusedAsync("ERR_JWKS_NO_MATCHING_KEY", jose.VerifyAsync(nextToken, Body, Audience));
            await program.StopAsync();

            await using var changed = SigningProgram.Start([next, old], address);
            await changed.AddressAsync();

            // The receiver has never been told: a key that it doesn't know lets it look again.
            await JoseVerdict.AcceptedAsync(jose.VerifyAsync(nextToken, Body, Audience));
            await JoseVerdict.AcceptedAsync(jose.VerifyAsync(oldToken, Body, Audience));
            await changed.StopAsync();
        }

        await using var last = SigningProgram.Start([next], address);
        await last.AddressAsync();
        await using var newcomer = await JoseVerifier.StartAsync(SigningProgram.KeysOf(address));
        await JoseVerdict.AcceptedAsync(newcomer.VerifyAsync(nextToken, Body, Audience));
        await JoseVerdict.RefusedAsync("ERR_JWKS_NO_MATCHING_KEY", newcomer.VerifyAsync(oldToken, Body, Audience));
    }

    /// <summary>Signs as the program with the same keys does.</summary>
    private static async Task<string> SignAsync(string[] keys)
    {
        var settings = keys.Select((key, i) => new KeyValuePair<string, string?>($"A2A:Security:SigningKeys:{i}", key));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([.. settings, new("A2A:Agent:PublicUrl", Issuer)]).Build();
        await using var services = new ServiceCollection().AddLogging().AddServerlessA2A(configuration).BuildServiceProvider();
        return (await services.GetRequiredService<IWebhookSigner>()
            .SignAsync(new Uri(Audience), "", "task-1", 7, Body, CancellationToken.None))!;
    }

    /// <summary>A stranger's key that goes by the agent's name.</summary>
    private static string JwkWithId(string kid)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = key.ExportParameters(includePrivateParameters: true);
        var (x, y, d) = (Base64Url(parameters.Q.X), Base64Url(parameters.Q.Y), Base64Url(parameters.D));
        return JsonSerializer.Serialize(new { kty = "EC", crv = "P-256", x, y, d, kid });

        static string Base64Url(byte[]? number) => System.Buffers.Text.Base64Url.EncodeToString(number);
    }

    /// <summary>The same signature for other claims.</summary>
    private static string Tampered(string token)
    {
        var parts = token.Split('.');
        var claims = System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]))
            .Replace("task-1", "task-2", StringComparison.Ordinal);
        return $"{parts[0]}.{System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(claims))}.{parts[2]}";
    }
}
