using System.Buffers.Binary;
using System.Text;

namespace Google.Cloud.Firestore;

/// <summary>
/// Reads the fields of a binary message where they lie. Protobuf's own reader copies each message within a message, a
/// document's bytes six times over.
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> rest = message;
    private ulong number;
    private ReadOnlySpan<byte> bytes;

    /// <summary>The number of the current field.</summary>
    public int Field { get; private set; }

    public readonly long Int64 => (long)number;

    public readonly int Int32 => (int)number;

    public readonly bool Bool => number != 0;

    public readonly double Double => BitConverter.UInt64BitsToDouble(number);

    public readonly ReadOnlySpan<byte> Bytes => bytes;

    public readonly string String => Encoding.UTF8.GetString(bytes);

    public readonly ProtoReader Message => new(bytes);

    public readonly Timestamp Time
    {
        get
        {
            var (seconds, nanos) = (0L, 0);
            for (var time = Message; time.Next();)
                (seconds, nanos) = time.Field switch { 1 => (time.Int64, nanos), 2 => (seconds, time.Int32), _ => (seconds, nanos) };
            return new(seconds, nanos);
        }
    }

    public bool Next()
    {
        if (rest.IsEmpty)
            return false;
        var tag = Varint();
        Field = (int)(tag >> 3);
        bytes = default;
        switch (tag & 7)
        {
            case 0:
                number = Varint();
                break;
            case 1:
                number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                break;
            case 2:
                bytes = Take(checked((int)Varint()));
                break;
            case 5:
                number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                break;
            default:
                throw Malformed();
        }
        return true;
    }

    /// <summary>Adds the current field of a repeated number, packed or not.</summary>
    public readonly void AddTo(List<int> numbers)
    {
        if (bytes.IsEmpty)
        {
            numbers.Add(Int32);
            return;
        }
        for (var packed = new ProtoReader(bytes); !packed.rest.IsEmpty;)
            numbers.Add((int)packed.Varint());
    }

    private ulong Varint()
    {
        ulong result = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            result |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return result;
        }
        throw Malformed();
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > rest.Length)
            throw Malformed();
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    private static InvalidDataException Malformed() => new("A malformed protobuf message.");
}
