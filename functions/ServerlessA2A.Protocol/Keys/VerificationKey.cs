using System.Security.Cryptography;
using System.Text.Json;

namespace ServerlessA2A.Protocol.Keys;

/// <summary>A public key that verifies signatures of one algorithm: ES256 or RS256 (RFC 7518, section 3.1).</summary>
internal sealed class VerificationKey
{
    private readonly Func<byte[], byte[], bool> _verify;

    private VerificationKey(string? id, string algorithm, Func<byte[], byte[], bool> verify) =>
        (Id, Algorithm, _verify) = (id, algorithm, verify);

    /// <summary>The <c>kid</c>; null where it has none.</summary>
    public string? Id { get; }

    /// <summary>The key's <c>alg</c>. It follows from the key's type, never from a signature.</summary>
    public string Algorithm { get; }

    /// <summary>Whether a signature was made with the private half of this key.</summary>
    public bool Verify(byte[] data, byte[] signature) => _verify(data, signature);

    /// <summary>
    /// Reads the keys of a JSON Web Key Set. Keys for other purposes or algorithms (RFC 7517, section 5) and damaged ones are skipped.
    /// </summary>
    /// <exception cref="JsonException">The text is not a key set, or a text in it is not valid Unicode.</exception>
    public static IReadOnlyList<VerificationKey> ReadAll(JsonElement keySet) =>
        keySet.ValueKind == JsonValueKind.Object && keySet.TryGetProperty("keys", out var keys) && keys.ValueKind == JsonValueKind.Array
            ? [.. keys.EnumerateArray().Select(Read).OfType<VerificationKey>()]
            : throw new JsonException("There is no list of keys.");

    private static VerificationKey? Read(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object || JwkReader.Text(jwk, "use") is not (null or "sig"))
            return null;
        try
        {
            var key = JwkReader.Text(jwk, "kty") switch
            {
                "EC" when JwkReader.Text(jwk, "crv") == "P-256" => OfEc(jwk),
                "RSA" => OfRsa(jwk),
                _ => null,
            };
            return JwkReader.Text(jwk, "alg") is { } other && other != key?.Algorithm ? null : key;
        }
        catch (Exception damaged) when (damaged is KeyFaultException or CryptographicException)
        {
            return null;
        }
    }

    private static VerificationKey OfEc(JsonElement jwk)
    {
        var parameters = new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint
            {
                X = JwkReader.Number(jwk, "x", JwkReader.CoordinateBytes),
                Y = JwkReader.Number(jwk, "y", JwkReader.CoordinateBytes),
            },
        };
        ECDsa.Create(parameters).Dispose();
        // A new instance for each call: instances of key classes are not thread-safe.
        return new(JwkReader.Text(jwk, "kid"), "ES256", (data, signature) =>
        {
            using var key = ECDsa.Create(parameters);
            return key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        });
    }

    private static VerificationKey? OfRsa(JsonElement jwk)
    {
        var parameters = new RSAParameters { Modulus = JwkReader.Number(jwk, "n"), Exponent = JwkReader.Number(jwk, "e") };
        using (var key = RSA.Create(parameters))
        {
            if (key.KeySize < SigningKey.SmallestRsa)
                return null;
        }

        return new(JwkReader.Text(jwk, "kid"), "RS256", (data, signature) =>
        {
            using var key = RSA.Create(parameters);
            return key.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        });
    }
}
