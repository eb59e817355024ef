using System.Net;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.Notifications;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.GoogleCloud.Notifications;

/// <summary>
/// Signs deliveries with an ID token that Google has issued to the function's service account, for the webhook's address as audience. It
/// says who calls; unlike a token of the agent's own it does not vouch for the body.
/// </summary>
/// <param name="findCredential">Application Default Credentials; asked for when the first delivery needs them, and again where there were none.</param>
internal sealed class GoogleIdTokenSigner(Func<CancellationToken, Task<GoogleCredential>> findCredential) : INotificationSigner
{
    /// <summary>How many audiences are kept. Their addresses are clients' to choose: above this all are forgotten.</summary>
    internal const int Capacity = 1000;

    /// <summary>By audience. Each fetches its token when it is asked for it, once for all who wait, and anew before it expires.</summary>
    private readonly Dictionary<string, OidcToken> _tokens = [];
    private readonly Lock _lock = new();
    private volatile GoogleCredential? _credential;

    /// <inheritdoc/>
    /// <exception cref="TaskStoreException">There is no token: a delivery without one must not go out.</exception>
    public async ValueTask<string?> SignAsync(Uri audience, string taskId, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        try
        {
            var token = await FindAsync(audience.OriginalString, cancellationToken);
            return await token.GetAccessTokenAsync(cancellationToken) is { Length: > 0 } text
                ? text
                : throw new InvalidOperationException("The answer holds no ID token.");
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw new TaskStoreException(
                $"There is no Google ID token for webhooks at {audience.Host}: the function's service account has to be one that may have them. {failure.Message} {DefaultCredential.Remedy}",
                IsTransient(failure),
                failure);
        }
    }

    private async Task<OidcToken> FindAsync(string audience, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_tokens.TryGetValue(audience, out var known))
                return known;
        }

        _credential ??= await findCredential(cancellationToken);
        var token = await _credential.GetOidcTokenAsync(OidcTokenOptions.FromTargetAudience(audience), cancellationToken);
        lock (_lock)
        {
            if (_tokens.TryGetValue(audience, out var others))
                return others;
            if (_tokens.Count >= Capacity)
                _tokens.Clear();
            return _tokens[audience] = token;
        }
    }

    /// <summary>Not so where credentials are missing, or are such as can't have ID tokens: a user's.</summary>
    private static bool IsTransient(Exception failure) => failure switch
    {
        TokenResponseException { StatusCode: { } status } =>
            status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError,
        InvalidOperationException => false,
        _ => true,
    };
}
