using System.Buffers;
using System.Text.Json;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.Bindings.Http;

/// <summary>
/// A buffer for an answer, with a JSON writer. An answer is sent only when it is complete, so that a fault while writing still becomes a
/// proper error answer, and its length is known.
/// </summary>
internal sealed class JsonBuffer : IBufferWriter<byte>, IDisposable
{
    private const int SmallestSize = 4 * 1024;
    private const int LargestKept = 64 * 1024;

    // Taken out while in use, so a buffer that is held across an await is not shared, and may come back on another thread.
    [ThreadStatic]
    private static JsonBuffer? t_idle;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(SmallestSize);
    private int _length;

    private JsonBuffer() => Json = new Utf8JsonWriter(this, ProtocolJson.WriterOptions);

    /// <summary>Writes JSON into this buffer. Flush it before anything else is written or read.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>The bytes written so far.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    /// <summary>An empty buffer, until <see cref="Dispose"/>.</summary>
    public static JsonBuffer Rent()
    {
        var buffer = t_idle ?? new JsonBuffer();
        t_idle = null;
        return buffer;
    }

    /// <summary>Discards what is written.</summary>
    public void Clear()
    {
        Json.Reset();
        _length = 0;
    }

    /// <summary>Appends bytes as they are.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        _length += bytes.Length;
    }

    /// <inheritdoc/>
    public void Advance(int count) => _length += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureFree(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureFree(Math.Max(sizeHint, 1));
        return _bytes.AsSpan(_length);
    }

    /// <summary>Returns the buffer. Call once only.</summary>
    public void Dispose()
    {
        Clear();
        if (_bytes.Length > LargestKept)
            Replace(SmallestSize);
        t_idle = this;
    }

    private void EnsureFree(int count)
    {
        if (_bytes.Length - _length < count)
            Replace(Math.Max(checked(_length + count), (int)Math.Min(2L * _bytes.Length, Array.MaxLength)));
    }

    private void Replace(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(size);
        _bytes.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
