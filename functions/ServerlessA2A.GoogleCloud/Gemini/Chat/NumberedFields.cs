using Google.Protobuf;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>
/// Fields of the API by their number. The package's types lag behind the API they speak to: what they have no property for comes and
/// goes as an unknown field, which protocol buffers keep (docs/decisions/0009).
/// </summary>
internal static class NumberedFields
{
    /// <summary>Sets a field of a number or a truth value.</summary>
    public static void Set(IMessage message, int field, long value) => Merge(message, output =>
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    });

    /// <summary>Sets a field of bytes, or of a message in its encoding.</summary>
    public static void Set(IMessage message, int field, ByteString value) => Merge(message, output =>
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(value);
    });

    /// <summary>Sets a field of text.</summary>
    public static void Set(IMessage message, int field, string value) => Set(message, field, ByteString.CopyFromUtf8(value));

    /// <summary>The last value of a text field; null where it is missing or empty.</summary>
    public static string? ReadText(IMessage message, int field) =>
        Read(message, field) is [.., (_, ByteString { IsEmpty: false } text)] ? text.ToStringUtf8() : null;

    /// <summary>The encoding of a message of its own that the package has no type for.</summary>
    public static ByteString Encode(params ReadOnlySpan<(int Field, long Value)> fields)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream))
        {
            foreach (var (field, value) in fields)
            {
                output.WriteTag(field, WireFormat.WireType.Varint);
                output.WriteInt64(value);
            }
        }

        return ByteString.CopyFrom(stream.ToArray());
    }

    /// <summary>The fields that <paramref name="wanted"/> names, in the order in which they stand; a number is given as <see cref="long"/>, bytes as <see cref="ByteString"/>.</summary>
    public static IReadOnlyList<(int Field, object Value)> Read(IMessage message, params ReadOnlySpan<int> wanted) =>
        Read(message.ToByteArray(), wanted);

    /// <inheritdoc cref="Read(IMessage, ReadOnlySpan{int})"/>
    public static IReadOnlyList<(int Field, object Value)> Read(byte[] encoded, params ReadOnlySpan<int> wanted)
    {
        List<(int, object)>? found = null;
        using var input = new CodedInputStream(encoded);
        while (input.ReadTag() is not 0 and var tag)
        {
            var field = WireFormat.GetTagFieldNumber(tag);
            switch (WireFormat.GetTagWireType(tag))
            {
                case WireFormat.WireType.Varint when wanted.Contains(field):
                    (found ??= []).Add((field, input.ReadInt64()));
                    break;
                case WireFormat.WireType.LengthDelimited when wanted.Contains(field):
                    (found ??= []).Add((field, input.ReadBytes()));
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        return found ?? (IReadOnlyList<(int, object)>)[];
    }

    private static void Merge(IMessage message, Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream))
            write(output);
        message.MergeFrom(stream.ToArray());
    }
}
