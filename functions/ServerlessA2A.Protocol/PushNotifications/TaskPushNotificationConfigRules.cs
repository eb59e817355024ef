using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Protocol.PushNotifications;

/// <summary>The rules for a webhook. Whether its address is allowed is decided separately.</summary>
/// <remarks>A2A 1.0, sections 4.3.1 and 4.3.2.</remarks>
internal static class TaskPushNotificationConfigRules
{
    // In characters. The specification sets no limits, but stores and receivers do, and a task may have many webhooks.
    private const int MaxUrlLength = 2048;
    private const int MaxSecretLength = 4096;
    private const int MaxSchemeLength = 64;

    public static void Check(TaskPushNotificationConfig config, string prefix, ref Violations violations)
    {
        if (config.Id is { } id)
        {
            violations.OptionalId(prefix + "id", id);

            // The id is a segment of the webhook's path, and of its name in 0.3.
            if (id.Contains('/')) violations.Add(prefix + "id", "must not contain a slash");
        }

        if (string.IsNullOrEmpty(config.Url)) violations.Add(prefix + "url", "is required");
        else if (!IsWebAddress(config.Url)) violations.Add(prefix + "url", "must be an absolute http or https address");
        if (config.Authentication is { } authentication && string.IsNullOrEmpty(authentication.Scheme))
            violations.Add(prefix + "authentication.scheme", "is required");
        violations.Length(prefix + "url", config.Url, MaxUrlLength);
        violations.Length(prefix + "token", config.Token, MaxSecretLength);
        violations.Length(prefix + "authentication.scheme", config.Authentication?.Scheme, MaxSchemeLength);
        violations.Length(prefix + "authentication.credentials", config.Authentication?.Credentials, MaxSecretLength);
    }

    private static bool IsWebAddress(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) &&
        (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);
}
