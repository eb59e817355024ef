using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;

namespace Google.Api.Gax.Grpc.Transport;

/// <summary>What a gRPC call is answered with: messages, each behind its length, and then a status. Disposing of it resets a call that goes on.</summary>
internal sealed class GrpcResponse : IDisposable
{
    // Of a message that is longer, memory is taken as it comes: nobody knows whether the length is true.
    private const int FirstChunk = 1024 * 1024;

    private readonly HttpRequestMessage request;
    private readonly HttpResponseMessage response;
    private readonly Stream answers;
    private readonly int longestMessage;
    private byte[] buffer = new byte[4096];

    private GrpcResponse(HttpRequestMessage request, HttpResponseMessage response, Stream answers, int longestMessage) =>
        (this.request, this.response, this.answers, this.longestMessage) = (request, response, answers, longestMessage);

    /// <summary>Makes a call. It fails with an RpcException, and with that of the token where it was cancelled.</summary>
    public static async Task<GrpcResponse> OfAsync(
        ServiceConnection connection, string method, HttpContent content, IEnumerable<KeyValuePair<string, string>> headers, int longestMessage, CancellationToken cancellationToken)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        var request = new HttpRequestMessage(HttpMethod.Post, connection.Address(method))
        {
            // Known beforehand to be HTTP/2, with TLS and without.
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        HttpResponseMessage? response = null;
        // For as long as it opens: afterwards a cancellation would reset the stream.
        using var opening = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            response = await connection.SendAsync(request, opening.Token);
            Check(response);
            return new(request, response, await response.Content.ReadAsStreamAsync(cancellationToken), longestMessage);
        }
        catch (Exception e)
        {
            response?.Dispose();
            request.Dispose();
            if (IsOfConnection(e, cancellationToken))
                throw Failures.OfConnection(e);
            throw;
        }
    }

    /// <summary>The next message, valid until the one after it is asked for; null when the service ended the call well.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var read = await answers.ReadAtLeastAsync(buffer.AsMemory(0, GrpcFrame.HeaderLength), GrpcFrame.HeaderLength, throwOnEndOfStream: false, cancellationToken);
            if (read == 0)
                return GrpcStatus.Of(response) is { } failure ? throw failure : null;
            if (read < GrpcFrame.HeaderLength)
                throw new EndOfStreamException("The stream ended within a message.");
            if (buffer[0] != 0)
                throw new RpcException(new Status(StatusCode.Internal, "A compressed message, though no compression was offered."));
            if (BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(1)) is var claimed && claimed > longestMessage)
                throw new RpcException(new Status(StatusCode.Internal, $"A message of {claimed} bytes is more than is taken."));
            return await ReadAsync((int)claimed, cancellationToken);
        }
        catch (Exception e) when (IsOfConnection(e, cancellationToken))
        {
            throw Failures.OfConnection(e);
        }
    }

    public void Dispose()
    {
        // Reset first.
        response.Dispose();
        request.Dispose();
    }

    // A connection that breaks under the open request is at times reported as that request's cancellation.
    private static bool IsOfConnection(Exception exception, CancellationToken cancellationToken) =>
        Failures.IsOfConnection(exception) || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static void Check(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
            throw new RpcException(new Status(GrpcStatus.FromHttp(response.StatusCode), $"Bad gRPC response. HTTP status code: {(int)response.StatusCode}"));
        if (response.Content.Headers.ContentType?.MediaType is not { } type)
            throw new RpcException(new Status(StatusCode.Cancelled, "Bad gRPC response. Response did not have a content-type header."));
        if (type != "application/grpc" && !type.StartsWith("application/grpc+", StringComparison.Ordinal))
            throw new RpcException(new Status(StatusCode.Cancelled, $"Bad gRPC response. Invalid content-type value: {type}"));
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadAsync(int length, CancellationToken cancellationToken)
    {
        for (var filled = 0; filled < length;)
        {
            if (filled == 0 && buffer.Length < Math.Min(length, FirstChunk))
                buffer = new byte[Math.Min(length, FirstChunk)];
            else if (filled == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(length, 2L * filled));
            var chunk = Math.Min(length, buffer.Length) - filled;
            await answers.ReadExactlyAsync(buffer.AsMemory(filled, chunk), cancellationToken);
            filled += chunk;
        }
        return buffer.AsMemory(0, length);
    }
}
