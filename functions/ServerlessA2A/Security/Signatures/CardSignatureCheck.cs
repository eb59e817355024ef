using System.Buffers.Text;
using System.Text.Json;
using ServerlessA2A.Security.Keys;

namespace ServerlessA2A.Security.Signatures;

/// <summary>Checks one signature of a card (A2A 1.0, section 8.4.2): a flattened JWS without its payload, which is the card (RFC 7515, appendix F).</summary>
internal static class CardSignatureCheck
{
    /// <summary>The id of the key that has made it.</summary>
    /// <exception cref="CardSignatureException">It is not good.</exception>
    public static string Run(JsonElement signature, byte[] payload, IReadOnlyList<VerificationKey> keys)
    {
        var encoded = Text(signature, "protected") ?? throw new CardSignatureException("has no protected header");
        var made = Decode(Text(signature, "signature"), "signature");
        using var json = Parse(Decode(encoded, "protected"));
        var header = json.RootElement;
        CheckUnprotected(signature, header);
        if (Text(header, "typ") != CardPayload.Type)
            throw new CardSignatureException($"has another typ than {CardPayload.Type}");
        // It lists what a reader has to understand, and nothing of it is understood here.
        if (header.TryGetProperty("crit", out _))
            throw new CardSignatureException("has crit, which is not known here");
        var id = Text(header, "kid") ?? throw new CardSignatureException("names no kid");
        // The key says which algorithm it is for. The signature's alg has to be the same, so that none and HS256 get nowhere.
        var (known, algorithm) = (keys.Where(key => key.Id == id).ToList(), Text(header, "alg"));
        if (known.Count == 0)
            throw new CardSignatureException("is made with a key that is not among the trusted ones");
        if (known.Find(key => key.Algorithm == algorithm) is not { } key)
            throw new CardSignatureException("has another alg than its key is for");
        return key.Verify(Jws.Input(encoded, payload), made)
            ? id
            : throw new CardSignatureException("is of another key, or over another card or a part of this one");
    }

    /// <summary>The unprotected header is anybody's to write: it may hold what is of no matter here, but not what the protected one says (RFC 7515, section 7.2.1).</summary>
    private static void CheckUnprotected(JsonElement signature, JsonElement header)
    {
        if (!signature.TryGetProperty("header", out var unprotected) || unprotected.ValueKind == JsonValueKind.Null)
            return;
        if (unprotected.ValueKind != JsonValueKind.Object ||
            unprotected.EnumerateObject().Any(member => member.NameEquals("crit"u8) || header.TryGetProperty(member.Name, out _)))
        {
            throw new CardSignatureException("has an unprotected header that speaks against the protected one");
        }
    }

    private static JsonDocument Parse(byte[] header)
    {
        try
        {
            var json = CanonicalJson.Parse(header);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                return json;
            json.Dispose();
        }
        catch (JsonException)
        {
            // The same as any other text that is no header.
        }

        throw new CardSignatureException("has a protected header that is no JSON object");
    }

    private static byte[] Decode(string? text, string name)
    {
        try
        {
            return text is null ? throw new CardSignatureException($"has no {name}") : Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            throw new CardSignatureException($"has a {name} that is not in base64url");
        }
    }

    private static string? Text(JsonElement json, string name)
    {
        try
        {
            return json.ValueKind == JsonValueKind.Object ? JwkReader.Text(json, name) : null;
        }
        catch (JsonException)
        {
            // It is no Unicode.
            return null;
        }
    }
}
