using Google.Apis.Auth.OAuth2;
using Grpc.Core;

namespace Google.Api.Gax.Grpc.Transport;

/// <summary>Application Default Credentials, looked for when the first call needs them and again after they were not found.</summary>
internal static class DefaultCredential
{
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    private static ITokenAccessWithHeaders? credential;

    public static async Task AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            credential ??= (await GoogleCredential.GetApplicationDefaultAsync(cancellationToken)).CreateScoped(Scope);
            var token = await credential.GetAccessTokenWithHeadersForRequestAsync(cancellationToken: cancellationToken);
            request.Headers.Authorization = new("Bearer", token.AccessToken);
            // What goes with the token: the project whose quota it is.
            token.AddHeaders(request.Headers);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new RpcException(new Status(StatusCode.Unauthenticated, $"No access token: {e.Message}", e));
        }
    }
}
