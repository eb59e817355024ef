using System.Security.Cryptography;

namespace ServerlessA2A.Security.Keys;

/// <summary>A private key that tokens are signed with: ES256 or RS256 (RFC 7518, section 3.1).</summary>
internal sealed class SigningKey : IKey
{
    /// <summary>RFC 7518, section 3.3.</summary>
    public const int SmallestRsa = 2048;

    private const string P256 = "1.2.840.10045.3.1.7";
    private const string Remedy = "set an EC key on P-256, or an RSA key of 2048 bits or more";

    private readonly Func<byte[], byte[]> _sign;

    /// <summary>Keys are not made to be used by several threads at once.</summary>
    private readonly Lock _lock = new();

    private SigningKey(string algorithm, PublicJwk jwk, string? id, Func<byte[], byte[]> sign)
    {
        (Algorithm, Public, _sign) = (algorithm, jwk, sign);
        Id = id ?? jwk.Thumbprint();
    }

    /// <summary>The <c>alg</c> of what it signs.</summary>
    public string Algorithm { get; }

    /// <summary>The <c>kid</c>: the key's own, or its thumbprint.</summary>
    public string Id { get; }

    /// <summary>What is published.</summary>
    public PublicJwk Public { get; }

    /// <summary>Reads a key from a setting: PEM, JWK, or <c>file:</c> and the path of either.</summary>
    /// <exception cref="KeyFaultException">It is none that signs with ES256 or RS256.</exception>
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
            // What it says about the key is not for a log.
            throw Damaged();
        }
    }

    public static SigningKey Of(ECDsa key, string? id = null)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        if (!parameters.Curve.IsNamed || CurveOf(parameters) != P256)
            throw new KeyFaultException($"is an EC key on another curve than P-256: {Remedy}.");
        return new SigningKey(
            "ES256", PublicJwk.Of(parameters), id, data => key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    public static SigningKey Of(RSA key, string? id = null)
    {
        if (key.KeySize < SmallestRsa)
            throw new KeyFaultException($"is an RSA key of {key.KeySize} bits: {Remedy}.");
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return new SigningKey(
            "RS256", PublicJwk.Of(parameters), id, data => key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public static KeyFaultException OtherAlgorithm() => new($"is a key for another algorithm than ES256 and RS256: {Remedy}.");

    public static KeyFaultException PublicOnly() => new("holds a public key only: set the private one, whose public half is published by itself.");

    public static KeyFaultException Damaged() => new($"is a key that can't be read, damaged or cut off: {Remedy}, whole.");

    /// <summary>The signature in the form of JWS: both numbers one after the other for ES256 (RFC 7518, section 3.4).</summary>
    public byte[] Sign(byte[] data)
    {
        lock (_lock)
            return _sign(data);
    }

    /// <summary>Only the name is there on some platforms.</summary>
    private static string? CurveOf(ECParameters parameters) =>
        parameters.Curve.Oid.Value ?? (parameters.Curve.Oid.FriendlyName is "nistP256" or "ECDSA_P256" ? P256 : null);
}
