using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessA2A.Protocol.Signatures;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Security;

namespace ServerlessA2A.Tests.Bindings.Cards;

/// <summary>The card proves where it comes from (A2A 1.0, section 8.4).</summary>
public sealed class SignedCardTests
{
    private const string Path = "/.well-known/agent-card.json";
    private const string KeySet = "/.well-known/jwks.json";

    private static readonly string Ec = TestKeys.Jwk(TestKeys.Ec, ("kid", "ec"));
    private static readonly string Rsa = TestKeys.Jwk(TestKeys.Rsa, ("kid", "rsa"));

    [Theory]
    [InlineData(null, 2)]
    [InlineData("1.0", 1)]
    [InlineData("0.3", 1)]
    public async Task EveryFormOfTheCardIsSignedAndTheBlendedOneTwice(string? version, int signatures)
    {
        await using var host = await StartAsync(("Security:SigningKeys:0", Ec));

        var card = await CardAsync(host, version);

        Assert.Equal(signatures, card.Json().GetProperty("signatures").GetArrayLength());
        Assert.Equal(("ec", 0), await VerifyAsync(host, card));
        Assert.False(
            AgentCardSignatures.Verify(Bytes(card.Replace("ServerlessA2A", "Other", StringComparison.Ordinal)),
            await KeysAsync(host)).IsVerified);
    }

    [Fact]
    public async Task TheBlendedCardHasASignatureForReadersThatKnowMembersOf1_0Only()
    {
        await using var host = await StartAsync(("Security:SigningKeys:0", Ec));
        var blended = await CardAsync(host, null);
        var ofV1 = JsonNode.Parse(await CardAsync(host, "1.0"))!.AsObject();

        ofV1["signatures"] = JsonNode.Parse(blended)!["signatures"]!.DeepClone();

        Assert.Equal(("ec", 1), await VerifyAsync(host, ofV1.ToJsonString()));
    }

