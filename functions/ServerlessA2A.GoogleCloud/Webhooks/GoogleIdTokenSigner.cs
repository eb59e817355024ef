using Google.Apis.Auth.OAuth2;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.Tasks;
using ServerlessA2A.Webhooks.Signing;

namespace ServerlessA2A.GoogleCloud.Webhooks;

/// <summary>
/// Signs deliveries with an ID token that Google has issued to the function's service account, for the webhook's address as audience. It
/// says who calls; unlike a token of the agent's own it does not vouch for the body.
/// </summary>
/// <param name="credentials">Application Default Credentials. After Google has rejected some, the next delivery looks for others.</param>
internal sealed class GoogleIdTokenSigner(DefaultCredential credentials) : INotificationSigner
{
    /// <summary>How many audiences are kept. Their addresses are clients' to choose: above this all are forgotten.</summary>
    internal const int Capacity = 1000;

    /// <summary>
    /// By audience, with the credentials that they are of. Each fetches its token when it is asked for it, once for all who wait, and anew before it expires.
    /// </summary>
    private readonly Dictionary<string, (GoogleCredential From, OidcToken Token)> _tokens = [];
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    /// <exception cref="TaskStoreException">There is no token: a delivery without one must not go out.</exception>
    public async ValueTask<string?> SignAsync(Uri audience, string agent, string taskId, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        GoogleCredential? credential = null;
        try
        {
            credential = await credentials.GetAsync(cancellationToken);
            var token = await FindAsync(credential, audience.OriginalString, cancellationToken);
            return await token.GetAccessTokenAsync(cancellationToken) is { Length: > 0 } text
                ? text
                : throw new InvalidOperationException("The answer holds no ID token.");
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            var isTransient = CredentialFaults.IsTransient(failure);
            if (credential is not null && !isTransient)
                credentials.Forget(credential);
            throw new TaskStoreException(
                $"There is no Google ID token for webhooks at {audience.Host}: the function's service account has to be one that may have them. {failure.Message} {DefaultCredential.Remedy}",
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
