using System.IO.Compression;
using System.Net;
using System.Text;
using ServerlessA2A.Tests.Bindings.Harness;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;

namespace ServerlessA2A.Tests.Bindings.Http;

/// <summary>Compressed request bodies: decompressed within the size limit, or refused with what would be taken.</summary>
public sealed class CompressedBodyTests : IAsyncLifetime
{
    private const int Limit = 64 * 1024;

    private AgentHost _host = null!;

    public static TheoryData<string, string> EncodingsOnWires
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var wire in Wires.OfJson)
            {
                foreach (var encoding in (string[])["gzip", "GZip", "x-gzip", "deflate", "br", "identity", ""])
                    data.Add(wire, encoding);
            }

            return data;
        }
    }

    public static TheoryData<string> WireNames => [.. Wires.OfJson];

    public async Task InitializeAsync() =>
        _host = await AgentHost.StartAsync(("Http:MaxRequestBytes", Limit.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(EncodingsOnWires))]
    public async Task ACompressedBodyIsRead(string wireName, string encoding)
    {
        var wire = Wires.Of(wireName, _host.Client);
        // One piece of memory, and several.
        foreach (var length in (int[])[10, 50_000])
        {
            var text = "echo:" + new string('x', length);

            var reply = await wire.AskAsync(Encoded(wire.SendRequest(text, new SendOptions()), encoding));

            Assert.Contains(text, wire.TaskOf(reply.Result).GetRawText(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task ABodyThatIsTooLargeDecompressedIsRefusedWith413(string wireName)
    {
        var wire = Wires.Of(wireName, _host.Client);
        foreach (var (encoding, length) in new[]
        {
            ("gzip", Limit), ("deflate", Limit), ("br", Limit), ("gzip", 50_000_000), ("br", 50_000_000),
        })
        {
            var request = Encoded(wire.SendRequest(new string('x', length), new SendOptions()), encoding);
            Assert.InRange(request.Content!.Headers.ContentLength!.Value, 1, Limit);

            var (response, body) = await _host.Client.ExchangeAsync(request);

            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
            Assert.Contains("The request's body is larger than 65536 bytes.", body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task ABodyThatIsNotWhatItsEncodingSaysIsRefused(string encoding)
    {
        var whole = Encode(Encoding.UTF8.GetBytes(new string('x', 1000)), encoding);
        // The flag of a dictionary is set, which makes zlib throw an IOException.
        byte[] dictionary = [0x78, 0xbb, 0, 0, 0, 1, 0];
        foreach (var body in new[] { "{}"u8.ToArray(), [.. Enumerable.Repeat((byte)0xff, 2000)], whole[..^6], dictionary })
        {
            foreach (var path in (string[])["/", "/message:send", "/v1/message:send"])
            {
                var request = RawHttp.Request("POST", path, "");
                Fill(request, body, encoding);

                var (response, answer) = await _host.Client.ExchangeAsync(request);

                Assert.Equal(path == "/" ? HttpStatusCode.OK : HttpStatusCode.BadRequest, response.StatusCode);
                Assert.Contains("PARSE_ERROR", answer, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task WhatIsNotGzipIsToldSo()
    {
        var request = RawHttp.Request("POST", "/message:send", "{}");
        request.Content!.Headers.ContentEncoding.Add("gzip");

        var (_, answer) = await _host.Client.ExchangeAsync(request);

        Assert.Contains("The request's body is not valid gzip, which its Content-Encoding names.", answer, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WireNames))]
    public async Task AnotherEncodingIsRefusedWithThoseThatAreTaken(string wireName)
    {
        var wire = Wires.Of(wireName, _host.Client);
        foreach (var encoding in (string[])["zstd", "compress", "gzip, gzip"])
        {
            var request = wire.SendRequest("echo:x", new SendOptions());
            request.Content!.Headers.TryAddWithoutValidation("Content-Encoding", encoding);

            var (response, body) = await _host.Client.ExchangeAsync(request);

            Assert.Equal(wire.IsJsonRpc ? HttpStatusCode.OK : HttpStatusCode.UnsupportedMediaType, response.StatusCode);
            Assert.Contains("\"reason\":\"CONTENT_TYPE_NOT_SUPPORTED\"", body, StringComparison.Ordinal);
            var told = $"The Content-Encoding '{encoding}' is not supported. Compress the body once, with one of gzip, deflate, br, or " +
                $"not at all.";
            Assert.Contains(told, body, StringComparison.Ordinal);
            Assert.Equal("gzip, deflate, br", string.Join(", ", response.Headers.GetValues("Accept-Encoding")));
        }
    }

    private static HttpRequestMessage Encoded(HttpRequestMessage request, string encoding)
    {
        Fill(request, Encode(request.Content!.ReadAsByteArrayAsync().GetAwaiter().GetResult(), encoding), encoding);
        return request;
    }

    private static void Fill(HttpRequestMessage request, byte[] body, string encoding)
    {
        var type = request.Content!.Headers.ContentType;
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = type;
        request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
    }

    private static byte[] Encode(byte[] body, string encoding)
    {
        using var compressed = new MemoryStream();
        using (Stream stream = encoding.ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => new GZipStream(compressed, CompressionLevel.SmallestSize),
            "deflate" => new ZLibStream(compressed, CompressionLevel.SmallestSize),
            "br" => new BrotliStream(compressed, CompressionLevel.Fastest),
            _ => new BufferedStream(compressed),
        })
        {
            stream.Write(body);
        }

        return compressed.ToArray();
    }
}
