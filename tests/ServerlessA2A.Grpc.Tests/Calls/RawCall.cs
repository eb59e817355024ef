using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;

namespace ServerlessA2A.Grpc.Tests.Calls;

/// <summary>A gRPC call over a bare socket, whose frames (RFC 9113, section 4) a test sees and answers itself.</summary>
internal sealed class RawCall : IDisposable
{
    public const byte Data = 0;
    public const byte Ping = 6;

    private const byte Headers = 1;
    private const byte Settings = 4;
    private const byte EndStream = 1;
    private const byte Acknowledged = 1;
    private const byte EndHeaders = 4;

    private readonly TcpClient _client = new();
    private readonly NetworkStream _stream;

    private RawCall(Uri address)
    {
        _client.Connect(address.Host, address.Port);
        _stream = _client.GetStream();
    }

    /// <summary>Calls a method with a message and metadata.</summary>
    public static async Task<RawCall> StartAsync(
        Uri address, string method, IMessage message, params (string Name, string Value)[] metadata)
    {
        var call = new RawCall(address);
        await call._stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await call.WriteAsync(Settings, 0, 0, []);
        var headers = new List<byte>();
        (string, string)[] all =
        [
            (":method", "POST"), (":scheme", "http"), (":path", method), (":authority", address.Authority),
            ("content-type", "application/grpc"), ("te", "trailers"), .. metadata,
        ];
        foreach (var (name, value) in all)
        {
            // A literal field with a literal name (RFC 7541, section 6.2.2); all are shorter than 127 bytes.
            headers.Add(0);
            headers.AddRange([(byte)name.Length, .. Encoding.ASCII.GetBytes(name)]);
            headers.AddRange([(byte)value.Length, .. Encoding.ASCII.GetBytes(value)]);
        }

        await call.WriteAsync(Headers, EndHeaders, 1, [.. headers]);
        await call.WriteAsync(Data, EndStream, 1, [0, 0, 0, 0, (byte)message.CalculateSize(), .. message.ToByteArray()]);
        return call;
    }

    /// <summary>The content of the next frame of a type; null when the server closes the connection instead.</summary>
    public async Task<byte[]?> ReadAsync(byte type)
    {
        var header = new byte[9];
        while (await _stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false) == header.Length)
        {
            var content = new byte[BinaryPrimitives.ReadInt32BigEndian([0, .. header.AsSpan(0, 3)])];
            await _stream.ReadExactlyAsync(content);
            if (header[3] == type && (type != Ping || header[4] != Acknowledged))
                return content;
        }

        return null;
    }

    /// <summary>Answers a ping.</summary>
    public Task AnswerAsync(byte[] ping) => WriteAsync(Ping, Acknowledged, 0, ping);

    public void Dispose() => _client.Dispose();

    private async Task WriteAsync(byte type, byte flags, int stream, byte[] content) => await _stream.WriteAsync(
        (byte[])[0, (byte)(content.Length >> 8), (byte)content.Length, type, flags, 0, 0, 0, (byte)stream, .. content]);
}
