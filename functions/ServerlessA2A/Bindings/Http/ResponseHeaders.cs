using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.Bindings.Http;

/// <summary>The headers of every answer.</summary>
internal static class ResponseHeaders
{
    private const string OneYear = "max-age=31536000";

    /// <summary>
    /// No client guesses another content type, and browsers that came over https stay there (RFC 6797, which forbids the header over http).
    /// </summary>
    public static void Harden(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (RequestAddress.Of(context.Request).Scheme == "https")
            headers.StrictTransportSecurity = OneYear;
    }
}
