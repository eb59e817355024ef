using System.Globalization;
using Microsoft.Extensions.Options;
using ServerlessA2A.Notifications.Keys;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Notifications;

/// <summary>
/// Encrypts the secrets of webhooks for the store, <c>token</c> and <c>authentication.credentials</c>, with AES-256-GCM. Each is bound to
/// its task, its configuration and its field, so that in another's place it can't be read.
/// </summary>
/// <remarks>
/// Stored is <c>enc:1:</c>, the key's id, and nonce, tag and ciphertext in base64. The first key encrypts and all decrypt; what was stored
/// before there was a key is read as it is. Without keys a secret stays as it is, <c>enc:0:</c> in front of one that looks like a stored one.
/// </remarks>
public sealed class PushConfigSecrets
{
    private const string Prefix = "enc:";
    private const string Plain = Prefix + "0:";
    private const string Encrypted = Prefix + "1:";

    private readonly IReadOnlyList<EncryptionKey> _keys;

    /// <summary>Reads the keys of the settings.</summary>
    /// <exception cref="OptionsValidationException">One of them is none.</exception>
    public PushConfigSecrets(IOptions<NotificationOptions> options) =>
        _keys = KeySettings.ReadAll(nameof(NotificationOptions.EncryptionKeys), options.Value.EncryptionKeys, EncryptionKey.Read);

    /// <summary>The webhook as it is stored. Once only: what is protected is a secret like any other.</summary>
    public PushConfig Protect(PushConfig config) => Change(config, Protect);

    /// <summary>The webhook as it was before <see cref="Protect(PushConfig)"/>.</summary>
    /// <exception cref="PushConfigSecretException">A secret was encrypted with a key that is not there, or for another place, or is damaged.</exception>
    public PushConfig Reveal(PushConfig config) => Change(config, Reveal);

    private static PushConfig Change(PushConfig config, Func<PushConfig, string, string, string> change)
    {
        var (hook, authentication) = (config.Config, config.Config.Authentication);
        if (!string.IsNullOrEmpty(hook.Token))
            hook = hook with { Token = change(config, "token", hook.Token) };
        if (!string.IsNullOrEmpty(authentication?.Credentials))
        {
            var credentials = change(config, "authentication.credentials", authentication.Credentials);
            hook = hook with { Authentication = authentication with { Credentials = credentials } };
        }

        return ReferenceEquals(hook, config.Config) ? config : config with { Config = hook };
    }

    private string Protect(PushConfig config, string field, string secret)
    {
        if (_keys.Count > 0)
            return $"{Encrypted}{_keys[0].Id}:{_keys[0].Encrypt(secret, PlaceOf(config, field))}";
        return secret.StartsWith(Prefix, StringComparison.Ordinal) ? Plain + secret : secret;
    }

    private string Reveal(PushConfig config, string field, string stored)
    {
        if (!stored.StartsWith(Prefix, StringComparison.Ordinal))
            return stored;
        if (stored.StartsWith(Plain, StringComparison.Ordinal))
            return stored[Plain.Length..];
        // The parts: enc, 1, id, encrypted.
        if (stored.Split(':') is not [_, "1", var id, var encrypted] || !EncryptionKey.IsId(id))
            throw Unreadable(config, field, "is stored in a form that is not known here: it is damaged, or was written by a later version.");
        var key = _keys.FirstOrDefault(key => key.Id == id) ?? throw Unreadable(config, field,
            $"is encrypted with the key {id}, which is not there: add it to A2A:Notifications:EncryptionKeys (A2A__Notifications__EncryptionKeys__1), behind the one that encrypts.");
        return key.Decrypt(encrypted, PlaceOf(config, field)) ??
            throw Unreadable(config, field, $"can't be decrypted with its key {id}: it is damaged, or was stored for another webhook.");
    }

    /// <summary>With the lengths, no two places have the same text.</summary>
    private static string PlaceOf(PushConfig config, string field) =>
        string.Create(CultureInfo.InvariantCulture, $"{config.TaskId.Length}:{config.TaskId}{config.Id.Length}:{config.Id}{field}");

    private static PushConfigSecretException Unreadable(PushConfig config, string field, string what) =>
        new($"The {field} of the webhook {config.Id} of the task {config.TaskId} {what}");
}
