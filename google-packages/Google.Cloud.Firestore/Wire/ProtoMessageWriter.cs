using Google.Protobuf;

namespace Google.Cloud.Firestore;

/// <summary>Messages in protobuf's binary form.</summary>
internal sealed class ProtoMessageWriter : MessageWriter
{
    private readonly CodedOutputStream output;

    private ProtoMessageWriter(CodedOutputStream output) => this.output = output;

    public static byte[] Write<T>(T message, Action<MessageWriter, T> write)
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true))
            write(new ProtoMessageWriter(output), message);
        return buffer.ToArray();
    }

    public override void Null(string name, int number) => Int32(name, number, 0);

    public override void Bool(string name, int number, bool value)
    {
        output.WriteTag(number, WireFormat.WireType.Varint);
        output.WriteBool(value);
    }

    public override void Int32(string name, int number, int value) => Int64(name, number, value);

    public override void Int64(string name, int number, long value)
    {
        output.WriteTag(number, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    public override void BoxedInt32(string name, int number, int value) => Message(name, number, value, static (box, value) => box.Int32("value", 1, value));

    public override void Double(string name, int number, double value)
    {
        output.WriteTag(number, WireFormat.WireType.Fixed64);
        output.WriteDouble(value);
    }

    public override void String(string name, int number, string value)
    {
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    }

    public override void Strings(string name, int number, IEnumerable<string> values)
    {
        foreach (var value in values)
            String(name, number, value);
    }

    public override void Bytes(string name, int number, ReadOnlySpan<byte> value)
    {
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(value));
    }

    public override void Time(string name, int number, Timestamp value) => Message(name, number, value, static (time, value) =>
    {
        time.Int64("seconds", 1, value.Seconds);
        time.Int32("nanos", 2, value.Nanoseconds);
    });

    public override void Enum(string name, int number, string value, int valueNumber) => Int32(name, number, valueNumber);

    public override void Message<T>(string name, int number, T message, Action<MessageWriter, T> write)
    {
        // Its length comes first, so it is written aside.
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(Write(message, write)));
    }

    public override void List<T>(string name, int number, IEnumerable<T> messages, Action<MessageWriter, T> write)
    {
        foreach (var message in messages)
            Message(name, number, message, write);
    }

    public override void Map<T>(string name, int number, IEnumerable<KeyValuePair<string, T>> entries, Action<MessageWriter, T> write) =>
        List(name, number, entries, (entry, pair) =>
        {
            entry.String("key", 1, pair.Key);
            entry.Message("value", 2, pair.Value, write);
        });
}
