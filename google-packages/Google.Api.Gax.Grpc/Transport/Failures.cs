using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Grpc.Core;

namespace Google.Api.Gax.Grpc.Transport;

/// <summary>What a failed call is to the caller.</summary>
internal static class Failures
{
    /// <summary>Whether the way to the service is at fault. Of a connection that is reset while it is made, the handler lets the bare socket exception through.</summary>
    public static bool IsOfConnection(Exception exception) => exception is HttpRequestException or IOException or SocketException;

    /// <summary>An exception of this side: of the connection, of a deadline, or of the caller who cancelled.</summary>
    public static RpcException Of(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        RpcException rpc => rpc,
        // As gRPC has it: a call that its caller cancelled fails with a status as well.
        OperationCanceledException when cancellationToken.IsCancellationRequested => new(new Status(StatusCode.Cancelled, "Call canceled by the client.", exception)),
        OperationCanceledException => new(new Status(StatusCode.DeadlineExceeded, "The service did not answer in time.", exception)),
        // In gRPC an unreadable message is an InvalidProtocolBufferException, which is an IOException.
        JsonException => new(new Status(StatusCode.Unavailable, "The answer of the service is not readable.", exception)),
        _ => OfConnection(exception),
    };

    /// <summary>A failure on this side: of the connection where one of its causes is.</summary>
    public static RpcException Of(string what, Exception exception) =>
        new(new Status(FromConnection(exception), $"{what} {exception.GetType().Name}: {exception.Message}", exception));

    /// <summary>The way to the service is at fault: there is none, it was cut, or HTTP/2 says why it ends.</summary>
    public static RpcException OfConnection(Exception exception) =>
        new(new Status(FromConnection(exception), $"Error on the connection to the service: {exception.Message}", exception));

    /// <summary>An answer that is an error: {"error": {"code", "message", "status"}}, in an array where the method streams, or whatever a proxy said.</summary>
    public static RpcException Of(HttpStatusCode code, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (ErrorIn(document.RootElement) is { } error)
                return Of(error, code);
        }
        catch (JsonException)
        {
            // Not from the service, so its status has to do.
        }
        return new(new Status(FromHttp(code), $"Bad HTTP status code: {(int)code}"));
    }

    public static JsonElement? ErrorIn(JsonElement answer)
    {
        if (answer.ValueKind == JsonValueKind.Array)
            return answer.GetArrayLength() > 0 ? ErrorIn(answer[answer.GetArrayLength() - 1]) : null;
        return answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object ? error : null;
    }

    public static RpcException Of(JsonElement error, HttpStatusCode code)
    {
        var message = error.TryGetProperty("message", out var text) ? text.GetString() ?? "" : "";
        var name = error.TryGetProperty("status", out var status) ? status.GetString()?.Replace("_", "", StringComparison.Ordinal) : null;
        return new(new Status(Enum.TryParse<StatusCode>(name, ignoreCase: true, out var known) ? known : FromHttp(code), message));
    }

    // https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#http2-transport-mapping
    private static StatusCode FromConnection(Exception exception)
    {
        var code = StatusCode.Internal;
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is HttpProtocolException reset)
                return FromReset(reset.ErrorCode);
            // Of a connection that breaks under it, a request is at times told that it is cancelled.
            if (cause is IOException or SocketException or OperationCanceledException)
                code = StatusCode.Unavailable;
        }
        return code;
    }

    private static StatusCode FromReset(long code) => code switch
    {
        7 => StatusCode.Unavailable,
        8 => StatusCode.Cancelled,
        11 => StatusCode.ResourceExhausted,
        12 => StatusCode.PermissionDenied,
        _ => StatusCode.Internal,
    };

    private static StatusCode FromHttp(HttpStatusCode code) => (int)code switch
    {
        400 => StatusCode.InvalidArgument,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.NotFound,
        409 => StatusCode.Aborted,
        416 => StatusCode.OutOfRange,
        429 => StatusCode.ResourceExhausted,
        499 => StatusCode.Cancelled,
        500 => StatusCode.Internal,
        501 => StatusCode.Unimplemented,
        502 or 503 => StatusCode.Unavailable,
        504 => StatusCode.DeadlineExceeded,
        _ => StatusCode.Unknown,
    };
}
