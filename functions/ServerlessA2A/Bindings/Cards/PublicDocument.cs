using System.Buffers.Text;
using System.Security.Cryptography;

namespace ServerlessA2A.Bindings.Cards;

/// <summary>JSON that anybody may read and keep, as it is sent.</summary>
internal sealed class PublicDocument
{
    private const int TagBytes = 16;

    /// <summary>A document.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="contentType">Its media type.</param>
    /// <param name="tagged">What makes it another document, where that is not each of its bytes.</param>
    public PublicDocument(ReadOnlyMemory<byte> json, string contentType, ReadOnlyMemory<byte>? tagged = null)
    {
        (Json, ContentType) = (json, contentType);
        ETag = $"\"{Base64Url.EncodeToString(SHA256.HashData((tagged ?? json).Span).AsSpan(0, TagBytes))}\"";
    }

    /// <summary>The JSON.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>Its media type.</summary>
    public string ContentType { get; }

    /// <summary>An entity tag, quotes and all: the same on every instance that would send the same document.</summary>
    public string ETag { get; }
}
