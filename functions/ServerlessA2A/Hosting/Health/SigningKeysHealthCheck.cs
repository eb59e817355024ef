using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using ServerlessA2A.Security;
using ServerlessA2A.Security.Keys;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Signing;

namespace ServerlessA2A.Hosting.Health;

/// <summary>
/// Reads the signing keys again, from their files where they are mounted: a secret that was replaced by something else is found before the
/// next start fails on it.
/// </summary>
internal sealed class SigningKeysHealthCheck(IOptions<SecurityOptions> security, IOptions<NotificationOptions> webhooks) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Faults() is { Count: > 0 } faults
            ? new HealthCheckResult(context.Registration.FailureStatus, string.Join(' ', faults))
            : HealthCheckResult.Healthy());

    private IReadOnlyList<string> Faults()
    {
        var keys = security.Value.SigningKeys;
        return keys.Count == 0 && webhooks.Value.Signature == NotificationSignature.Jwt
            ? ["A2A:Notifications:Signature (A2A__Notifications__Signature) is Jwt and there are no A2A:Security:SigningKeys (A2A__Security__SigningKeys__0): set a key, or another signature."]
            : KeySettings.Faults(nameof(SecurityOptions.SigningKeys), keys, SigningKey.Read);
    }
}