    [Fact]
    public async Task WhatIsEmptyMayBeLeftOutByWhoVerifies()
    {
        await using var host = await StartAsync(("Security:SigningKeys:0", Ec), ("Agent:Skills:0:Id", "s"), ("Agent:Skills:0:Name", "s"));
        var card = JsonNode.Parse(await CardAsync(host, "1.0"))!.AsObject();
        Assert.Equal(("ec", 0), await VerifyAsync(host, card.ToJsonString()));

        var skill = card["skills"]![0]!.AsObject();
        Assert.True(skill.Remove("tags") && skill.Remove("description"));

        Assert.Equal(("ec", 1), await VerifyAsync(host, card.ToJsonString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("1.0")]
    [InlineData("0.3")]
    public async Task ASignatureHoldsHoweverTheCardIsEscaped(string? version)
    {
        await using var host = await StartAsync(("Security:SigningKeys:0", Ec), ("Agent:Description", "🙂 <größe> & '尺寸' \u2028"));

        var card = await CardAsync(host, version);

        Assert.Contains("🙂 <größe> & '尺寸' \\u2028", card, StringComparison.Ordinal);
        Assert.Equal(("ec", 0), await VerifyAsync(host, card));
        var escaped = JsonNode.Parse(card)!.ToJsonString();
        Assert.Contains("\\uD83D\\uDE42 \\u003C", escaped, StringComparison.Ordinal);
        Assert.Equal(("ec", 0), await VerifyAsync(host, escaped));
    }

    [Fact]
    public async Task WithoutKeysThereIsNoSignature()
    {
        await using var host = await StartAsync();

        Assert.False((await CardAsync(host, null)).Json().TryGetProperty("signatures", out _));
    }

    [Fact]
    public async Task TheFirstKeySignsAndACardThatAnOlderOneHasSignedIsStillGood()
    {
        await using var before = await StartAsync(("Security:SigningKeys:0", Ec));
        await using var after = await StartAsync(("Security:SigningKeys:0", Rsa), ("Security:SigningKeys:1", Ec));
        await using var last = await StartAsync(("Security:SigningKeys:0", Rsa));
        var old = await CardAsync(before, null);

        Assert.Equal(("rsa", 0), await VerifyAsync(after, await CardAsync(after, null)));
        Assert.Equal(("ec", 0), await VerifyAsync(after, old));
        Assert.Equal(("rsa", 0), await VerifyAsync(last, await CardAsync(after, null)));
        Assert.False(AgentCardSignatures.Verify(Bytes(old), await KeysAsync(last)).IsVerified);
    }

    [Theory]
    [InlineData(null, null, "https://here.example/.well-known/jwks.json")]
    [InlineData("https://agent.example/a2a", null, "https://agent.example/a2a/.well-known/jwks.json")]
    [InlineData("https://agent.example/a2a", "https://card.example/x/.well-known/agent-card.json",
        "https://card.example/x/.well-known/jwks.json")]
    [InlineData(null, "https://card.example/x/", "https://card.example/x/.well-known/jwks.json")]
    public async Task TheHeaderSaysWhereTheKeysAre(string? publicUrl, string? cardUrl, string keySet)
    {
        await using var host = await StartAsync(
            ("Security:SigningKeys:0", Ec), ("Agent:PublicUrl", publicUrl ?? ""), ("Agent:CardUrl", cardUrl ?? ""));

        var (_, card) = await host.Client.ExchangeAsync(
            RawHttp.Request("GET", Path).With("Host", "here.example").With("X-Forwarded-Proto", "https"));

        Assert.All(card.Json().GetProperty("signatures").EnumerateArray(), signature => Assert.Equal(
            $$"""{"alg":"ES256","typ":"JOSE","kid":"ec","jku":"{{keySet}}"}""",
            Encoding.UTF8.GetString(Base64Url.DecodeFromChars(signature.GetProperty("protected").GetString()))));
    }

    [Fact]
    public async Task TheTagIsTheSameOnEveryInstanceAndAnotherWithAnotherKey()
    {
        await using var one = await StartAsync(("Security:SigningKeys:0", Ec), ("Agent:PublicUrl", "https://agent.example/"));
        await using var other = await StartAsync(("Security:SigningKeys:0", Ec), ("Agent:PublicUrl", "https://agent.example/"));
        await using var changed = await StartAsync(
            ("Security:SigningKeys:0", Rsa), ("Security:SigningKeys:1", Ec), ("Agent:PublicUrl", "https://agent.example/"));
        await using var unsigned = await StartAsync(("Agent:PublicUrl", "https://agent.example/"));

        // ES256 never signs twice alike.
        Assert.NotEqual(await CardAsync(one, null), await CardAsync(other, null));
        Assert.Equal(await TagAsync(one), await TagAsync(other));
        Assert.NotEqual(await TagAsync(one), await TagAsync(changed));
        Assert.NotEqual(await TagAsync(one), await TagAsync(unsigned));
    }

    [Fact]
    public async Task ACardIsSignedOnce()
    {
        await using var host = await StartAsync(("Security:SigningKeys:0", Ec));

        Assert.Equal(await CardAsync(host, null), await CardAsync(host, null));
    }

    private static async Task<(string?, int?)> VerifyAsync(AgentHost host, string card)
    {
        var verification = AgentCardSignatures.Verify(Bytes(card), await KeysAsync(host));
        Assert.Null(verification.Reason);
        return (verification.KeyId, verification.Signature);
    }

    private static async Task<byte[]> KeysAsync(AgentHost host) => Bytes((await host.Client.ExchangeAsync("GET", KeySet)).Body);

    private static async Task<string> CardAsync(AgentHost host, string? version)
    {
        var request = RawHttp.Request("GET", Path);
        return (await host.Client.ExchangeAsync(version is null ? request : request.With("A2A-Version", version))).Body;
    }

    private static async Task<string?> TagAsync(AgentHost host) =>
        (await host.Client.ExchangeAsync("GET", Path)).Response.Headers.ETag?.ToString();

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static Task<AgentHost> StartAsync(params (string Name, string Value)[] settings) =>
        AgentHost.StartAsync(_ => { }, cardOnly: true, inProcess: true, settings);
}
