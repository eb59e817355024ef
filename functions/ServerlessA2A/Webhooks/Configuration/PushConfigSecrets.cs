using System.Globalization;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Webhooks.Configuration;

/// <summary>
/// Encrypts the secrets of webhooks for the store, <c>token</c> and <c>authentication.credentials</c>, each bound to its task,
/// its configuration and its field.
/// </summary>
internal sealed class PushConfigSecrets(Secrets secrets)
{
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

    private string Protect(PushConfig config, string field, string secret) => secrets.Protect(secret, PlaceOf(config, field));

    private string Reveal(PushConfig config, string field, string stored)
    {
        try
        {
            return secrets.Reveal(stored, PlaceOf(config, field));
        }
        catch (SecretException unreadable)
        {
            throw new PushConfigSecretException($"The {field} of the webhook {config.Id} of the task {config.TaskId} {unreadable.Message}");
        }
    }

    /// <summary>With the lengths, no two places have the same text.</summary>
    private static string PlaceOf(PushConfig config, string field) =>
        string.Create(CultureInfo.InvariantCulture, $"{config.TaskId.Length}:{config.TaskId}{config.Id.Length}:{config.Id}{field}");
}
