using Google.Protobuf;

namespace ServerlessA2A.GoogleCloud.Gemini.Chat;

/// <summary>
/// Accesses fields of the API by number. The package lags behind the API: fields for which it has no property travel as unknown fields,
/// which protocol buffers preserve (docs/decisions/0009).
/// </summary>
internal static class NumberedFields
{
    /// <summary>Sets a field of a number or a bool.</summary>
    public static void Set(IMessage message, int field, long value) => Merge(message, output =>
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    });

    /// <summary>Sets a field of bytes, or of an encoded message.</summary>
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

    /// <summary>The encoding of a message for which the package has no type.</summary>
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

    /// <summary>
    /// The fields in <paramref name="wanted"/>, in their order of occurrence; a number is a <see cref="long"/>, bytes are a
    /// <see cref="ByteString"/>.
    /// </summary>
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
