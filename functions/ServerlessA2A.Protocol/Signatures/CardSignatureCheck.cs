using System.Buffers.Text;
using System.Text.Json;
using ServerlessA2A.Protocol.Keys;

namespace ServerlessA2A.Protocol.Signatures;

/// <summary>
/// Checks one signature of a card (A2A 1.0, section 8.4.2): a flattened JWS without its payload, which is the card (RFC 7515, appendix F).
/// </summary>
internal static class CardSignatureCheck
{
    private static readonly HashSet<string> Types = new(StringComparer.OrdinalIgnoreCase) { CardPayload.Type, "JOSE+JSON", "JWT" };

    /// <summary>Checks the signature and returns the id of its key.</summary>
    /// <exception cref="CardSignatureException">The signature is invalid.</exception>
    public static string Run(JsonElement signature, byte[] payload, IReadOnlyList<VerificationKey> keys)
    {
        var encoded = Text(signature, "protected") ?? throw new CardSignatureException("has no protected header");
        var made = Decode(Text(signature, "signature"), "signature");
        using var json = Parse(Decode(encoded, "protected"));
        var header = json.RootElement;
        CheckUnprotected(signature, header);
        // It should be JOSE (section 8.4.2). The Python SDK signs with a library for JWT, and others name none.
        if (Text(header, "typ") is { } type && !Types.Contains(type))
            throw new CardSignatureException($"has a typ other than {CardPayload.Type}");
        // It lists extensions that a reader must understand, and none are supported.
        if (header.TryGetProperty("crit", out _))
            throw new CardSignatureException("has crit, which is not supported");
        var id = Text(header, "kid") ?? throw new CardSignatureException("names no kid");
        // The algorithm follows from the key. The signature's alg must be the same, which rules out none and HS256.
        var (known, algorithm) = (keys.Where(key => key.Id == id).ToList(), Text(header, "alg"));
        if (known.Count == 0)
            throw new CardSignatureException("was made with a key that is not trusted");
        if (known.Find(key => key.Algorithm == algorithm) is not { } key)
            throw new CardSignatureException("has an alg that does not match its key");
        return key.Verify(Jws.Input(encoded, payload), made)
            ? id
            : throw new CardSignatureException("was made with another key, or over another card or a part of this one");
    }

    /// <summary>
    /// Anyone can write the unprotected header: it may contain unrelated members, but none of the protected ones (RFC 7515, section 7.2.1).
    /// </summary>
    private static void CheckUnprotected(JsonElement signature, JsonElement header)
    {
        if (!signature.TryGetProperty("header", out var unprotected) || unprotected.ValueKind == JsonValueKind.Null)
            return;
        if (unprotected.ValueKind != JsonValueKind.Object ||
            unprotected.EnumerateObject().Any(member => member.NameEquals("crit"u8) || header.TryGetProperty(member.Name, out _)))
        {
            throw new CardSignatureException("has an unprotected header that contradicts the protected one");
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
            // Treated like any other text that is not a header.
        }

        throw new CardSignatureException("has a protected header that is not a JSON object");
    }

    private static byte[] Decode(string? text, string name)
    {
        try
        {
            return text is null ? throw new CardSignatureException($"has no {name}") : Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            throw new CardSignatureException($"has a {name} that is not base64url");
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
            // Not valid Unicode.
            return null;
        }
    }
}
