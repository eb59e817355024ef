namespace Grpc.Core;

/// <summary>A call failed, at the service or on the way there and back.</summary>
public class RpcException : Exception
{
    public RpcException(Status status) : this(status, [], status.ToString())
    {
    }

    public RpcException(Status status, string message) : this(status, [], message)
    {
    }

    public RpcException(Status status, Metadata trailers) : this(status, trailers, status.ToString())
    {
    }

    public RpcException(Status status, Metadata trailers, string message) : base(message, status.DebugException)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        (Status, Trailers) = (status, trailers);
    }

    public Status Status { get; }

    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>What the service said besides; nothing where it said nothing.</summary>
    public Metadata Trailers { get; }
}
