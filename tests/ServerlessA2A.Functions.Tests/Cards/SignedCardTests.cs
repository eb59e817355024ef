using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Functions.Tests.Webhooks;
using ServerlessA2A.Protocol.Signatures;

namespace ServerlessA2A.Functions.Tests.Cards;

/// <summary>
/// The card of a running program is verified by jose over another author's canonical form, by the published SDK, and by our own client.
/// </summary>
public sealed class SignedCardTests
{
    private static readonly HttpClient Client = new();

    [SkippableTheory]
    [InlineData("ES256", null)]
    [InlineData("RS256", null)]
    [InlineData("ES256", "1.0")]
    [InlineData("ES256", "0.3")]
    public async Task AnyClientCanVerifyTheCard(string algorithm, string? version)
    {
        await using var program = SigningProgram.Start([algorithm == "ES256" ? NewKey.Ec() : NewKey.Rsa()]);
        var address = await program.AddressAsync();
        await using var jose = await JoseVerifier.StartAsync(SigningProgram.KeysOf(address));

        var card = await CardAsync(address, version);
        var verified = await jose.VerifyCardAsync(card);

        Assert.True(verified.GetProperty("ok").GetBoolean(), verified.GetRawText());
        var header = verified.GetProperty("header");
        Assert.Equal(
            (algorithm, "JOSE", SigningProgram.KeysOf(address).AbsoluteUri),
            (Text(header, "alg"), Text(header, "typ"), Text(header, "jku")));
        var own = AgentCardSignatures.Verify(Encoding.UTF8.GetBytes(card), await Client.GetByteArrayAsync(SigningProgram.KeysOf(address)));
        Assert.Equal((Text(header, "kid"), verified.GetProperty("index").GetInt32(), null), (own.KeyId, own.Signature, own.Reason));
        Assert.Equal(0, await program.StopAsync());
        Assert.Empty(program.LoggedErrors);
    }

    [SkippableTheory]
    [InlineData(null)]
    [InlineData("1.0")]
    public async Task ThePublishedSdkVerifiesTheCard(string? version)
    {
        await using var program = SigningProgram.Start(
            [NewKey.Ec()], address: null, ("A2A__Agent__IconUrl", "https://agent.example/icon.png"),
            ("A2A__Agent__Extensions__0__Uri", "urn:x"));
        var address = await program.AddressAsync();
        await using var jose = await JoseVerifier.StartAsync(SigningProgram.KeysOf(address));

        await JoseVerdict.AcceptedAsync(jose.VerifyCardWithSdkAsync(await CardAsync(address, version)));
        await JoseVerdict.AcceptedAsync(jose.VerifyAgentWithSdkAsync(address));
    }

    /// <summary>The SDK leaves out empty texts and lists before it verifies, required ones too.</summary>
    [SkippableFact]
    public async Task ThePublishedSdkVerifiesACardWithEmptyMembers()
    {
        await using var program = SigningProgram.Start(
            [NewKey.Ec()], address: null, ("A2A__Agent__Skills__0__Id", "bare"), ("A2A__Agent__Skills__0__Name", "Bare"));
        var address = await program.AddressAsync();
        await using var jose = await JoseVerifier.StartAsync(SigningProgram.KeysOf(address));

        var card = await CardAsync(address, version: null);

        Assert.Empty(JsonNode.Parse(card)!["skills"]![0]!["tags"]!.AsArray());
        await JoseVerdict.AcceptedAsync(jose.VerifyCardWithSdkAsync(card));
        await JoseVerdict.AcceptedAsync(jose.VerifyCardAsync(card));
    }

    [SkippableFact]
    public async Task ACardThatWasChangedIsRefusedByAll()
    {
        await using var program = SigningProgram.Start([NewKey.Ec()]);
        var address = await program.AddressAsync();
        await using var jose = await JoseVerifier.StartAsync(SigningProgram.KeysOf(address));
        var card = JsonNode.Parse(await CardAsync(address, version: null))!.AsObject();

        card["supportedInterfaces"]![0]!["url"] = "https://evil.example/";

        await JoseVerdict.RefusedAsync("ERR_JWS_SIGNATURE_VERIFICATION_FAILED", jose.VerifyCardAsync(card.ToJsonString()));
        Assert.False((await jose.VerifyCardWithSdkAsync(card.ToJsonString())).GetProperty("ok").GetBoolean());
        card.Remove("signatures");
        await JoseVerdict.RefusedAsync("UNSIGNED", jose.VerifyCardAsync(card.ToJsonString()));
    }

    [SkippableFact]
    public async Task KeysCanBeChangedWhileClientsKeepCards()
    {
        var (old, next) = (NewKey.Ec(), NewKey.Rsa());
        string oldCard, nextCard;
        Uri address;
        await using (var program = SigningProgram.Start([old]))
        {
            address = await program.AddressAsync();
            oldCard = await CardAsync(address, version: null);
            await program.StopAsync();
        }

        await using (var program = SigningProgram.Start([next, old], address))
        {
            await program.AddressAsync();
            nextCard = await CardAsync(address, version: null);
            await using var jose = await JoseVerifier.StartAsync(SigningProgram.KeysOf(address));
            await JoseVerdict.AcceptedAsync(jose.VerifyCardAsync(oldCard));
            await JoseVerdict.AcceptedAsync(jose.VerifyCardAsync(nextCard));
            await JoseVerdict.AcceptedAsync(jose.VerifyCardWithSdkAsync(nextCard));
            await program.StopAsync();
        }

        await using var last = SigningProgram.Start([next], address);
        await last.AddressAsync();
        await using var newcomer = await JoseVerifier.StartAsync(SigningProgram.KeysOf(address));
        await JoseVerdict.AcceptedAsync(newcomer.VerifyCardAsync(nextCard));
        await JoseVerdict.RefusedAsync("ERR_JWKS_NO_MATCHING_KEY", newcomer.VerifyCardAsync(oldCard));
    }

    private static async Task<string> CardAsync(Uri program, string? version) =>
        await Client.GetStringAsync(new Uri(program, ".well-known/agent-card.json" + (version is null ? "" : "?A2A-Version=" + version)));

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
