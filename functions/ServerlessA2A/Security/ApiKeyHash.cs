using System.Security.Cryptography;

namespace ServerlessA2A.Security;

/// <summary>What is kept of an API key.</summary>
/// <param name="Caller">Whose it is.</param>
/// <param name="Hash">Its SHA-256: 32 bytes.</param>
internal sealed record ApiKeyHash(string Caller, byte[] Hash)
{
    private const int NameDigits = 16;

    /// <summary>Whether there was no key at all when it was hashed: whoever sends nothing would be let in.</summary>
    public bool IsOfNothing => Hash.AsSpan().SequenceEqual(SHA256.HashData([]));

    /// <summary>Reads a setting: 64 hexadecimal digits, perhaps with <c>name=</c> before them. Null where it is none.</summary>
    public static ApiKeyHash? Parse(string setting)
    {
        var split = setting.LastIndexOf('=');
        var (name, digits) = (setting[..Math.Max(split, 0)].Trim(), setting[(split + 1)..].Trim());
        if (digits.Length != 2 * SHA256.HashSizeInBytes || !digits.All(char.IsAsciiHexDigit) || (split >= 0 && name.Length == 0))
            return null;
        // A key without a name is its own caller; of the hash enough is in the name to tell keys apart, and nothing leads back to the key.
        return new ApiKeyHash(name.Length > 0 ? name : digits[..NameDigits].ToLowerInvariant(), Convert.FromHexString(digits));
    }
}
