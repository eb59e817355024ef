using Grpc.Core;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Bindings.Http;

namespace ServerlessA2A.Grpc;

/// <summary>One gRPC call. It is kept with the HTTP request, because it begins before gRPC reads the message.</summary>
internal sealed class GrpcExchange(HttpContext http) : Exchange(http)
{
    /// <summary>The call; null until its message has been read.</summary>
    public ServerCallContext? Call { get; set; }

    public override bool IsGrpc => true;

    /// <summary>Cancelled at the client's deadline too.</summary>
    public override CancellationToken Aborted => Call?.CancellationToken ?? base.Aborted;
}
