using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace ServerlessA2A.Protocol.Keys;

/// <summary>
/// The public half of a key as a JSON Web Key (RFC 7517). It is built from public parameters only, so that nothing else can leak.
/// </summary>
internal sealed class PublicJwk
{
    private readonly (string Name, string Value)[] _required;

    private PublicJwk(params (string Name, string Value)[] required) => _required = required;

    public static PublicJwk Of(ECParameters p256) => new(
        ("crv", "P-256"), ("kty", "EC"), ("x", Base64Url.EncodeToString(p256.Q.X)), ("y", Base64Url.EncodeToString(p256.Q.Y)));

    public static PublicJwk Of(RSAParameters rsa) => new(
        ("e", Base64Url.EncodeToString(rsa.Exponent)), ("kty", "RSA"), ("n", Base64Url.EncodeToString(rsa.Modulus)));

    /// <summary>The SHA-256 thumbprint (RFC 7638): the required members in the order of their names, and nothing else.</summary>
    public string Thumbprint() => Base64Url.EncodeToString(SHA256.HashData(ProtocolJson.ObjectBytes(WriteRequired).Span));

    public void Write(Utf8JsonWriter writer, string algorithm, string id)
    {
        writer.WriteStartObject();
        WriteRequired(writer);
        writer.WriteString("use", "sig");
        writer.WriteString("alg", algorithm);
        writer.WriteString("kid", id);
        writer.WriteEndObject();
    }

    private void WriteRequired(Utf8JsonWriter writer)
    {
        foreach (var (name, value) in _required)
            writer.WriteString(name, value);
    }
}
