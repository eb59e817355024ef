using System.Collections;
using System.Text;

namespace Grpc.Core;

/// <summary>Headers or trailers of a call, in their order.</summary>
public sealed class Metadata : ICollection<Metadata.Entry>
{
    /// <summary>Names that end so have bytes as their values, which travel in base64.</summary>
    public const string BinaryHeaderSuffix = "-bin";

    private readonly List<Entry> entries = [];

    public int Count => entries.Count;

    public Entry this[int index] => entries[index];

    public void Add(Entry item) => entries.Add(item ?? throw new ArgumentNullException(nameof(item)));

    public void Add(string key, string value) => entries.Add(new(key, value));

    public void Add(string key, byte[] valueBytes) => entries.Add(new(key, valueBytes));

    /// <summary>The last one of the name; null if there is none.</summary>
    public Entry? Get(string key) => entries.FindLast(entry => entry.Is(key));

    /// <summary>The text of the last one of the name; null if there is none.</summary>
    public string? GetValue(string key) => Get(key)?.Value;

    /// <summary>The bytes of the last one of the name; null if there is none.</summary>
    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;

    public IEnumerable<Entry> GetAll(string key) => entries.Where(entry => entry.Is(key));

    public IEnumerator<Entry> GetEnumerator() => entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    bool ICollection<Entry>.IsReadOnly => false;

    void ICollection<Entry>.Clear() => entries.Clear();

    bool ICollection<Entry>.Contains(Entry item) => entries.Contains(item);

    void ICollection<Entry>.CopyTo(Entry[] array, int arrayIndex) => entries.CopyTo(array, arrayIndex);

    bool ICollection<Entry>.Remove(Entry item) => entries.Remove(item);

    /// <summary>A name and its value: text, or bytes where the name ends in -bin.</summary>
    public class Entry
    {
        private readonly string? text;
        private readonly byte[]? bytes;

        public Entry(string key, string value)
        {
            ArgumentNullException.ThrowIfNull(value);
            Key = Normalized(key);
            text = IsBinary ? throw new ArgumentException($"The value of {Key} is binary.", nameof(value)) : value;
        }

        public Entry(string key, byte[] valueBytes)
        {
            ArgumentNullException.ThrowIfNull(valueBytes);
            Key = Normalized(key);
            bytes = IsBinary ? [.. valueBytes] : throw new ArgumentException($"A name with a binary value ends in {BinaryHeaderSuffix}.", nameof(key));
        }

        /// <summary>In lower case.</summary>
        public string Key { get; }

        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        public string Value => text ?? throw new InvalidOperationException("Cannot access string value of a binary metadata entry");

        public byte[] ValueBytes => bytes is null ? Encoding.ASCII.GetBytes(text!) : [.. bytes];

        public override string ToString() => bytes is null ? $"[Entry: key={Key}, value={text}]" : $"[Entry: key={Key}, valueBytes={Convert.ToBase64String(bytes)}]";

        internal bool Is(string key) => string.Equals(Key, key, StringComparison.OrdinalIgnoreCase);

        private static string Normalized(string key)
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            return key.ToLowerInvariant();
        }
    }
}
