using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.Bindings;

/// <summary>Sends whole answers.</summary>
internal static class Responses
{
    /// <summary>Sends the body in one piece, with its length. A HEAD request gets the length only.</summary>
    public static async ValueTask SendAsync(this HttpResponse response, ReadOnlyMemory<byte> body)
    {
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method))
            await response.BodyWriter.WriteAsync(body);
    }
}
