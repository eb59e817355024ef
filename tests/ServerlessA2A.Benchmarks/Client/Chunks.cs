using System.Buffers.Text;

namespace ServerlessA2A.Benchmarks.Client;

/// <summary>The chunks of a body of unknown length (RFC 9112, section 7.1).</summary>
internal static class Chunks
{
    /// <summary>Takes the next chunk off; false where it is not whole. The last one is empty.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> chunk)
    {
        chunk = default;
        if (!Utf8Parser.TryParse(rest, out int size, out var digits, 'x') || rest.Length < digits + size + 4)
            return false;
        chunk = rest.Slice(digits + 2, size);
        rest = rest[(digits + size + 4)..];
        return true;
    }

    /// <summary>The body without the sizes.</summary>
    public static byte[] Join(ReadOnlySpan<byte> chunks)
    {
        var body = new List<byte>();
        while (TryTake(ref chunks, out var chunk))
            body.AddRange(chunk);
        return [.. body];
    }
}
