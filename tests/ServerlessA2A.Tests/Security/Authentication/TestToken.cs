using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Security.Authentication;

/// <summary>A JSON Web Token made by hand: what is wrong with it is wrong on purpose.</summary>
internal sealed record TestToken
{
    public const string Issuer = "https://issuer.example.com/";
    public const string Audience = "https://agent.example.com";

    /// <summary>When the clock of the tests stands still.</summary>
    public static readonly long Now = new ManualTimeProvider().GetUtcNow().ToUnixTimeSeconds();

    private string Header { get; init; } = """{"alg":"ES256","kid":"ec"}""";

    private string Claims { get; init; } = $$"""{"iss":"{{Issuer}}","aud":"{{Audience}}","sub":"alice","exp":{{Now + 600}}}""";

    private Func<byte[], byte[]> Signature { get; init; } = Es256(TestKeys.Ec);

    /// <summary>A good one.</summary>
    public static TestToken Good { get; } = new();

    public static Func<byte[], byte[]> Es256(ECDsa key, DSASignatureFormat format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation) =>
        data => key.SignData(data, HashAlgorithmName.SHA256, format);

    public static Func<byte[], byte[]> Rs256(RSA key) => data => key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public static Func<byte[], byte[]> Hs256(byte[] key) => data => HMACSHA256.HashData(key, data);

    /// <summary>With another header, as it is written.</summary>
    public TestToken WithHeader(string json) => this with { Header = json };

    /// <summary>With other claims, as they are written.</summary>
    public TestToken WithClaims(string json) => this with { Claims = json };

    /// <summary>With another claim, or one more; without it where it is null.</summary>
    public TestToken With(string claim, string? json)
    {
        var claims = JsonNode.Parse(Claims)!.AsObject();
        claims.Remove(claim);
        // As text: what can't be parsed may be meant so.
        var others = claims.ToJsonString()[1..^1];
        return this with { Claims = json is null ? $"{{{others}}}" : $"{{{others}{(others.Length > 0 ? "," : "")}\"{claim}\":{json}}}" };
    }

    public TestToken Signed(Func<byte[], byte[]> signature) => this with { Signature = signature };

    /// <summary>As it goes over the wire.</summary>
    public override string ToString()
    {
        var signed = $"{Encode(Header)}.{Encode(Claims)}";
        return $"{signed}.{Base64Url.EncodeToString(Signature(Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
