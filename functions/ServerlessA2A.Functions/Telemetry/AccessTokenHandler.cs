using System.Net.Http.Headers;
using Google.Apis.Auth.OAuth2;

namespace ServerlessA2A.Functions.Telemetry;

/// <summary>Adds an access token to each request. The exporter of OpenTelemetry sends synchronously, on a thread of its own.</summary>
/// <param name="credential">Gets the tokens, and caches them.</param>
internal sealed class AccessTokenHandler(ITokenAccess credential) : DelegatingHandler
{
    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        AuthorizeAsync(request, cancellationToken).GetAwaiter().GetResult();
        return base.Send(request, cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await AuthorizeAsync(request, cancellationToken);
        return await base.SendAsync(request, cancellationToken);
    }

    private async Task AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer", await credential.GetAccessTokenForRequestAsync(cancellationToken: cancellationToken));
}
