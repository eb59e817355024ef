using ServerlessA2A.Client.Grpc;

namespace ServerlessA2A.Client;

/// <summary>gRPC for <see cref="A2AClient"/>.</summary>
public static class A2AClientGrpcExtensions
{
    /// <summary>
    /// Lets the client call agents over gRPC (A2A 1.0, section 10; 0.3, section 3.2.2) where their cards list it first, or where
    /// <see cref="A2AClientOptions.Binding"/> is <c>GRPC</c>.
    /// </summary>
    /// <remarks>
    /// An <see cref="HttpClient"/> of your own must allow HTTP/2. Streams have no comments that show a live connection, so
    /// <see cref="A2AClientOptions.StreamSilence"/> does not apply: the pings of HTTP/2 detect dead connections.
    /// </remarks>
    public static A2AClientOptions AddGrpc(this A2AClientOptions options)
    {
        options.Bindings["GRPC"] = (address, applied, credentials, http) => new GrpcTransport(address, applied, credentials, http);
        return options;
    }
}
