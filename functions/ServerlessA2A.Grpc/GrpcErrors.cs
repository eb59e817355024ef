using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;
using HttpResponse = Microsoft.AspNetCore.Http.HttpResponse;

namespace ServerlessA2A.Grpc;

/// <summary>
/// Errors as gRPC has them: a status and, in <c>grpc-status-details-bin</c>, a google.rpc.Status with the details that JSON has too (A2A
/// 1.0, section 10.6).
/// </summary>
internal static class GrpcErrors
{
    private const string DetailsTrailer = "grpc-status-details-bin";

    /// <summary>Clients limit the size of trailers: 8 KiB is common.</summary>
    private const int MostViolations = 20;
    private const int LongestMessage = 1024;

    private static readonly TimeSpan DefaultRetryDelay = TimeSpan.FromSeconds(2);

    private static readonly FrozenDictionary<A2AError, StatusCode> Codes = A2AError.All.ToFrozenDictionary(
        error => error,
        error => System.Enum.Parse<StatusCode>(error.RpcStatus.Replace("_", "", StringComparison.Ordinal), ignoreCase: true));

    /// <summary>The exception that gRPC answers with the error.</summary>
    public static RpcException ToRpcException(A2AException error, ProtocolVersion version)
    {
        var code = CodeOf(error.Error, version);
        return new(new global::Grpc.Core.Status(code, MessageOf(error)), new Metadata { { DetailsTrailer, DetailsOf(error, code) } });
    }

    /// <summary>Answers a call that gRPC has not seen yet: the status is in the headers of an answer without a body.</summary>
    public static void Answer(HttpResponse response, A2AException error, ProtocolVersion version)
    {
        var code = CodeOf(error.Error, version);
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = FormattableString.Invariant($"{(int)code}");
        response.Headers["grpc-message"] = Uri.EscapeDataString(MessageOf(error)).Replace("%20", " ", StringComparison.Ordinal);
        response.Headers[DetailsTrailer] = Convert.ToBase64String(DetailsOf(error, code));
    }

    /// <summary>0.3 has statuses of its own for two errors, and its clients know errors by status only.</summary>
    private static StatusCode CodeOf(A2AError error, ProtocolVersion version) =>
        version == ProtocolVersion.V0_3 && (error == A2AError.PushNotificationNotSupported || error == A2AError.UnsupportedOperation)
            ? StatusCode.Unimplemented
            : Codes[error];

    private static string MessageOf(A2AException error) =>
        error.Message.Length <= LongestMessage ? error.Message : error.Message[..LongestMessage];

    private static byte[] DetailsOf(A2AException error, StatusCode code)
    {
        var info = new ErrorInfo { Reason = error.Error.Reason, Domain = ErrorDetails.Domain };
        foreach (var (name, value) in error.Metadata)
            info.Metadata[name] = value;
        var status = new Google.Rpc.Status { Code = (int)code, Message = MessageOf(error), Details = { Any.Pack(info) } };
        if (error.FieldViolations.Count > 0)
        {
            var violations = error.FieldViolations.Take(MostViolations).Select(violation =>
                new BadRequest.Types.FieldViolation { Field = violation.Field, Description = violation.Description });
            status.Details.Add(Any.Pack(new BadRequest { FieldViolations = { violations } }));
        }

        if (error.Error == A2AError.ResourceExhausted || error.Error == A2AError.Unavailable)
        {
            var delay = Duration.FromTimeSpan(error.RetryAfter ?? DefaultRetryDelay);
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = delay }));
        }

        return status.ToByteArray();
    }
}
