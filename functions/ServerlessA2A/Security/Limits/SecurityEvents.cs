using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Telemetry;

namespace ServerlessA2A.Security.Limits;

/// <summary>
/// Logs security events. Of each kind, ten in a row and then one a second are logged, with the number of suppressed ones: rejections at
/// full speed must not fill the log.
/// </summary>
internal sealed class SecurityEvents(ILogger logger, TimeProvider time)
{
    private readonly TokenBuckets _kinds = new(perSecond: 1, burst: 10, time);

    /// <summary>A credential was rejected.</summary>
    public void AuthenticationFailed(HttpContext context, IdentityScheme scheme, string reason)
    {
        if (IsTold($"failed {scheme}", out var leftOut))
            SecurityLog.AuthenticationFailed(logger, PathOf(context), scheme, reason, leftOut);
    }

    /// <summary>The request has no credential, or none that any authenticator recognises.</summary>
    public void CredentialMissing(HttpContext context)
    {
        if (IsTold("missing", out var leftOut))
            SecurityLog.CredentialMissing(logger, PathOf(context), leftOut);
    }

    /// <summary>An authenticated caller is not on the list of allowed callers.</summary>
    public void CallerNotAllowed(HttpContext context, Identity caller)
    {
        if (IsTold($"not allowed {caller.Key}", out var leftOut))
            SecurityLog.CallerNotAllowed(logger, PathOf(context), caller.Name, caller.Authority, leftOut);
    }

    /// <summary>The caller's token has more claims than agents get.</summary>
    public void ClaimsOversized(HttpContext context, Identity caller)
    {
        if (IsTold($"claims {caller.Key}", out var leftOut))
        {
            var kept = caller.Claims is null ? "dropped all" : "kept the standard ones";
            SecurityLog.ClaimsOversized(logger, PathOf(context), caller.Key, caller.OversizedClaims, kept, leftOut);
        }
    }

    /// <summary>An identity provider is unavailable.</summary>
    public void IdentityProviderFailed(HttpContext context, IdentityScheme scheme, Exception failure)
    {
        if (IsTold($"provider {scheme}", out var leftOut))
            SecurityLog.IdentityProviderFailed(logger, failure, PathOf(context), scheme, leftOut);
    }

    /// <summary>A limit of the caller, or a total limit, was exceeded.</summary>
    public void LimitExceeded(Identity? caller, A2AException refusal)
    {
        var (limit, value) = (refusal.Metadata.GetValueOrDefault("limit"), refusal.Metadata.GetValueOrDefault("value"));
        EngineMetrics.LimitExceeded(limit);
        if (IsTold($"limit {limit} {caller?.Key}", out var leftOut))
            SecurityLog.LimitExceeded(logger, caller?.Key ?? "an anonymous caller", limit, value, leftOut);
    }

    /// <summary>The whole path: an agent's name is in the path base.</summary>
    private static string PathOf(HttpContext context) => context.Request.PathBase.Value + context.Request.Path.Value;

    private bool IsTold(string kind, out int leftOut) => _kinds.Of(kind).Take(out leftOut) is null;
}
