using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Security.Limits;

/// <summary>Lets requests in, before anything of their bodies is read: who calls has to be known, and allowed, and not too fast.</summary>
internal sealed class Admission
{
    private const string Bearer = "Bearer";

    private readonly Authenticators _authenticators;
    private readonly SecurityOptions _options;
    private readonly RequestRates _rates;
    private readonly OpenStreams _streams;
    private readonly RefusalPace _pace;
    private readonly SecurityEvents _events;
    private readonly bool _letsAnonymousIn;

    internal Admission(
        Authenticators authenticators, IOptions<SecurityOptions> options, RequestRates rates, OpenStreams streams, RefusalPace pace, SecurityEvents events)
    {
        (_authenticators, _options, _rates, _streams, _pace, _events) = (authenticators, options.Value, rates, streams, pace, events);
        _letsAnonymousIn = IdentitySchemes.Has(_options, IdentityScheme.None);
    }

    /// <summary>The headers that credentials come in.</summary>
    internal IEnumerable<string> CredentialHeaders => ["Authorization", _options.ApiKeys.Header];

    /// <summary>Finds out whether a request is let in. A refusal is not thrown: it has to cost less than what it refuses.</summary>
    /// <returns>
    /// Who calls, null for an anonymous caller; or the refusal: Unauthenticated (with the challenges in the answer's <c>WWW-Authenticate</c>, RFC 9110, section 11.6.1),
    /// PermissionDenied, ResourceExhausted, or Unavailable where nobody can tell now.
    /// </returns>
    internal async ValueTask<(Identity? Caller, A2AException? Refusal)> AdmitAsync(HttpContext context)
    {
        var (caller, refusal) = await IdentifyAsync(context);
        if (caller is not null)
        {
            // From here on it is known whose requests are refused, and the log says so.
            context.Features.Set(caller with { AccessToken = null });
            refusal = Check(context, caller);
            if (caller.OversizedClaims > 0)
                _events.ClaimsOversized(context, caller);
        }

        // Last: who is refused has used up nothing of what is everybody's.
        refusal ??= _rates.Take();
        if (refusal is null)
            return (_options.ForwardAccessToken || caller is null ? caller : caller with { AccessToken = null }, null);
        if (refusal.Error != A2AError.Unavailable)
            await _pace.WaitAsync(context.RequestAborted);
        return (null, refusal);
    }

    /// <summary>The card with what it says of how callers prove who they are.</summary>
    internal AgentCard Declare(AgentCard card) => SecuritySchemes.Declare(card, _options);

    /// <summary>The refusal of an anonymous caller where it has to say who it is.</summary>
    internal A2AException RefuseAnonymous(HttpContext context, string message)
    {
        _events.CredentialMissing(context);
        return Challenge(context, message, failed: null);
    }

    /// <summary>Counts an event stream, or another request that waits as long, until what is answered is disposed of.</summary>
    /// <exception cref="A2AException">ResourceExhausted.</exception>
    internal IDisposable OpenStream(Identity? caller) => _streams.Open(caller);

    /// <summary>Says in the log that a limit was reached, here or further in.</summary>
    internal void ReportLimit(HttpContext context, A2AException refusal) => _events.LimitExceeded(context.Features.Get<Identity>(), refusal);

    private A2AException? Check(HttpContext context, Identity caller)
    {
        if (AllowedCallers.Include(_options.AllowedCallers, caller))
            return _rates.Take(caller);
        _events.CallerNotAllowed(context, caller);
        return new A2AException(A2AError.PermissionDenied, "You are not allowed to call this agent.");
    }

    private async ValueTask<(Identity? Caller, A2AException? Refusal)> IdentifyAsync(HttpContext context)
    {
        foreach (var authenticator in _authenticators.Configured)
        {
            try
            {
                if (await authenticator.AuthenticateAsync(context.Request, context.RequestAborted) is { } caller)
                    return (caller with { Scheme = authenticator.Scheme }, null);
            }
            catch (AuthenticationException failure)
            {
                _events.AuthenticationFailed(context, authenticator.Scheme, failure.Message);
                return (null, Challenge(context, "The credential is not valid.", failed: authenticator.Challenge));
            }
            catch (IdentityProviderException failure)
            {
                _events.IdentityProviderFailed(context, authenticator.Scheme, failure);
                return (null, A2AException.Unavailable(failure));
            }
        }

        // What is no credential for anybody here is none for an anonymous caller either: it thinks that it is somebody.
        var isInvalid = _authenticators.Configured.Count > 0 && context.Request.Headers.Authorization.Count > 0;
        if (_letsAnonymousIn && !isInvalid)
            return (null, null);
        if (!isInvalid)
            return (null, RefuseAnonymous(context, "The request does not say who calls."));
        _events.CredentialMissing(context);
        return (null, Challenge(context, "The credential is not valid.", failed: Credentials.Bearer(context.Request) is null ? null : Bearer));
    }

    /// <summary>RFC 6750, section 3: only a caller that has brought a token is told that it is not good.</summary>
    private A2AException Challenge(HttpContext context, string message, string? failed)
    {
        var challenges = _authenticators.Configured.Select(authenticator => authenticator.Challenge).Distinct(StringComparer.Ordinal)
            .Select(challenge => challenge == Bearer && failed == Bearer ? "Bearer error=\"invalid_token\"" : challenge);
        // Where callers can only be anonymous there is nothing to say.
        if (_authenticators.Configured.Count > 0)
            context.Response.Headers.WWWAuthenticate = string.Join(", ", challenges);
        return new A2AException(A2AError.Unauthenticated, message);
    }
}
