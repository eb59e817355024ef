using System.Buffers.Binary;
using Google.Protobuf;

namespace ServerlessA2A.FakeVertex.Protocol;

/// <summary>Protocol buffers, and gRPC's framing of them.</summary>
internal static class Wire
{
    public const int HeaderLength = 5;

    /// <summary>What is written, field by field.</summary>
    public static byte[] Message(Action<CodedOutputStream> write)
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true))
            write(output);
        return buffer.ToArray();
    }

    public static void Bytes(CodedOutputStream output, int field, byte[] value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(value));
    }

    public static void Text(CodedOutputStream output, int field, string value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    }

    public static void Number(CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    /// <summary>The fields of a message, and the bytes of those that have some.</summary>
    public static List<(int Number, ByteString? Bytes)> Fields(byte[] message)
    {
        var fields = new List<(int, ByteString?)>();
        using var input = new CodedInputStream(message);
        while (input.ReadTag() is not 0 and var tag)
        {
            var isBytes = WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited;
            fields.Add((WireFormat.GetTagFieldNumber(tag), isBytes ? input.ReadBytes() : null));
            if (!isBytes)
                input.SkipLastField();
        }

        return fields;
    }

    /// <summary>A message behind its header.</summary>
    public static byte[] Frame(byte[] message)
    {
        var frame = new byte[HeaderLength + message.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, HeaderLength);
        return frame;
    }

    /// <summary>The only message of a request.</summary>
    public static async Task<byte[]> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderLength];
        await body.ReadExactlyAsync(header, cancellationToken);
        if (header[0] != 0)
            throw new InvalidDataException("The message is compressed.");
        var message = new byte[BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1))];
        await body.ReadExactlyAsync(message, cancellationToken);
        return message;
    }
}
