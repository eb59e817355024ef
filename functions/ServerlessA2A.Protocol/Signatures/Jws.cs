using System.Buffers.Text;
using System.Text;
using ServerlessA2A.Protocol.Keys;

namespace ServerlessA2A.Protocol.Signatures;

/// <summary>Builds JSON Web Signatures (RFC 7515).</summary>
internal static class Jws
{
    /// <summary>The protected header, encoded.</summary>
    /// <param name="key">The signing key.</param>
    /// <param name="type">The kind of the signed content: the <c>typ</c>.</param>
    /// <param name="keySetUrl">The address of the key's public half (<c>jku</c>). Default: omitted.</param>
    public static string Header(SigningKey key, string type, string? keySetUrl = null)
    {
        return Base64Url.EncodeToString(ProtocolJson.ObjectBytes(writer =>
        {
            writer.WriteString("alg", key.Algorithm);
            writer.WriteString("typ", type);
            writer.WriteString("kid", key.Id);
            if (keySetUrl is not null)
                writer.WriteString("jku", keySetUrl);
        }).Span);
    }

    /// <summary>The signed text (section 5.1).</summary>
    public static byte[] Input(string header, ReadOnlySpan<byte> payload) =>
        Encoding.ASCII.GetBytes($"{header}.{Base64Url.EncodeToString(payload)}");

    /// <summary>The signature, encoded.</summary>
    public static string Sign(SigningKey key, string header, ReadOnlySpan<byte> payload) =>
        Base64Url.EncodeToString(key.Sign(Input(header, payload)));
}
