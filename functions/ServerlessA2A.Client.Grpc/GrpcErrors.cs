using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Client.Grpc;

/// <summary>
/// Reads errors: the details of the status name the row of the error table (A2A 1.0, section 10.6). Without them, the status does.
/// </summary>
internal static class GrpcErrors
{
    private const string DetailsTrailer = "grpc-status-details-bin";

    /// <summary>The error of a call that failed.</summary>
    /// <param name="exception">An <see cref="RpcException"/>, or that the call was cancelled.</param>
    /// <param name="isOver">Whether the client's own limit of time has cancelled it.</param>
    public static A2AClientException Read(Exception exception, bool isOver)
    {
        if (exception is not RpcException failure)
        {
            return new(A2AError.Unavailable, "The agent did not answer in time.", exception)
            {
                IsOwnLimit = isOver || IsTimeout(exception) ||
                    exception.InnerException is RpcException { StatusCode: StatusCode.DeadlineExceeded },
            };
        }

        // What a credential failed with, for example.
        if (failure.Status.DebugException is A2AClientException own) return own;
        if (failure.Status.DebugException is HttpRequestException or IOException)
            return new(A2AError.Unavailable, $"The connection to the agent failed: {failure.Status.Detail}", failure.Status.DebugException);

        var details = DetailsOf(failure);
        var reason = details.OfType<ErrorInfo>().FirstOrDefault();
        return new(
            A2AError.All.FirstOrDefault(each => each.Reason == reason?.Reason) ?? OfStatus(failure.StatusCode, failure.Status.Detail),
            failure.Status.Detail, failure)
        {
            IsOwnLimit = isOver || IsTimeout(failure) || (failure.StatusCode == StatusCode.DeadlineExceeded && reason is null),
            RetryAfter = DelayOf(details.OfType<RetryInfo>().FirstOrDefault()?.RetryDelay),
            Metadata = reason?.Metadata.ToDictionary() ?? [],
            FieldViolations =
            [
                .. details.OfType<BadRequest>().SelectMany(each => each.FieldViolations)
                    .Select(each => new FieldViolation(each.Field, each.Description)),
            ],
        };
    }

    /// <summary>Whether the limit of the HttpClient ended the call, which gRPC does not know.</summary>
    private static bool IsTimeout(Exception? exception) => exception is TimeoutException ||
        (exception is not null && (IsTimeout(exception.InnerException) || IsTimeout((exception as RpcException)?.Status.DebugException)));

    /// <summary>A delay; null for one that is invalid.</summary>
    private static TimeSpan? DelayOf(Duration? delay) =>
        delay is { Seconds: >= 0 and <= Duration.MaxSeconds, Nanos: >= 0 and < Duration.NanosecondsPerSecond } ? delay.ToTimeSpan() : null;

    private static List<IMessage> DetailsOf(RpcException failure)
    {
        var details = new List<IMessage>();
        try
        {
            foreach (var detail in Google.Rpc.Status.Parser.ParseFrom(failure.Trailers.GetValueBytes(DetailsTrailer) ?? []).Details)
            {
                if (detail.TryUnpack(out ErrorInfo reason)) details.Add(reason);
                else if (detail.TryUnpack(out BadRequest fields)) details.Add(fields);
                else if (detail.TryUnpack(out RetryInfo retry)) details.Add(retry);
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // The status alone has to do.
        }

        return details;
    }

    private static A2AError OfStatus(StatusCode status, string detail) => status switch
    {
        // The client's own: the limit of MaxResponseSize.
        StatusCode.ResourceExhausted when detail.StartsWith("Received message exceeds", StringComparison.Ordinal) =>
            A2AError.InvalidAgentResponse,
        // Cancelled is what a broken connection looks like too.
        StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.Aborted => A2AError.Unavailable,
        StatusCode.ResourceExhausted => A2AError.ResourceExhausted,
        StatusCode.Unauthenticated => A2AError.Unauthenticated,
        StatusCode.PermissionDenied => A2AError.PermissionDenied,
        StatusCode.NotFound => A2AError.TaskNotFound,
        StatusCode.InvalidArgument or StatusCode.OutOfRange => A2AError.InvalidParams,
        StatusCode.FailedPrecondition or StatusCode.Unimplemented => A2AError.UnsupportedOperation,
        _ => A2AError.InternalError,
    };
}
