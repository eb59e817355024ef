using System.Security.Cryptography;
using System.Text;
using ServerlessA2A.Protocol.Keys;

namespace ServerlessA2A.Security.Keys;

/// <summary>A key that encrypts stored secrets: AES-256-GCM.</summary>
internal sealed class EncryptionKey : IKey
{
    private const int KeyBytes = 32;
    private const int IdBytes = 8;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] _key;

    private EncryptionKey(byte[] key)
    {
        _key = key;
        Id = Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, IdBytes));
    }

    /// <summary>The first 8 bytes of the key's SHA-256 in hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>Reads a key from a setting: base64, or <c>file:</c> and the path of a file with such a text.</summary>
    /// <exception cref="KeyFaultException">It is not 32 bytes in base64.</exception>
    public static EncryptionKey Read(string setting)
    {
        const string Remedy = "set 32 random bytes in base64, such as openssl rand -base64 32 prints";
        var key = new byte[KeyBytes + 1];
        var text = KeyText.Read(setting);
        // A text that is too long for a key is not decoded, and its length is not revealed.
        if (!Convert.TryFromBase64String(text, key, out var length) || length != KeyBytes)
            throw new KeyFaultException($"is not 32 bytes in base64: {Remedy}.");
        return new EncryptionKey(key[..KeyBytes]);
    }

    /// <summary>Whether a text can be the id of a key. Messages do not repeat other texts, which may be anything.</summary>
    public static bool IsId(string text) => text.Length == 2 * IdBytes && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Derives an independent key of 32 bytes for a purpose (HKDF, RFC 5869).</summary>
    public byte[] Derive(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, KeyBytes, info: Encoding.UTF8.GetBytes(purpose));

    /// <summary>Encrypts under a new random nonce.</summary>
    /// <param name="secret">The text.</param>
    /// <param name="place">Where it is stored: decrypting it for another place fails.</param>
    /// <returns>Nonce, tag and ciphertext, in base64.</returns>
    public string Encrypt(string secret, string place)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var sealedBytes = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        var tag = sealedBytes.AsSpan(NonceBytes, TagBytes);
        RandomNumberGenerator.Fill(nonce);
        // A new instance for each call: instances are not thread-safe.
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceBytes + TagBytes), tag, Encoding.UTF8.GetBytes(place));
        return Convert.ToBase64String(sealedBytes);
    }

    /// <summary>Decrypts the result of <see cref="Encrypt"/> for the same place.</summary>
    /// <returns>The text; null if it was encrypted with another key or for another place.</returns>
    public string? Decrypt(string encrypted, string place)
    {
        var sealedBytes = new byte[encrypted.Length];
        if (!Convert.TryFromBase64String(encrypted, sealedBytes, out var length) || length < NonceBytes + TagBytes)
            return null;
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        var tag = sealedBytes.AsSpan(NonceBytes, TagBytes);
        var plain = new byte[length - NonceBytes - TagBytes];
        using var aes = new AesGcm(_key, TagBytes);
        try
        {
            aes.Decrypt(nonce, sealedBytes.AsSpan(NonceBytes + TagBytes, plain.Length), tag, plain, Encoding.UTF8.GetBytes(place));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return Encoding.UTF8.GetString(plain);
    }
}
