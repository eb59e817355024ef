using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServerlessA2A.Functions.Tests.Notifications;
using ServerlessA2A.Functions.Tests.Support;
using ServerlessA2A.Security;

namespace ServerlessA2A.Functions.Tests.Cards;

/// <summary>The card of a running program is verified by jose over another author's canonical form, by the published SDK, and by our own client.</summary>
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
        await using var program = Start([algorithm == "ES256" ? NewEc() : NewRsa()]);
        var address = await program.AddressAsync();
        await using var jose = await JoseVerifier.StartAsync(KeysOf(address));

        var card = await CardAsync(address, version);
        var verified = await jose.VerifyCardAsync(card);

        Assert.True(verified.GetProperty("ok").GetBoolean(), verified.GetRawText());
        var header = verified.GetProperty("header");
        Assert.Equal((algorithm, "JOSE", KeysOf(address).AbsoluteUri), (Text(header, "alg"), Text(header, "typ"), Text(header, "jku")));
        var own = AgentCardSignatures.Verify(Encoding.UTF8.GetBytes(card), await Client.GetByteArrayAsync(KeysOf(address)));
        Assert.Equal((Text(header, "kid"), verified.GetProperty("index").GetInt32(), null), (own.KeyId, own.Signature, own.Reason));
        Assert.Equal(0, await program.StopAsync());
        Assert.Empty(program.LoggedErrors);
    }

    [SkippableTheory]
    [InlineData(null)]
    [InlineData("1.0")]
    public async Task ThePublishedSdkVerifiesTheCard(string? version)
    {
        await using var program = Start([NewEc()], ("A2A__Agent__IconUrl", "https://agent.example/icon.png"), ("A2A__Agent__Extensions__0__Uri", "urn:x"));
        var address = await program.AddressAsync();
        await using var jose = await JoseVerifier.StartAsync(KeysOf(address));

        await AcceptedAsync(jose.VerifyCardWithSdkAsync(await CardAsync(address, version)));
        await AcceptedAsync(jose.VerifyAgentWithSdkAsync(address));
    }

    /// <summary>The SDK leaves out empty texts and lists before it verifies, required ones too.</summary>
    [SkippableFact]
    public async Task ThePublishedSdkVerifiesACardWithEmptyMembers()
    {
        await using var program = Start([NewEc()], ("A2A__Agent__Skills__1__Id", "bare"), ("A2A__Agent__Skills__1__Name", "Bare"));
        var address = await program.AddressAsync();
        await using var jose = await JoseVerifier.StartAsync(KeysOf(address));

        var card = await CardAsync(address, version: null);

        Assert.Empty(JsonNode.Parse(card)!["skills"]![1]!["tags"]!.AsArray());
        await AcceptedAsync(jose.VerifyCardWithSdkAsync(card));
        await AcceptedAsync(jose.VerifyCardAsync(card));
    }

    [SkippableFact]
    public async Task ACardThatWasChangedIsRefusedByAll()
    {
        await using var program = Start([NewEc()]);
        var address = await program.AddressAsync();
        await using var jose = await JoseVerifier.StartAsync(KeysOf(address));
        var card = JsonNode.Parse(await CardAsync(address, version: null))!.AsObject();

        card["supportedInterfaces"]![0]!["url"] = "https://evil.example/";

        await RefusedAsync("ERR_JWS_SIGNATURE_VERIFICATION_FAILED", jose.VerifyCardAsync(card.ToJsonString()));
        Assert.False((await jose.VerifyCardWithSdkAsync(card.ToJsonString())).GetProperty("ok").GetBoolean());
        card.Remove("signatures");
        await RefusedAsync("UNSIGNED", jose.VerifyCardAsync(card.ToJsonString()));
    }

    [SkippableFact]
    public async Task KeysCanBeChangedWhileClientsKeepCards()
    {
        var (old, next) = (NewEc(), NewRsa());
        string oldCard, nextCard;
        Uri address;
        await using (var program = Start([old]))
        {
            address = await program.AddressAsync();
            oldCard = await CardAsync(address, version: null);
            await program.StopAsync();
        }

        await using (var program = Start([next, old], address))
        {
            await program.AddressAsync();
            nextCard = await CardAsync(address, version: null);
            await using var jose = await JoseVerifier.StartAsync(KeysOf(address));
            await AcceptedAsync(jose.VerifyCardAsync(oldCard));
            await AcceptedAsync(jose.VerifyCardAsync(nextCard));
            await AcceptedAsync(jose.VerifyCardWithSdkAsync(nextCard));
            await program.StopAsync();
        }

        await using var last = Start([next], address);
        await last.AddressAsync();
        await using var newcomer = await JoseVerifier.StartAsync(KeysOf(address));
        await AcceptedAsync(newcomer.VerifyCardAsync(nextCard));
        await RefusedAsync("ERR_JWKS_NO_MATCHING_KEY", newcomer.VerifyCardAsync(oldCard));
    }

    private static Uri KeysOf(Uri program) => new(program, ".well-known/jwks.json");

    private static async Task<string> CardAsync(Uri program, string? version) =>
        await Client.GetStringAsync(new Uri(program, ".well-known/agent-card.json" + (version is null ? "" : "?A2A-Version=" + version)));

    private static RunningProgram Start(string[] keys, params (string Name, string Value)[] settings) => Start(keys, address: null, settings);

    private static RunningProgram Start(string[] keys, Uri? address, params (string Name, string Value)[] settings) => RunningProgram.Start(
        Programs.Functions,
        ["--urls", address is null ? "http://127.0.0.1:0" : address.GetLeftPart(UriPartial.Authority)],
        [.. keys.Select((key, i) => ($"A2A__Security__SigningKeys__{i}", key)), .. settings]);

    private static async Task AcceptedAsync(Task<JsonElement> verified) => Assert.True((await verified).GetProperty("ok").GetBoolean(), (await verified).GetRawText());

    private static async Task RefusedAsync(string code, Task<JsonElement> verified) =>
        Assert.Equal(code, (await verified).TryGetProperty("code", out var found) ? found.GetString() : "accepted");

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static string NewEc()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string NewRsa()
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    }
}
