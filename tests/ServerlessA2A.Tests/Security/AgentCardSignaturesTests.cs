using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessA2A.Protocol.Signatures;

namespace ServerlessA2A.Tests.Security;

/// <summary>What a client is told about a card's signatures. They are made here by hand, with nothing of the program's.</summary>
public class AgentCardSignaturesTests
{
    private const string Card = """{"name":"a","version":"1","skills":[]}""";
    private const string Header = """{"alg":"ES256","typ":"JOSE","kid":"ec","jku":"https://agent.example/.well-known/jwks.json"}""";

    private static readonly string Keys = $$"""{"keys":[{{PublicEc("ec")}},{{PublicRsa("rsa")}},{"kty":"OKP","kid":"other"},{"kty":"oct","kid":"secret","k":"AAAA"},7]}""";

    [Fact]
    public void ACardThatIsSignedWithATrustedKeyIsVerified()
    {
        Assert.Equal(("ec", 0, null), Told(Signed(Card, Header)));
        Assert.Equal(("rsa", 0, null), Told(Signed(Card, """{"alg":"RS256","typ":"JOSE","kid":"rsa"}""")));
    }

    /// <summary>The Python SDK signs with a library for JWT; the type is not required.</summary>
    [Theory]
    [InlineData("""{"alg":"ES256","kid":"ec"}""")]
    [InlineData("""{"alg":"ES256","typ":"JWT","kid":"ec"}""")]
    [InlineData("""{"alg":"ES256","typ":"jose+json","kid":"ec"}""")]
    public void TheTypesThatOthersSignWithAreTaken(string header) => Assert.Equal(("ec", 0, null), Told(Signed(Card, header)));

    [Fact]
    public void HowTheCardIsWrittenDownDoesNotMatter()
    {
        var signature = JsonNode.Parse(Signed("""{"a":"é","n":1e1}""", Header))!["signatures"]!.ToJsonString();

        Assert.Equal(("ec", 0, null), Told($$"""{ "n": 10.0, "signatures": {{signature}}, "a": "\u00e9" }"""));
    }

    [Fact]
    public void OneGoodSignatureIsEnoughAndIsNamed()
    {
        var good = JsonNode.Parse(Signed(Card, Header))!["signatures"]![0]!.ToJsonString();

        Assert.Equal(("ec", 2, null), Told(Card[..^1] + $$""","signatures":[7,{"protected":"p","signature":"s"},{{good}}]}"""));
    }

