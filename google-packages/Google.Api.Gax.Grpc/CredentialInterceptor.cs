using Google.Apis.Auth.OAuth2;
using Grpc.Core;

namespace Google.Api.Gax.Grpc;

/// <summary>Adds a credential's token and headers to each call, in place of the package Grpc.Auth.</summary>
internal static class CredentialInterceptor
{
    public static CallCredentials ToCallCredentials(this ICredential credential) => CallCredentials.FromInterceptor(async (context, metadata) =>
    {
        if (credential is not ITokenAccessWithHeaders withHeaders)
        {
            metadata.Add("authorization", $"Bearer {await credential.GetAccessTokenForRequestAsync(context.ServiceUrl, context.CancellationToken)}");
            return;
        }
        var token = await withHeaders.GetAccessTokenWithHeadersForRequestAsync(context.ServiceUrl, context.CancellationToken);
        metadata.Add("authorization", $"Bearer {token.AccessToken}");
        // For example the project that is billed.
        foreach (var (name, values) in token.Headers)
        {
            foreach (var value in values)
                metadata.Add(name, value);
        }
    });
}
