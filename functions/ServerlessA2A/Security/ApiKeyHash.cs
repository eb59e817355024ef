using System.Security.Cryptography;

namespace ServerlessA2A.Security;

/// <summary>The hash of an API key, which is all that the agent has of it.</summary>
/// <param name="Caller">The caller that the key belongs to.</param>
/// <param name="Hash">The key's SHA-256: 32 bytes.</param>
internal sealed record ApiKeyHash(string Caller, byte[] Hash)
{
    private const int NameDigits = 16;

    /// <summary>Whether the hashed key was empty. Such a hash would admit callers that send an empty key.</summary>
    public bool IsOfNothing => Hash.AsSpan().SequenceEqual(SHA256.HashData([]));

    /// <summary>Reads a setting: 64 hexadecimal digits, optionally preceded by <c>name=</c>. Null if it is invalid.</summary>
    public static ApiKeyHash? Parse(string setting)
    {
        var split = setting.LastIndexOf('=');
        var (name, digits) = (setting[..Math.Max(split, 0)].Trim(), setting[(split + 1)..].Trim());
        if (digits.Length != 2 * SHA256.HashSizeInBytes || !digits.All(char.IsAsciiHexDigit) || (split >= 0 && name.Length == 0))
            return null;
        // A key without a name is a caller of its own. The name has enough of the hash to distinguish keys, and not enough to find the key.
        return new ApiKeyHash(name.Length > 0 ? name : digits[..NameDigits].ToLowerInvariant(), Convert.FromHexString(digits));
    }
}
