using System.Buffers.Binary;

namespace ServerlessA2A.GoogleCloud.Tests.Emulators;

/// <summary>Finds the beginnings of requests, or of answers, in the bytes of one direction of an HTTP/2 connection.</summary>
/// <param name="skipped">How many bytes come before the first frame.</param>
internal sealed class HttpFrames(int skipped)
{
    /// <summary>The length of the client's connection preface.</summary>
    public const int Preface = 24;

    private const int HeaderLength = 9;
    private const byte HeadersType = 1;

    private readonly byte[] header = new byte[HeaderLength];
    private int filled;
    private int toSkip = skipped;

    /// <summary>The streams of the HEADERS frames that begin in the next bytes.</summary>
    public IReadOnlyList<int> Read(ReadOnlyMemory<byte> bytes)
    {
        List<int> streams = [];
        for (var rest = bytes.Span; !rest.IsEmpty;)
        {
            var skippedNow = Math.Min(toSkip, rest.Length);
            toSkip -= skippedNow;
            rest = rest[skippedNow..];
            var taken = Math.Min(HeaderLength - filled, rest.Length);
            rest[..taken].CopyTo(header.AsSpan(filled));
            filled += taken;
            rest = rest[taken..];
            if (filled < HeaderLength)
                break;
            filled = 0;
            toSkip = BinaryPrimitives.ReadInt32BigEndian(header) >>> 8;
            if (header[3] == HeadersType)
                streams.Add(BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)) & int.MaxValue);
        }
        return streams;
    }
}
