using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using ServerlessA2A.Security.Keys;

namespace ServerlessA2A.Security.Signatures;

/// <summary>JSON Web Signatures (RFC 7515): the parts that all of ours are made of.</summary>
internal static class Jws
{
    /// <summary>The protected header, encoded.</summary>
    /// <param name="key">The key that will sign.</param>
    /// <param name="type">What is signed: the <c>typ</c>.</param>
    /// <param name="keySetUrl">Where the key's public half is found (<c>jku</c>); left out unless given.</param>
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

    /// <summary>What the signature is made over (section 5.1).</summary>
    public static byte[] Input(string header, ReadOnlySpan<byte> payload) => Encoding.ASCII.GetBytes($"{header}.{Base64Url.EncodeToString(payload)}");

    /// <summary>The signature, encoded.</summary>
    public static string Sign(SigningKey key, string header, ReadOnlySpan<byte> payload) => Base64Url.EncodeToString(key.Sign(Input(header, payload)));
}
