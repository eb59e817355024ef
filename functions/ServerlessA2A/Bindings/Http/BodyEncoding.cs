using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Bindings.Http;

/// <summary>How a request's body is compressed (RFC 9110, section 8.4).</summary>
internal sealed class BodyEncoding
{
    private const string Supported = "gzip, deflate, br";

    private static readonly BodyEncoding Gzip = new("gzip", body => new GZipStream(body, CompressionMode.Decompress));
    private static readonly BodyEncoding Deflate = new("deflate", body => new ZLibStream(body, CompressionMode.Decompress));
    private static readonly BodyEncoding Brotli = new("br", body => new BrotliStream(body, CompressionMode.Decompress));

    private readonly Func<Stream, Stream> _decompress;

    private BodyEncoding(string name, Func<Stream, Stream> decompress) => (Name, _decompress) = (name, decompress);

    /// <summary>The encoding's name in the header.</summary>
    public string Name { get; }

    /// <summary>The encoding of a request's body; null for an uncompressed one.</summary>
    /// <exception cref="A2AException">UnsupportedMediaType.</exception>
    public static BodyEncoding? Of(HttpRequest request)
    {
        var header = request.Headers.ContentEncoding;
        if (header.Count == 0)
            return null;
        var name = header.ToString().Trim();
        return name.ToLowerInvariant() switch
        {
            "" or "identity" => null,
            "gzip" or "x-gzip" => Gzip,
            "deflate" => Deflate,
            "br" => Brotli,
            _ => throw Faults.UnsupportedEncoding(name, Supported),
        };
    }

    /// <summary>The decompressed body.</summary>
    public Stream Decompress(Stream body) => _decompress(body);
}
