using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace ServerlessA2A.Protocol.Keys;

/// <summary>Reads private keys that are JSON Web Keys (RFC 7517, RFC 7518 section 6).</summary>
internal static class JwkReader
{
    /// <summary>The length of a coordinate on P-256.</summary>
    public const int CoordinateBytes = 32;

    /// <exception cref="KeyFaultException">The key cannot sign with ES256 or RS256.</exception>
    /// <exception cref="CryptographicException">The key is damaged.</exception>
    public static SigningKey Read(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var jwk = json.RootElement;
            if (jwk.TryGetProperty("keys", out _))
                throw new KeyFaultException("is a set of keys: set each key as its own setting, the signing key first.");
            var key = Text(jwk, "kty") switch
            {
                "EC" when Text(jwk, "crv") == "P-256" => ReadEc(jwk),
                "RSA" => ReadRsa(jwk),
                _ => throw SigningKey.OtherAlgorithm(),
            };
            CheckPurpose(jwk, key.Algorithm);
            return key;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // The latter if a member's name is not valid Unicode.
            throw SigningKey.Damaged();
        }
    }

    private static SigningKey ReadEc(JsonElement jwk) => SigningKey.Of(
        ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = Private(jwk, "d", CoordinateBytes),
            Q = new ECPoint { X = Number(jwk, "x", CoordinateBytes), Y = Number(jwk, "y", CoordinateBytes) },
        }),
        Text(jwk, "kid"));

    private static SigningKey ReadRsa(JsonElement jwk)
    {
        var modulus = Number(jwk, "n");
        var half = (modulus.Length + 1) / 2;
        var parameters = new RSAParameters
        {
            Modulus = modulus,
            Exponent = Number(jwk, "e"),
            D = Private(jwk, "d", modulus.Length),
            P = Number(jwk, "p", half),
            Q = Number(jwk, "q", half),
            DP = Number(jwk, "dp", half),
            DQ = Number(jwk, "dq", half),
            InverseQ = Number(jwk, "qi", half),
        };
        var key = RSA.Create(parameters);
        // Unlike for EC keys, nothing has checked yet that the numbers belong together.
        byte[] trial = [1];
        var signature = key.SignData(trial, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        if (!key.VerifyData(trial, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            throw SigningKey.Damaged();
        return SigningKey.Of(key, Text(jwk, "kid"));
    }

    private static void CheckPurpose(JsonElement jwk, string algorithm)
    {
        if (Text(jwk, "alg") is { } other && other != algorithm)
            throw new KeyFaultException($"is a JWK whose alg is not {algorithm}: set a key for {algorithm}, or one without alg.");
        if (Text(jwk, "use") is { } use && use != "sig")
            throw new KeyFaultException("is a JWK whose use is not sig: set a key for signatures.");
    }

    private static byte[] Private(JsonElement jwk, string name, int length) =>
        Text(jwk, name) is not null ? Number(jwk, name, length) : throw SigningKey.PublicOnly();

    /// <summary>A big-endian number. Some writers omit leading zeros, others add one.</summary>
    /// <exception cref="KeyFaultException">The number is missing or damaged.</exception>
    public static byte[] Number(JsonElement jwk, string name, int length = 0)
    {
        if (Text(jwk, name) is not { } text)
            throw new KeyFaultException($"is a JWK without the member {name}: set the whole private key.");
        try
        {
            var digits = Base64Url.DecodeFromChars(text).AsSpan().TrimStart((byte)0);
            // A number of RSA is never zero, which would have no length at all.
            if (length > 0 ? digits.Length > length : digits.IsEmpty)
                throw SigningKey.Damaged();
            var number = new byte[Math.Max(length, digits.Length)];
            digits.CopyTo(number.AsSpan(number.Length - digits.Length));
            return number;
        }
        catch (FormatException)
        {
            throw SigningKey.Damaged();
        }
    }

    /// <summary>A member that is a non-empty text.</summary>
    /// <exception cref="JsonException">The text is not valid Unicode, which reading the JSON does not check.</exception>
    public static string? Text(JsonElement jwk, string name)
    {
        try
        {
            return jwk.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String &&
                value.GetString() is { Length: > 0 } text
                ? text
                : null;
        }
        catch (InvalidOperationException broken)
        {
            throw new JsonException($"The member {name} is not valid Unicode: half of a surrogate pair, or invalid UTF-8.", broken);
        }
    }
}
