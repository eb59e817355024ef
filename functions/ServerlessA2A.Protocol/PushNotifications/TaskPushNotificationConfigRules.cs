using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Protocol.PushNotifications;

/// <summary>The rules for a webhook. Whether its address is allowed is decided separately.</summary>
/// <remarks>A2A 1.0, sections 4.3.1 and 4.3.2.</remarks>
internal static class TaskPushNotificationConfigRules
{
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
    }

    private static bool IsWebAddress(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) &&
        (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp);
}
