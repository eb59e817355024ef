using System.Buffers.Text;
using System.Security.Cryptography;

namespace ServerlessA2A.Bindings.Cards;

/// <summary>A public, cacheable JSON document, as it is sent.</summary>
internal sealed class PublicDocument
{
    private const int TagBytes = 16;

    /// <summary>A document.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="contentType">Its media type.</param>
    /// <param name="tagged">The bytes that the entity tag covers; null for the whole JSON.</param>
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
