namespace ServerlessA2A.Webhooks.Configuration;

/// <summary>
/// A stored secret of a webhook can't be read. A key that is put back into the settings heals it, unless the secret is damaged.
/// </summary>
/// <param name="message">Which one, and which key it needs; never anything of the secret.</param>
internal sealed class WebhookSecretException(string message) : Exception(message);
