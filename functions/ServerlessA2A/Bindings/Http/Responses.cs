using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.Bindings.Http;

/// <summary>Sends complete answers.</summary>
internal static class Responses
{
    /// <summary>
    /// The largest answer that is sent with its length. Cloud Run cuts off what is larger than 32 MiB unless it comes in chunks, without a
    /// length. A quarter of that is well below the limit and above what clients gain from knowing a length.
    /// </summary>
    public const int LargestWithLength = 8 * 1024 * 1024;

    /// <summary>How much of a larger answer is handed to the server at once, so that it does not hold a second copy of all of it.</summary>
    private const int PieceSize = 64 * 1024;

    /// <summary>
    /// Sends the body: in one piece with its length, or in chunks above <see cref="LargestWithLength"/>. A HEAD request gets the head of
    /// the
    /// same answer.
    /// </summary>
    public static async ValueTask SendAsync(this HttpResponse response, ReadOnlyMemory<byte> body)
    {
        if (body.Length <= LargestWithLength)
            response.ContentLength = body.Length;
        if (HttpMethods.IsHead(response.HttpContext.Request.Method))
            return;
        if (body.Length <= LargestWithLength)
            await response.BodyWriter.WriteAsync(body);
        else
            await SendInPiecesAsync(response, body);
    }

    private static async ValueTask SendInPiecesAsync(HttpResponse response, ReadOnlyMemory<byte> body)
    {
        while (!body.IsEmpty)
        {
            var piece = body[..Math.Min(PieceSize, body.Length)];
            if ((await response.BodyWriter.WriteAsync(piece)).IsCompleted)
                return;
            body = body[piece.Length..];
        }
    }
}