    [Theory]
    [InlineData("""{"alg":"none","typ":"JOSE","kid":"ec"}""", "has an alg that does not match its key")]
    [InlineData("""{"alg":"HS256","typ":"JOSE","kid":"ec"}""", "has an alg that does not match its key")]
    [InlineData("""{"alg":"HS256","typ":"JOSE","kid":"secret"}""", "was made with a key that is not trusted")]
    [InlineData("""{"alg":"RS256","typ":"JOSE","kid":"ec"}""", "has an alg that does not match its key")]
    [InlineData("""{"alg":"ES256","typ":"JOSE","kid":"rsa"}""", "has an alg that does not match its key")]
    [InlineData("""{"alg":"es256","typ":"JOSE","kid":"ec"}""", "has an alg that does not match its key")]
    [InlineData("""{"typ":"JOSE","kid":"ec"}""", "has an alg that does not match its key")]
    [InlineData("""{"alg":"ES256","typ":"JOSE","kid":"unknown"}""", "was made with a key that is not trusted")]
    [InlineData("""{"alg":"ES256","typ":"JOSE","kid":"other"}""", "was made with a key that is not trusted")]
    [InlineData("""{"alg":"ES256","typ":"JOSE"}""", "names no kid")]
    [InlineData("""{"alg":"ES256","typ":"JOSE","kid":""}""", "names no kid")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"ec"}""", "has a typ other than JOSE")]
    [InlineData("""{"alg":"ES256","typ":"JOSE","kid":"ec","crit":["exp"],"exp":1}""", "has crit, which is not supported")]
    [InlineData("""{"alg":"ES256","typ":"JOSE","kid":"ec","kid":"ec"}""", "has a protected header that is not a JSON object")]
    [InlineData("[]", "has a protected header that is not a JSON object")]
    [InlineData("{", "has a protected header that is not a JSON object")]
    public void AHeaderThatIsNotAsItHasToBeIsRefused(string header, string reason) =>
        Assert.Equal(Refusal(reason), Told(Signed(Card, header)));

    [Theory]
    [InlineData("""{"protected":"e30"}""", "has no signature")]
    [InlineData("""{"protected":"eyJhbGciOiJub25lIiwidHlwIjoiSk9TRSIsImtpZCI6ImVjIn0","signature":""}""", "has no signature")]
    [InlineData("""{"signature":"AAAA"}""", "has no protected header")]
    [InlineData("""{"protected":"e30","signature":"+/="}""", "has a signature that is not base64url")]
    [InlineData("""{"protected":"!","signature":"AAAA"}""", "has a protected that is not base64url")]
    [InlineData("7", "has no protected header")]
    public void WhatIsNoSignatureIsRefused(string signature, string reason) =>
        Assert.Equal(Refusal(reason), Told(Card[..^1] + $$""","signatures":[{{signature}}]}"""));

    [Theory]
    [InlineData("\"name\":\"a\"", "\"name\":\"b\"")]
    [InlineData("\"skills\":[]", "\"skills\":[{}]")]
    [InlineData(",\"skills\":[]", "")]
    [InlineData("\"name\"", "\"url\":\"https://evil.example/\",\"name\"")]
    public void ACardThatWasChangedIsRefused(string said, string changed)
    {
        var tampered = Signed(Card, Header).Replace(said, changed, StringComparison.Ordinal);

        Assert.Equal(Refusal("was made with another key, or over another card or a part of this one"), Told(tampered));
    }

    [Fact]
    public void ASignatureOfAnotherKeyWithTheSameNameIsRefused() =>
        Assert.Equal(
            Refusal("was made with another key, or over another card or a part of this one"), Told(Signed(Card, Header, TestKeys.OtherEc)));

    [Theory]
    [InlineData("""{"note":"x"}""", true)]
    [InlineData("null", true)]
    [InlineData("""{"kid":"rsa"}""", false)]
    [InlineData("""{"crit":["b64"]}""", false)]
    [InlineData("[]", false)]
    public void AnUnprotectedHeaderMayNotSpeakForTheProtectedOne(string unprotected, bool isTaken)
    {
        var card = Signed(Card, Header).Replace("\"signature\":", $"\"header\":{unprotected},\"signature\":", StringComparison.Ordinal);

        Assert.Equal(isTaken ? ("ec", 0, null) : Refusal("has an unprotected header that contradicts the protected one"), Told(card));
    }

    [Theory]
    [InlineData("""{"name":"a"}""", "The card is not signed.")]
    [InlineData("""{"name":"a","signatures":[]}""", "The card is not signed.")]
    [InlineData("""{"name":"a","signatures":{}}""", "The card is not signed.")]
    [InlineData("[]", "The card is not signed.")]
    [InlineData("{", "The card has no canonical form: ")]
    [InlineData("""{"name":"a","name":"a","signatures":[{}]}""", "The card has no canonical form: ")]
    [InlineData("""{"name":"\ud800","signatures":[{}]}""", "The card has no canonical form: ")]
    [InlineData("""{"signatures":[{"protected":"\ud800","signature":"AAAA"}]}""", "None of the card's signatures is valid: signatures[0] has no protected header.")]
    public void WhatIsNotSignedOrCanNotBeIsRefused(string card, string reason) =>
        Assert.StartsWith(reason, Told(card).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"keys":{}}""", "There is no list of keys.")]
    [InlineData("""{"keys":[{"kty":"\ud800"}]}""", "The member kty is not valid Unicode")]
    [InlineData("""{"keys":[{"kty":"EC","use":"\udc00\ud800"}]}""", "The member use is not valid Unicode")]
    [InlineData("""{"keys":[{"\ud800":"EC"}]}""")]
    [InlineData("""{"keys":[],"keys":[]}""", "Duplicate")]
    [InlineData("""{"keys":[{"kty":"OKP","kid":"a","\u006bid":"b"}]}""", "Duplicate")]
    public void WhatIsNoKeySetIsTold(string keys, string why = "") =>
        Assert.StartsWith("The keys are not a JSON Web Key Set: " + why, Refused(Signed(Card, Header), keys), StringComparison.Ordinal);

    [Fact]
    public void AGoodKeyWhoseIdIsNoUnicodeIsTold() => Assert.StartsWith(
        "The keys are not a JSON Web Key Set: The member kid is not valid Unicode",
        Refused(Signed(Card, Header), $$"""{"keys":[{{PublicEc("ec").Replace("\"ec\"", "\"\\ud800\"", StringComparison.Ordinal)}}]}"""),
        StringComparison.Ordinal);

    [Fact]
    public void KeysForOtherPurposesAndDamagedOnesAreNotTrusted()
    {
        using var small = RSA.Create(1024);
        string[] unfit =
        [
            PublicEc("ec", ("use", "enc")), PublicEc("ec", ("alg", "ES384")), PublicEc("ec", ("crv", "P-384")),
            PublicEc("ec", ("x", "AAAA")), PublicEc("ec", ("y", "!")),
            PublicEc("ec", ("y", "")), PublicEc("EC"), PublicRsa("ec", small), """{"kty":"RSA","kid":"ec"}""", """{"kty":"RSA","kid":"ec","n":"AA","e":"AQAB"}""", "{}",
        ];

        Assert.Equal(Refusal("was made with a key that is not trusted"), Told(Signed(Card, Header), $$"""{"keys":[{{string.Join(',', unfit)}}]}"""));
    }

    private static (string?, int?, string? Reason) Refusal(string reason) =>
        (null, null, $"None of the card's signatures is valid: signatures[0] {reason}.");

    /// <summary>Why a card is not verified.</summary>
    private static string Refused(string card, string keys)
    {
        var (key, signature, reason) = Told(card, keys);
        Assert.Equal((null, null), (key, signature));
        return Assert.IsType<string>(reason);
    }

    private static (string?, int?, string? Reason) Told(string card, string? keys = null)
    {
        var verification = AgentCardSignatures.Verify(Encoding.UTF8.GetBytes(card), Encoding.UTF8.GetBytes(keys ?? Keys));
        Assert.Equal(verification.KeyId is not null, verification.IsVerified);
        return (verification.KeyId, verification.Signature, verification.Reason);
    }

    /// <summary>The card with one signature, over this very text without the white space, in whichever way its alg asks for.</summary>
    private static string Signed(string card, string header, ECDsa? ec = null)
    {
        var canonical = JsonNode.Parse(card)!.ToJsonString(
            new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
            .Replace("1e1", "10", StringComparison.Ordinal);
        // Members of these cards are in their order already, but for the one that is last.
        if (canonical == Card)
            canonical = """{"name":"a","skills":[],"version":"1"}""";
        var encoded = Encode(header);
        var input = Encoding.ASCII.GetBytes($"{encoded}.{Encode(canonical)}");
        var signature = header switch
        {
            _ when header.Contains("\"none\"", StringComparison.Ordinal) => [0],
            // With what everybody has of the key, as in attacks on readers that believe the header.
            _ when header.Contains("HS256", StringComparison.Ordinal) =>
                HMACSHA256.HashData(Encoding.UTF8.GetBytes(TestKeys.Ec.ExportSubjectPublicKeyInfoPem()), input),
            _ when header.Contains("RS256", StringComparison.Ordinal) =>
            TestKeys.Rsa.SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            _ => (ec ?? TestKeys.Ec).SignData(input, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
        };
        return card[..^1] + $$""","signatures":[{"protected":"{{encoded}}","signature":"{{Base64Url.EncodeToString(signature)}}"}]}""";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string PublicEc(string kid, params (string Name, string? Value)[] more) =>
        TestKeys.Jwk(TestKeys.Ec, [("d", null), ("kid", kid), .. more]);

    private static string PublicRsa(string kid, RSA? key = null) =>
        TestKeys.Jwk(key ?? TestKeys.Rsa, [("d", null), ("p", null), ("q", null), ("dp", null), ("dq", null), ("qi", null), ("kid", kid)]);
}
