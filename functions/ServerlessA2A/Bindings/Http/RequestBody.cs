using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ServerlessA2A.Bindings.Http;

/// <summary>
/// A complete request body. A body in one segment stays in the server's buffer; otherwise it is copied once, into a pooled array.
/// </summary>
internal readonly struct RequestBody
{
    /// <summary>Kestrel's default limit for request bodies.</summary>
    private const int KestrelDefaultLimit = 30_000_000;

    private readonly PipeReader? _reader;
    private readonly SequencePosition _end;
    private readonly byte[]? _rented;

    private RequestBody(PipeReader reader, ReadOnlySequence<byte> buffer, bool copies)
    {
        if (buffer.IsSingleSegment && !copies)
        {
            (_reader, _end, Bytes) = (reader, buffer.End, buffer.First);
            return;
        }

        var length = (int)buffer.Length;
        _rented = ArrayPool<byte>.Shared.Rent(length);
        buffer.CopyTo(_rented);
        Bytes = _rented.AsMemory(0, length);
        reader.AdvanceTo(buffer.End);
    }

    /// <summary>The body, until <see cref="Release"/>.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Reads a body of at most <paramref name="limit"/> bytes, which count as they are sent and decompressed too.</summary>
    public static ValueTask<RequestBody> ReadAsync(HttpContext context, int limit)
    {
        if (context.Request.ContentLength > limit)
            throw Faults.BodyTooLarge(limit);
        if (limit >= KestrelDefaultLimit && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = limit + 1L;

        return BodyEncoding.Of(context.Request) is { } encoding
            ? DecompressAsync(context, encoding, limit)
            : ReadAsync(context.Request.BodyReader, limit, copies: false, context.RequestAborted);
    }

    /// <summary>Releases the memory. Nothing may use a part of <see cref="Bytes"/> afterwards. Call once only.</summary>
    public void Release()
    {
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
        else
            _reader?.AdvanceTo(_end);
    }

    /// <summary>Decompresses at most the limit.</summary>
    private static async ValueTask<RequestBody> DecompressAsync(HttpContext context, BodyEncoding encoding, int limit)
    {
        var reader = PipeReader.Create(encoding.Decompress(context.Request.Body));
        try
        {
            return await ReadAsync(reader, limit, copies: true, context.RequestAborted);
        }
        catch (Exception damage) when (
            damage is InvalidDataException or InvalidOperationException || damage.GetType().Assembly == typeof(ZLibStream).Assembly)
        {
            // InvalidOperationException: Brotli's. ZLibException, which is not public: a dictionary is required.
            throw Faults.WrongEncoding(encoding.Name, damage);
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static async ValueTask<RequestBody> ReadAsync(PipeReader reader, int limit, bool copies, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            if (result.Buffer.Length > limit)
            {
                reader.AdvanceTo(result.Buffer.End);
                throw Faults.BodyTooLarge(limit);
            }

            if (result.IsCompleted)
                return new RequestBody(reader, result.Buffer, copies);
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
