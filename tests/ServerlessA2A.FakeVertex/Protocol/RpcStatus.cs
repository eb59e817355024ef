using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using StatusCode = Grpc.Core.StatusCode;

namespace ServerlessA2A.FakeVertex.Protocol;

/// <summary>The trailer grpc-status-details-bin: a google.rpc.Status with a google.rpc.RetryInfo among its details.</summary>
internal static class RpcStatus
{
    public static byte[] Of(StatusCode code, string message, TimeSpan retryAfter)
    {
        var retryInfo = new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryAfter) };
        return new Google.Rpc.Status { Code = (int)code, Message = message, Details = { Any.Pack(retryInfo) } }.ToByteArray();
    }
}
