using System.Formats.Asn1;
using System.Security.Cryptography;

namespace ServerlessA2A.Protocol.Keys;

/// <summary>Reads private keys in PEM (RFC 7468): PKCS#8, SEC1 and PKCS#1, as openssl and gcloud write them.</summary>
internal static class PemReader
{
    private const string EcPublicKey = "1.2.840.10045.2.1";
    private const string RsaEncryption = "1.2.840.113549.1.1.1";

    /// <exception cref="KeyFaultException">There is no key that can sign with ES256 or RS256.</exception>
    /// <exception cref="CryptographicException">The key is damaged.</exception>
    public static SigningKey Read(string text)
    {
        // Environment variables often contain \n instead of line breaks.
        var rest = text.Replace("\\r", "", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal).AsSpan();
        var hasPublicKey = false;
        while (PemEncoding.TryFind(rest, out var found))
        {
            var label = rest[found.Label].ToString();
            // openssl puts the curve's parameters before the key.
            if (label is not "EC PARAMETERS")
            {
                if (Read(label, Convert.FromBase64String(rest[found.Base64Data].ToString())) is { } key)
                    return key;
                hasPublicKey = true;
            }

            rest = rest[found.Location.End..];
        }

        throw hasPublicKey ? SigningKey.PublicOnly() : SigningKey.Damaged();
    }

    private static SigningKey? Read(string label, byte[] der) => label switch
    {
        "PRIVATE KEY" => ReadPkcs8(der),
        "EC PRIVATE KEY" => ReadEc(key => key.ImportECPrivateKey(der, out _)),
        "RSA PRIVATE KEY" => ReadRsa(key => key.ImportRSAPrivateKey(der, out _)),
        "ENCRYPTED PRIVATE KEY" => throw new KeyFaultException(
            "is encrypted with a passphrase: set the key without one, and store it as a secret."),
        "PUBLIC KEY" or "RSA PUBLIC KEY" or "CERTIFICATE" => null,
        _ => throw SigningKey.OtherAlgorithm(),
    };

    private static SigningKey ReadPkcs8(byte[] der) => AlgorithmOf(der) switch
    {
        EcPublicKey => ReadEc(key => key.ImportPkcs8PrivateKey(der, out _)),
        RsaEncryption => ReadRsa(key => key.ImportPkcs8PrivateKey(der, out _)),
        _ => throw SigningKey.OtherAlgorithm(),
    };

    private static SigningKey ReadEc(Action<ECDsa> import)
    {
        var key = ECDsa.Create();
        import(key);
        return SigningKey.Of(key);
    }

    private static SigningKey ReadRsa(Action<RSA> import)
    {
        var key = RSA.Create();
        import(key);
        return SigningKey.Of(key);
    }

    /// <summary>PrivateKeyInfo: version, algorithm, key (RFC 5208, section 5).</summary>
    private static string AlgorithmOf(byte[] der)
    {
        try
        {
            var info = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
            info.ReadInteger();
            return info.ReadSequence().ReadObjectIdentifier();
        }
        catch (AsnContentException damaged)
        {
            throw new CryptographicException(damaged.Message, damaged);
        }
    }
}
