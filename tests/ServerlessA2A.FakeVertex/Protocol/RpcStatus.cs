using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ServerlessA2A.FakeVertex.Protocol;

/// <summary>google.rpc.Status with a google.rpc.RetryInfo among its details, as it is in the trailer grpc-status-details-bin.</summary>
internal static class RpcStatus
{
    public static byte[] Of(StatusCode code, string message, TimeSpan retryAfter)
    {
        var retryInfo = Wire.Message(output => Wire.Bytes(output, 1, Duration.FromTimeSpan(retryAfter).ToByteArray()));
        var detail = new Any { TypeUrl = "type.googleapis.com/google.rpc.RetryInfo", Value = ByteString.CopyFrom(retryInfo) };
        return Wire.Message(output =>
        {
            Wire.Number(output, 1, (int)code);
            Wire.Text(output, 2, message);
            Wire.Bytes(output, 3, detail.ToByteArray());
        });
    }
}
