using System.Buffers;
using Google.Cloud.Functions.Framework;
using Microsoft.AspNetCore.Http;

namespace ServerlessA2A.Benchmarks.Reference;

/// <summary>
/// Answers each request with fixed bytes. It reads the request's body to its end, as any function must, and looks for the method's name.
/// </summary>
public sealed class Function : IHttpFunction
{
    public async Task HandleAsync(HttpContext context)
    {
        var answer = HttpMethods.IsPost(context.Request.Method) ? await ReadAsync(context.Request) : FixedAnswers.Card;
        context.Response.ContentType = answer.ContentType;
        if (!answer.IsStream)
            context.Response.ContentLength = answer.Body.Length;
        await context.Response.BodyWriter.WriteAsync(answer.Body);
    }

    private static async ValueTask<FixedAnswer> ReadAsync(HttpRequest request)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync();
            if (read.IsCompleted)
            {
                var answer = FixedAnswers.For(read.Buffer.IsSingleSegment ? read.Buffer.FirstSpan : read.Buffer.ToArray());
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return answer;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
