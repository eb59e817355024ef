using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using ServerlessA2A.Security;

namespace ServerlessA2A.Tests.Security.Authentication;

/// <summary>Requests that hold nothing but headers.</summary>
internal static class TestRequest
{
    public static HttpRequest With(params (string Name, string Value)[] headers)
    {
        // As Kestrel has them: those that are empty are there.
        var all = headers.GroupBy(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase);
        var context = new DefaultHttpContext();
        context.Features.GetRequiredFeature<IHttpRequestFeature>().Headers =
            new HeaderDictionary(
                all.ToDictionary(header => header.Key, header => new StringValues([.. header]), StringComparer.OrdinalIgnoreCase));
        return context.Request;
    }

    public static HttpRequest Bearer(string token) => With(("Authorization", $"Bearer {token}"));

    public static async Task<Identity?> AskAsync(
        this IAuthenticator authenticator, HttpRequest request, CancellationToken cancellationToken = default) =>
        await authenticator.AuthenticateAsync(request, cancellationToken);

    /// <summary>Why a request is refused.</summary>
    public static async Task<string> RefusalAsync(this IAuthenticator authenticator, HttpRequest request) =>
        (await Assert.ThrowsAsync<AuthenticationException>(() => authenticator.AskAsync(request))).Message;
}
