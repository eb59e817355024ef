using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol.Keys;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Keys;
using ServerlessA2A.Settings;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.Hosting.Health;

/// <summary>
/// Reads the signing keys again, from their files if they are mounted, so that a broken new version of a secret is found before the next
/// start fails.
/// </summary>
internal sealed class SigningKeysHealthCheck(IOptions<SecurityOptions> security, IOptions<WebhookOptions> webhooks) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Faults() is { Count: > 0 } faults
            ? new HealthCheckResult(context.Registration.FailureStatus, string.Join(' ', faults))
            : HealthCheckResult.Healthy());

    private IReadOnlyList<string> Faults()
    {
        var keys = security.Value.SigningKeys;
        return keys.Count == 0 && webhooks.Value.Signature == WebhookSignature.Jwt
            ? [$"{SettingFault.Name("A2A:Webhooks:Signature")} is Jwt and there are no " +
                $"{SettingFault.ListName("A2A:Security:SigningKeys")}: set a key, or another signature."]
            : KeySettings.Faults(nameof(SecurityOptions.SigningKeys), keys, SigningKey.Read);
    }
}
