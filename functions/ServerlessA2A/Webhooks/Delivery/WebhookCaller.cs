using System.Diagnostics;
using System.Globalization;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Tasks;
using ServerlessA2A.Webhooks.Configuration;
using ServerlessA2A.Webhooks.Signing;

namespace ServerlessA2A.Webhooks.Delivery;

/// <summary>Calls a webhook as its configuration wants it, signed, and judges the answer.</summary>
internal sealed class WebhookCaller(WebhookSender sender, WebhookSecrets secrets, IWebhookSigner signer)
{
    /// <summary>The header by which a receiver knows a repeat: task and event number.</summary>
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>The header of the protocol version of the body, which is that of the configuration (A2A 1.0, section 3.6).</summary>
    public const string Version = WireFormat.VersionHeader;

    /// <summary>The header of the configuration's token (A2A 1.0, section 4.3.1).</summary>
    public const string Token = "X-A2A-Notification-Token";

    /// <summary>The header of what proves who calls.</summary>
    public const string Signature = "X-A2A-Notification-Signature";

    /// <summary>Calls once, in the name of an agent.</summary>
    internal async Task<WebhookOutcome> CallAsync(Webhook stored, string agent, WebhookBody body, CancellationToken cancellationToken)
    {
        var config = secrets.Reveal(stored).Config;
        var url = new Uri(config.Url);
        var signature = await signer.SignAsync(url, agent, stored.TaskId, body.Seq, body.Json, cancellationToken);
        var answer = await sender.SendAsync(
            new WebhookCall
            {
                Url = url,
                Body = body.Json,
                ContentType = body.ContentType,
                Headers = [.. Headers(config, stored, body, signature)]
            },
            cancellationToken);
        return Judge(answer);
    }

    internal static WebhookOutcome Judge(WebhookAnswer answer) => answer switch
    {
        { Status: >= 200 and < 300 and var status } => new(WebhookVerdict.Taken, Status: status),
        { Status: (408 or 429 or >= 500) and var status } =>
            new(WebhookVerdict.TryAgain, $"It answered {status}.", status, answer.RetryAfter),
        { Status: >= 300 and < 400 and var status } =>
            new(WebhookVerdict.Refused, $"It answered {status}: redirects are not followed.", status),
        { Status: { } status } => new(WebhookVerdict.Refused, $"It answered {status}.", status),
        { IsRefused: true } => new(WebhookVerdict.Refused, answer.Fault ?? ""),
        _ => new(WebhookVerdict.TryAgain, answer.Fault ?? "It did not answer."),
    };

    private static IEnumerable<KeyValuePair<string, string>> Headers(
        TaskPushNotificationConfig config, Webhook stored, WebhookBody body, string? signature)
    {
        yield return new(Version, body.Version);
        yield return new(IdempotencyKey, string.Create(CultureInfo.InvariantCulture, $"{stored.TaskId}:{body.Seq}"));
        if (!string.IsNullOrEmpty(config.Token))
            yield return new(Token, config.Token);
        if (signature is not null)
            yield return new(Signature, signature);
        if (config.Authentication is { } authentication)
        {
            // Bearer without credentials of its own is answered with what the agent itself has signed.
            var credentials = string.IsNullOrEmpty(authentication.Credentials) &&
                authentication.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
                ? signature
                : authentication.Credentials;
            yield return new(
                "Authorization", string.IsNullOrEmpty(credentials) ? authentication.Scheme : $"{authentication.Scheme} {credentials}");
        }

        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } trace } activity)
        {
            yield return new("traceparent", trace);
            if (!string.IsNullOrEmpty(activity.TraceStateString))
                yield return new("tracestate", activity.TraceStateString);
        }
    }
}
