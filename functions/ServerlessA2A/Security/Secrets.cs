using Microsoft.Extensions.Options;
using ServerlessA2A.Security.Keys;
using ServerlessA2A.Settings;

namespace ServerlessA2A.Security;

/// <summary>
/// Encrypts secrets for storage or transport with AES-256-GCM. Each is bound to its place and cannot be decrypted for another one.
/// </summary>
/// <remarks>
/// The result is <c>enc:1:</c>, the key's id, and nonce, tag and ciphertext in base64. The first key encrypts and all keys decrypt. A
/// secret stored before there was a key is returned as it is. Without keys a secret stays as it is; one that looks encrypted is preceded
/// by <c>enc:0:</c>.
/// </remarks>
internal sealed class Secrets
{
    private const string Prefix = "enc:";
    private const string Plain = Prefix + "0:";
    private const string Encrypted = Prefix + "1:";

    private readonly IReadOnlyList<EncryptionKey> _keys;

    /// <summary>Reads the keys of the settings.</summary>
    /// <exception cref="OptionsValidationException">A key is invalid.</exception>
    public Secrets(IOptions<SecurityOptions> options) =>
        _keys = KeySettings.ReadAll(
            typeof(SecurityOptions), nameof(SecurityOptions.EncryptionKeys), options.Value.EncryptionKeys, EncryptionKey.Read);

    /// <summary>Encrypts a secret. Applied twice, it encrypts twice.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="place">Where it is stored; unique per place.</param>
    public string Protect(string secret, string place)
    {
        if (_keys.Count > 0)
            return $"{Encrypted}{_keys[0].Id}:{_keys[0].Encrypt(secret, place)}";
        return secret.StartsWith(Prefix, StringComparison.Ordinal) ? Plain + secret : secret;
    }

    /// <summary>Reverses <see cref="Protect"/>.</summary>
    /// <exception cref="SecretException">The secret's key is missing, or it was encrypted for another place, or it is damaged.</exception>
    public string Reveal(string stored, string place)
    {
        if (!stored.StartsWith(Prefix, StringComparison.Ordinal))
            return stored;
        if (stored.StartsWith(Plain, StringComparison.Ordinal))
            return stored[Plain.Length..];
        // The parts: enc, 1, id, encrypted.
        if (stored.Split(':') is not [_, "1", var id, var encrypted] || !EncryptionKey.IsId(id))
            throw new SecretException("is stored in an unknown format: it is damaged, or was written by a later version.");
        var key = _keys.FirstOrDefault(key => key.Id == id) ?? throw new SecretException(
            $"is encrypted with the key {id}, which is not configured: " +
            $"add it to {SettingFault.Name("A2A:Security:EncryptionKeys:1")}, after the current key.");
        return key.Decrypt(encrypted, place) ?? throw new SecretException(
            $"cannot be decrypted with its key {id}: it is damaged, or was stored for another place.");
    }
}
