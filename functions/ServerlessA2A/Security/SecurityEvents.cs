using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Security.Limits;

namespace ServerlessA2A.Security;

/// <summary>
/// What happens at the door, in the log. Of each kind, ten at once and then one a second are told, each with how many were left out since: who is refused at full speed must
/// not fill the log.
/// </summary>
internal sealed class SecurityEvents(ILogger logger, TimeProvider time)
{
    private readonly TokenBuckets _kinds = new(perSecond: 1, burst: 10, time);

    /// <summary>A credential does not prove who calls.</summary>
    public void AuthenticationFailed(HttpContext context, IdentityScheme scheme, string reason)
    {
        if (IsTold($"failed {scheme}", out var leftOut))
            SecurityLog.AuthenticationFailed(logger, PathOf(context), scheme, reason, leftOut);
    }

    /// <summary>There is no credential, or none that anybody takes.</summary>
    public void CredentialMissing(HttpContext context)
    {
        if (IsTold("missing", out var leftOut))
            SecurityLog.CredentialMissing(logger, PathOf(context), leftOut);
    }

    /// <summary>The caller is known and not on the list.</summary>
    public void CallerNotAllowed(HttpContext context, Identity caller)
    {
        if (IsTold($"not allowed {caller.Key}", out var leftOut))
            SecurityLog.CallerNotAllowed(logger, PathOf(context), caller.Name, caller.Authority, leftOut);
    }

    /// <summary>The caller's token claims more than agents get.</summary>
    public void ClaimsOversized(HttpContext context, Identity caller)
    {
        if (IsTold($"claims {caller.Key}", out var leftOut))
            SecurityLog.ClaimsOversized(logger, PathOf(context), caller.Key, caller.OversizedClaims, caller.Claims is null ? "none kept" : "only the standard ones kept", leftOut);
    }

    /// <summary>Nobody can tell who calls.</summary>
    public void IdentityProviderFailed(HttpContext context, IdentityScheme scheme, Exception failure)
    {
        if (IsTold($"provider {scheme}", out var leftOut))
            SecurityLog.IdentityProviderFailed(logger, failure, PathOf(context), scheme, leftOut);
    }

    /// <summary>The caller, or all of them, have or do as much as they may.</summary>
    public void LimitExceeded(Identity? caller, A2AException refusal)
    {
        var (limit, value) = (refusal.Metadata.GetValueOrDefault("limit"), refusal.Metadata.GetValueOrDefault("value"));
        if (IsTold($"limit {limit} {caller?.Key}", out var leftOut))
            SecurityLog.LimitExceeded(logger, caller?.Key ?? "an anonymous caller", limit, value, leftOut);
    }

    /// <summary>The whole path: an agent's name has gone to the path base.</summary>
    private static string PathOf(HttpContext context) => context.Request.PathBase.Value + context.Request.Path.Value;

    private bool IsTold(string kind, out int leftOut) => _kinds.Of(kind).Take(out leftOut) is null;
}
