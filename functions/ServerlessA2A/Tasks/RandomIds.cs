using System.Security.Cryptography;

namespace ServerlessA2A.Tasks;

/// <summary>
/// Random UUIDs (RFC 9562, version 4), drawn from a block: on Linux each <see cref="Guid.NewGuid"/> is a call into the kernel, and a task
/// needs four or five of them.
/// </summary>
internal sealed class RandomIds
{
    private const int Size = 16;

    private readonly byte[] _block = new byte[64 * Size];
    private readonly Lock _lock = new();
    private int _used = 64 * Size;

    public string Next()
    {
        Span<byte> id = stackalloc byte[Size];
        lock (_lock)
        {
            if (_used == _block.Length)
            {
                RandomNumberGenerator.Fill(_block);
                _used = 0;
            }

            var drawn = _block.AsSpan(_used, Size);
            drawn.CopyTo(id);
            // Who reads the memory later learns nothing of an id that was given out.
            drawn.Clear();
            _used += Size;
        }

        id[6] = (byte)((id[6] & 0x0F) | 0x40);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true).ToString();
    }
}
