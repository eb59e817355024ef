using System.Buffers.Binary;

namespace Google.Api.Gax.Grpc.Transport;

/// <summary>A message as it travels: behind a byte that says whether it is compressed, which it is not, and four for its length.</summary>
internal static class GrpcFrame
{
    public const int HeaderLength = 5;

    /// <param name="length">That of the message.</param>
    /// <param name="write">Fills just as many bytes.</param>
    public static byte[] Of(int length, Action<Span<byte>> write)
    {
        var frame = new byte[HeaderLength + length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)length);
        write(frame.AsSpan(HeaderLength));
        return frame;
    }
}
