using System.Buffers;
using System.Text;
using System.Text.Json;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Tests.Protocol;

/// <summary>Raw JSON text in and out, so that the cases read as a client would see them.</summary>
internal static class Wire
{
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static T Read<T>(string json) => ProtocolJson.Read<T>(Utf8(json));

    public static string Write<T>(T value) => Encoding.UTF8.GetString(ProtocolJson.Write(value));

    public static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, ProtocolJson.WriterOptions)) write(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static A2AException Refused(Action action) => Assert.Throws<A2AException>(action);
}
