using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Tasks.Log;

/// <summary>
/// The hash of a message's content: everything but its id, independent of the order of JSON members and of the protocol version. Numbers
/// count as they are written, because no number type holds all that JSON allows: 1750000000000000001 must not equal its neighbor.
/// </summary>
internal sealed class MessageHash : IDisposable
{
    /// <summary>Each call into the hash costs more than the few bytes that it hashes: they are gathered here first.</summary>
    private readonly byte[] _gathered = ArrayPool<byte>.Shared.Rent(1024);
    private int _length;
    private IncrementalHash? _hash;

    private MessageHash()
    {
    }

    /// <summary>SHA-256 of the message's content in lower-case hexadecimal digits.</summary>
    public static string Of(Message message)
    {
        using var hash = new MessageHash();
        hash.Add(message);
        return hash.Finish();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_gathered);
        _hash?.Dispose();
    }

    private string Finish()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        if (_hash is null)
        {
            SHA256.HashData(_gathered.AsSpan(0, _length), digest);
        }
        else
        {
            Flush(_hash);
            _hash.GetHashAndReset(digest);
        }

        return Convert.ToHexStringLower(digest);
    }

    private void Add(Message message)
    {
        Add((int)message.Role);
        AddUnlessEmpty(message.TaskId);
        AddUnlessEmpty(message.ContextId);
        Add(message.Parts.Count);
        foreach (var part in message.Parts)
            Add(part);
        Add(message.Metadata);
        Add(message.Extensions);
        Add(message.ReferenceTaskIds);
    }

    private void Add(Part part)
    {
        Add(part.Text);
        Add(part.Url);
        if (part.Raw is { } raw)
            Add(raw.Span);
        else
            Add(-1);
        Add(part.Data);
        Add(part.Metadata);
        AddUnlessEmpty(part.Filename);
        AddUnlessEmpty(part.MediaType);
    }

    /// <summary>No list is the same as an empty one, as proto3 has it.</summary>
    private void Add(IReadOnlyList<string>? texts)
    {
        Add(texts?.Count ?? 0);
        foreach (var text in texts ?? [])
            Add(text);
    }

    private void AddUnlessEmpty(string? text) => Add(string.IsNullOrEmpty(text) ? null : text);

    private void Add(string? text)
    {
        if (text is null)
            Add(-1);
        else
            Add(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    private void Add(JsonElement? json)
    {
        if (json is not { } value)
        {
            Add(-1);
            return;
        }

        try
        {
            Add(value);
        }
        catch (InvalidOperationException)
        {
            // A text with half of a surrogate pair cannot be decoded; compare its bytes.
            Add(JsonMarshal.GetRawUtf8Value(value));
        }
    }

    private void Add(JsonElement value)
    {
        Add((int)value.ValueKind);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                Add(value.GetPropertyCount());
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    Add(member.Name);
                    Add(member.Value);
                }

                break;
            case JsonValueKind.Array:
                Add(value.GetArrayLength());
                foreach (var item in value.EnumerateArray())
                    Add(item);
                break;
            case JsonValueKind.String:
                Add(value.GetString());
                break;
            case JsonValueKind.Number:
                Add(JsonMarshal.GetRawUtf8Value(value));
                break;
        }
    }

    /// <summary>The length goes first, so that no content can pass for another by moving a border.</summary>
    private void Add(ReadOnlySpan<byte> bytes)
    {
        Add(bytes.Length);
        Append(bytes);
    }

    private void Add(int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        Append(bytes);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _gathered.Length - _length)
        {
            Flush(_hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256));
            if (bytes.Length > _gathered.Length)
            {
                _hash.AppendData(bytes);
                return;
            }
        }

        bytes.CopyTo(_gathered.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Flush(IncrementalHash hash)
    {
        hash.AppendData(_gathered, 0, _length);
        _length = 0;
    }
}
