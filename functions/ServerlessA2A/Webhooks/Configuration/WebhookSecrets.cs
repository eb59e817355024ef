using System.Globalization;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.Webhooks.Configuration;

/// <summary>
/// Encrypts the secrets of webhooks for the store, <c>token</c> and <c>authentication.credentials</c>, each bound to its task,
/// its configuration and its field.
/// </summary>
internal sealed class WebhookSecrets(Secrets secrets)
{
    /// <summary>The webhook as it is stored. Once only: what is protected is a secret like any other.</summary>
    public Webhook Protect(Webhook webhook) => Change(webhook, Protect);

    /// <summary>The webhook as it was before <see cref="Protect(Webhook)"/>.</summary>
    /// <exception cref="WebhookSecretException">
    /// A secret was encrypted with a key that is not there, or for another place, or is damaged.
    /// </exception>
    public Webhook Reveal(Webhook webhook) => Change(webhook, Reveal);

    private static Webhook Change(Webhook webhook, Func<Webhook, string, string, string> change)
    {
        var (hook, authentication) = (webhook.Config, webhook.Config.Authentication);
        if (!string.IsNullOrEmpty(hook.Token))
            hook = hook with { Token = change(webhook, "token", hook.Token) };
        if (!string.IsNullOrEmpty(authentication?.Credentials))
        {
            var credentials = change(webhook, "authentication.credentials", authentication.Credentials);
            hook = hook with { Authentication = authentication with { Credentials = credentials } };
        }

        return ReferenceEquals(hook, webhook.Config) ? webhook : webhook with { Config = hook };
    }

    private string Protect(Webhook webhook, string field, string secret) => secrets.Protect(secret, PlaceOf(webhook, field));

    private string Reveal(Webhook webhook, string field, string stored)
    {
        try
        {
            return secrets.Reveal(stored, PlaceOf(webhook, field));
        }
        catch (SecretException unreadable)
        {
            throw new WebhookSecretException($"The {field} of the webhook {webhook.Id} of the task {webhook.TaskId} {unreadable.Message}");
        }
    }

    /// <summary>With the lengths, no two places have the same text.</summary>
    private static string PlaceOf(Webhook webhook, string field) =>
        string.Create(CultureInfo.InvariantCulture, $"{webhook.TaskId.Length}:{webhook.TaskId}{webhook.Id.Length}:{webhook.Id}{field}");
}
