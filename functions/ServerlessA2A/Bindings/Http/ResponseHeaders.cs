using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.Bindings.Http;

/// <summary>What every answer has in its head, whatever it is.</summary>
internal static class ResponseHeaders
{
    private const string OneYear = "max-age=31536000";

    /// <summary>
    /// Nobody guesses another type than the one that is named; and who came over https does so from now on (RFC 6797, which forbids to say
    /// so over http).
    /// </summary>
    public static void Harden(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (RequestAddress.Of(context.Request).Scheme == "https")
            headers.StrictTransportSecurity = OneYear;
    }
}
