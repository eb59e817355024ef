using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using ServerlessA2A.Security.Keys;

namespace ServerlessA2A.Security.Signatures;

/// <summary>Builds JSON Web Signatures (RFC 7515).</summary>
internal static class Jws
{
    /// <summary>The protected header, encoded.</summary>
    /// <param name="key">The signing key.</param>
    /// <param name="type">The kind of the signed content: the <c>typ</c>.</param>
    /// <param name="keySetUrl">The address of the key's public half (<c>jku</c>). Default: omitted.</param>
    public static string Header(SigningKey key, string type, string? keySetUrl = null)
    {
        var json = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(json);
        writer.WriteStartObject();
        writer.WriteString("alg", key.Algorithm);
        writer.WriteString("typ", type);
        writer.WriteString("kid", key.Id);
        if (keySetUrl is not null)
            writer.WriteString("jku", keySetUrl);
        writer.WriteEndObject();
        writer.Flush();
        return Base64Url.EncodeToString(json.WrittenSpan);
    }

    /// <summary>The signed text (section 5.1).</summary>
    public static byte[] Input(string header, ReadOnlySpan<byte> payload) =>
        Encoding.ASCII.GetBytes($"{header}.{Base64Url.EncodeToString(payload)}");

    /// <summary>The signature, encoded.</summary>
    public static string Sign(SigningKey key, string header, ReadOnlySpan<byte> payload) =>
        Base64Url.EncodeToString(key.Sign(Input(header, payload)));
}
