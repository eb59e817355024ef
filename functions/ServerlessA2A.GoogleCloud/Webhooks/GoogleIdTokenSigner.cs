using Google.Apis.Auth.OAuth2;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.Tasks;
using ServerlessA2A.Webhooks.Signing;

namespace ServerlessA2A.GoogleCloud.Webhooks;

/// <summary>
/// Signs deliveries with a Google ID token of the function's service account, whose audience is the webhook's address. It identifies the
/// caller; unlike a token of the agent's own it does not cover the body.
/// </summary>
/// <param name="credentials">Application Default Credentials. If Google rejects them, the next delivery looks up others.</param>
internal sealed class GoogleIdTokenSigner(DefaultCredential credentials) : IWebhookSigner
{
    /// <summary>The number of cached audiences. Clients choose the addresses; above this number the cache is cleared.</summary>
    internal const int Capacity = 1000;

    /// <summary>
    /// Tokens by audience, with their credentials. Each is fetched on demand, once for all waiting callers, and again before it expires.
    /// </summary>
    private readonly Dictionary<string, (GoogleCredential From, OidcToken Token)> _tokens = [];
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    /// <exception cref="TaskStoreException">There is no token: a delivery must not be sent without one.</exception>
    public async ValueTask<string?> SignAsync(
        Uri audience, string agent, string taskId, long seq, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        GoogleCredential? credential = null;
        try
        {
            credential = await credentials.GetAsync(cancellationToken);
            var token = await FindAsync(credential, audience.OriginalString, cancellationToken);
            return await token.GetAccessTokenAsync(cancellationToken) is { Length: > 0 } text
                ? text
                : throw new InvalidOperationException("The response contains no ID token.");
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            var isTransient = CredentialFaults.IsTransient(failure);
            if (credential is not null && !isTransient)
                credentials.Forget(credential);
            throw new TaskStoreException(
                $"No Google ID token for webhooks at {audience.Host}: " +
                $"the function needs a service account that can get ID tokens. {failure.Message} {DefaultCredential.Remedy}",
                isTransient,
                failure);
        }
    }

    private async Task<OidcToken> FindAsync(GoogleCredential credential, string audience, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_tokens.TryGetValue(audience, out var known) && ReferenceEquals(known.From, credential))
                return known.Token;
        }

        var token = await credential.GetOidcTokenAsync(OidcTokenOptions.FromTargetAudience(audience), cancellationToken);
        lock (_lock)
        {
            if (_tokens.TryGetValue(audience, out var others) && ReferenceEquals(others.From, credential))
                return others.Token;
            if (_tokens.Count >= Capacity)
                _tokens.Clear();
            _tokens[audience] = (credential, token);
            return token;
        }
    }
}
