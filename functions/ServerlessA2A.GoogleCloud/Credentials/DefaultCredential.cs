using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;
using Grpc.Core;

namespace ServerlessA2A.GoogleCloud.Credentials;

/// <summary>
/// Application Default Credentials for every client. The first call that needs a token looks them up, once for all waiting calls. After a
/// failure, or after Google has rejected the credentials, the next call looks them up again. A call without a token fails with an
/// <see cref="RpcException"/> that names the remedy.
/// </summary>
/// <param name="find">Looks up the credentials; called again after a failure.</param>
internal sealed class DefaultCredential(Func<Task<GoogleCredential>> find) : ICredential, ITokenAccessWithHeaders
{
    /// <summary>The remedy for missing or rejected credentials.</summary>
    public const string Remedy =
        "Set up Application Default Credentials: gcloud auth application-default login on a developer's machine, " +
        "a service account (--run-service-account) on Cloud Run.";

    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    private readonly Lock _lock = new();
    private Task<GoogleCredential>? _lookup;

    /// <summary>Returns the credentials, with the scope of Google Cloud.</summary>
    /// <exception cref="InvalidOperationException">There are no credentials.</exception>
    public Task<GoogleCredential> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // Other callers may wait for the same lookup, so no single caller's token may cancel it.
            if (_lookup is null or { IsCompleted: true, IsCompletedSuccessfully: false })
                _lookup = FindAsync();
            return _lookup.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Makes the next call look up credentials again, because Google rejected these. No effect if others were found since.
    /// </summary>
    public void Forget(GoogleCredential rejected)
    {
        lock (_lock)
        {
            if (_lookup is { IsCompletedSuccessfully: true } found && ReferenceEquals(found.Result, rejected))
                _lookup = null;
        }
    }

    /// <inheritdoc/>
    public async Task<AccessTokenWithHeaders> GetAccessTokenWithHeadersForRequestAsync(
        string? authUri = null, CancellationToken cancellationToken = default)
    {
        GoogleCredential? found = null;
        try
        {
            found = await GetAsync(cancellationToken);
            ITokenAccessWithHeaders credential = found;
            return await credential.GetAccessTokenWithHeadersForRequestAsync(authUri, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            if (found is not null && !CredentialFaults.IsTransient(failure))
                Forget(found);
            throw Unauthorized(failure);
        }
    }

    /// <inheritdoc/>
    public async Task<string> GetAccessTokenForRequestAsync(string? authUri = null, CancellationToken cancellationToken = default) =>
        (await GetAccessTokenWithHeadersForRequestAsync(authUri, cancellationToken)).AccessToken;

    /// <summary>Not used by gRPC clients.</summary>
    public void Initialize(ConfigurableHttpClient httpClient) => throw new NotSupportedException("These credentials are for gRPC clients.");

    private async Task<GoogleCredential> FindAsync()
    {
        // Outside the lock, because the lookup may block before its first await.
        await Task.Yield();
        return (await find()).CreateScoped(Scope);
    }

    private static RpcException Unauthorized(Exception failure) => new(
        CredentialFaults.IsTransient(failure)
            ? new Status(StatusCode.Unavailable, $"Google issued no access token: {failure.Message}", failure)
        : failure is InvalidOperationException
            ? new Status(StatusCode.Unauthenticated, $"No Google credentials: {failure.Message} {Remedy}", failure)
        : new Status(StatusCode.Unauthenticated, $"Google rejected the credentials: {failure.Message} {Remedy}", failure));
}
