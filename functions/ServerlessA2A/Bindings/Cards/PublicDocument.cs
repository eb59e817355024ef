using System.Buffers.Text;
using System.Security.Cryptography;

namespace ServerlessA2A.Bindings.Cards;

/// <summary>JSON that anybody may read and keep, as it is sent.</summary>
internal sealed class PublicDocument
{
    private const int TagBytes = 16;

    public PublicDocument(ReadOnlyMemory<byte> json, string contentType)
    {
        (Json, ContentType) = (json, contentType);
        ETag = $"\"{Base64Url.EncodeToString(SHA256.HashData(json.Span).AsSpan(0, TagBytes))}\"";
    }

    /// <summary>The JSON.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>Its media type.</summary>
    public string ContentType { get; }

    /// <summary>A strong entity tag, quotes and all: the same on every instance that would send the same bytes.</summary>
    public string ETag { get; }
}
