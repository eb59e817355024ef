using System.Globalization;
using Google.Cloud.AIPlatform.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ServerlessA2A.FakeVertex.Protocol;

namespace ServerlessA2A.FakeVertex;

/// <summary>The answer to a call, while it is given.</summary>
internal sealed class Answer(HttpContext context, bool isStreaming, string responseId, string model, CancellationToken over)
{
    // Without streaming, what is sent becomes one message in the end.
    private readonly List<byte[]> unsent = [];

    /// <summary>The client is gone, or the fake is.</summary>
    public CancellationToken Over => over;

    /// <summary>How it ended; null while it goes on.</summary>
    public CallEnd? End { get; private set; }

    public Task SendAsync(GenerateContentResponse response)
    {
        var message = response.Clone();
        (message.ResponseId, message.ModelVersion) = (responseId, model);
        return SendAsync(message.ToByteArray());
    }

    public async Task SendAsync(byte[] message)
    {
        if (!isStreaming)
        {
            unsent.Add(message);
            return;
        }
        await context.Response.Body.WriteAsync(Wire.Frame(message), over);
        await context.Response.Body.FlushAsync(over);
    }

    public async Task EndAsync(StatusCode code, string message, TimeSpan? retryAfter = null)
    {
        if (unsent.Count > 0 && code == StatusCode.OK)
            await context.Response.Body.WriteAsync(Wire.Frame(Joined()), over);
        // Where nothing was sent, the headers are the trailers.
        var trailers = context.Response.HasStarted || code == StatusCode.OK
            ? context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers
            : context.Response.Headers;
        trailers["grpc-status"] = ((int)code).ToString(CultureInfo.InvariantCulture);
        if (message.Length > 0)
            trailers["grpc-message"] = Uri.EscapeDataString(message);
        if (retryAfter is { } delay)
            trailers["grpc-status-details-bin"] = Convert.ToBase64String(RpcStatus.Of(code, message, delay));
        await context.Response.CompleteAsync();
        End = code == StatusCode.OK ? CallEnd.Completed : CallEnd.Failed;
    }

    public async Task EndAsync(int status, string contentType, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        await context.Response.WriteAsync(body, over);
        await context.Response.CompleteAsync();
        End = CallEnd.Failed;
    }

    public void Cut(int? errorCode)
    {
        // First, since it cancels what waits for the client.
        End = CallEnd.Cut;
        if (errorCode is { } code)
            context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(code);
        else
            context.Features.GetRequiredFeature<IConnectionLifetimeFeature>().Abort();
    }

    private byte[] Joined()
    {
        try
        {
            return Contents.Joined([.. unsent.Select(GenerateContentResponse.Parser.ParseFrom)]).ToByteArray();
        }
        catch (InvalidProtocolBufferException)
        {
            // A turn may want just that.
            return unsent[^1];
        }
    }
}
