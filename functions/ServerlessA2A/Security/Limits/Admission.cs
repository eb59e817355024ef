using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Security.Limits;

/// <summary>Admits requests before their bodies are read: the caller must be known and allowed, and must keep to the rate limit.</summary>
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
        Authenticators authenticators, IOptions<SecurityOptions> options, RequestRates rates, OpenStreams streams, RefusalPace pace,
        SecurityEvents events)
    {
        (_authenticators, _options, _rates, _streams, _pace, _events) = (authenticators, options.Value, rates, streams, pace, events);
        _letsAnonymousIn = IdentitySchemes.Has(_options, IdentityScheme.None);
    }

    /// <summary>The headers that carry credentials.</summary>
    internal IEnumerable<string> CredentialHeaders => ["Authorization", _options.ApiKeys.Header];

    /// <summary>Decides whether a request is admitted. A rejection is not thrown: it must cost less than the request.</summary>
    /// <returns>
    /// The caller, null for an anonymous one; or the rejection: Unauthenticated (with the challenges in the response's
    /// <c>WWW-Authenticate</c>, RFC 9110, section 11.6.1), PermissionDenied, ResourceExhausted, or Unavailable if an identity provider is
    /// down.
    /// </returns>
    internal async ValueTask<(Identity? Caller, A2AException? Refusal)> AdmitAsync(HttpContext context)
    {
        var (caller, refusal) = await IdentifyAsync(context);
        if (caller is not null)
        {
            // From here on the caller is known, and the log names it.
            context.Features.Set(caller with { AccessToken = null });
            refusal = Check(context, caller);
            if (caller.OversizedClaims > 0)
                _events.ClaimsOversized(context, caller);
        }

        // The total rate goes last, so that a rejected request uses none of it.
        refusal ??= _rates.Take();
        if (refusal is null)
            return (_options.ForwardAccessToken || caller is null ? caller : caller with { AccessToken = null }, null);
        if (refusal.Error != A2AError.Unavailable)
            await _pace.WaitAsync(context.RequestAborted);
        return (null, refusal);
    }

    /// <summary>Adds the callers' security schemes to the card, and to its skills the scopes that they require.</summary>
    /// <param name="card">The card.</param>
    /// <param name="scopesOf">The scopes that a skill requires, by its id.</param>
    internal AgentCard Declare(AgentCard card, Func<string, IReadOnlyList<string>> scopesOf) =>
        SecuritySchemes.Declare(card, _options, scopesOf);

    /// <summary>The rejection of an anonymous caller by an operation that requires authentication.</summary>
    internal A2AException RefuseAnonymous(HttpContext context, string message)
    {
        _events.CredentialMissing(context);
        return Challenge(context, message, failed: null);
    }

    /// <summary>Counts an event stream, or another request that waits as long, until the result is disposed.</summary>
    /// <exception cref="A2AException">ResourceExhausted.</exception>
    internal IDisposable OpenStream(Identity? caller) => _streams.Open(caller);

    /// <summary>Logs that a limit was exceeded, here or in the engine.</summary>
    internal void ReportLimit(HttpContext context, A2AException refusal) =>
        _events.LimitExceeded(context.Features.Get<Identity>(), refusal);

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

        // An unrecognised Authorization header is rejected even where anonymous access is allowed: its sender expects to be authenticated.
        var isInvalid = _authenticators.Configured.Count > 0 && context.Request.Headers.Authorization.Count > 0;
        if (_letsAnonymousIn && !isInvalid)
            return (null, null);
        if (!isInvalid)
            return (null, RefuseAnonymous(context, "The request has no credential."));
        _events.CredentialMissing(context);
        var failed = Credentials.Bearer(context.Request) is null ? null : Bearer;
        return (null, Challenge(context, "The credential is not valid.", failed: failed));
    }

    /// <summary>RFC 6750, section 3: only a caller that sent a token learns that it is invalid.</summary>
    private A2AException Challenge(HttpContext context, string message, string? failed)
    {
        var challenges = _authenticators.Configured.Select(authenticator => authenticator.Challenge).Distinct(StringComparer.Ordinal)
            .Select(challenge => challenge == Bearer && failed == Bearer ? "Bearer error=\"invalid_token\"" : challenge);
        // If callers can only be anonymous, there are no challenges.
        if (_authenticators.Configured.Count > 0)
            context.Response.Headers.WWWAuthenticate = string.Join(", ", challenges);
        return new A2AException(A2AError.Unauthenticated, message);
    }
}
