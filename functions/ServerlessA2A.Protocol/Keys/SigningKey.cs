using System.Security.Cryptography;

namespace ServerlessA2A.Protocol.Keys;

/// <summary>A private key that signs tokens and cards: ES256 or RS256 (RFC 7518, section 3.1).</summary>
internal sealed class SigningKey : IKey
{
    /// <summary>RFC 7518, section 3.3.</summary>
    public const int SmallestRsa = 2048;

    private const string P256 = "1.2.840.10045.3.1.7";
    private const string Remedy = "set an EC key on P-256, or an RSA key of 2048 bits or more";

    private readonly Func<byte[], byte[]> _sign;

    /// <summary>Instances of key classes are not thread-safe.</summary>
    private readonly Lock _lock = new();

    private SigningKey(string algorithm, PublicJwk jwk, string? id, Func<byte[], byte[]> sign)
    {
        (Algorithm, Public, _sign) = (algorithm, jwk, sign);
        Id = id ?? jwk.Thumbprint();
    }

    /// <summary>The <c>alg</c> of its signatures.</summary>
    public string Algorithm { get; }

    /// <summary>The <c>kid</c>: the key's own, or its thumbprint.</summary>
    public string Id { get; }

    /// <summary>The published half.</summary>
    public PublicJwk Public { get; }

    /// <summary>Reads a key from a setting: PEM, JWK, or <c>file:</c> and the path of either.</summary>
    /// <exception cref="KeyFaultException">The key cannot sign with ES256 or RS256.</exception>
    public static SigningKey Read(string setting)
    {
        var text = KeyText.Read(setting);
        try
        {
            if (text.StartsWith('{'))
                return JwkReader.Read(text);
            return text.Contains("-----BEGIN", StringComparison.Ordinal)
                ? PemReader.Read(text)
                : throw new KeyFaultException($"is neither PEM nor a JWK: {Remedy} as one of them, or file: and the path of such a file.");
        }
        catch (CryptographicException)
        {
            // The exception's details about the key must not be logged.
            throw Damaged();
        }
    }

    public static SigningKey Of(ECDsa key, string? id = null)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        if (!parameters.Curve.IsNamed || CurveOf(parameters) != P256)
            throw new KeyFaultException($"is an EC key on another curve than P-256: {Remedy}.");
        return new SigningKey(
            "ES256", PublicJwk.Of(parameters), id,
            data => key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    public static SigningKey Of(RSA key, string? id = null)
    {
        if (key.KeySize < SmallestRsa)
            throw new KeyFaultException($"is an RSA key of {key.KeySize} bits: {Remedy}.");
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return new SigningKey(
            "RS256", PublicJwk.Of(parameters), id, data => key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public static KeyFaultException OtherAlgorithm() => new($"is not a key for ES256 or RS256: {Remedy}.");

    public static KeyFaultException PublicOnly() =>
        new("is only a public key: set the private key, whose public half is published automatically.");

    public static KeyFaultException Damaged() => new($"is a damaged or truncated key: {Remedy}, complete.");

    /// <summary>The signature in the form of JWS: both numbers one after the other for ES256 (RFC 7518, section 3.4).</summary>
    public byte[] Sign(byte[] data)
    {
        lock (_lock)
            return _sign(data);
    }

    /// <summary>Some platforms have only the curve's name.</summary>
    private static string? CurveOf(ECParameters parameters) =>
        parameters.Curve.Oid.Value ?? (parameters.Curve.Oid.FriendlyName is "nistP256" or "ECDSA_P256" ? P256 : null);
}
