using Google.Protobuf;

namespace Google.Cloud.Firestore;

/// <summary>Bytes that do not change.</summary>
public struct Blob : IEquatable<Blob>
{
    private readonly ByteString? bytes;

    private Blob(ByteString bytes) => this.bytes = bytes;

    public ByteString ByteString => bytes ?? ByteString.Empty;

    public int Length => ByteString.Length;

    public byte this[int index] => ByteString[index];

    public static bool operator ==(Blob lhs, Blob rhs) => lhs.Equals(rhs);

    public static bool operator !=(Blob lhs, Blob rhs) => !lhs.Equals(rhs);

    public static Blob CopyFrom(byte[] bytes) => new(ByteString.CopyFrom(bytes));

    public static Blob FromByteString(ByteString byteString)
    {
        ArgumentNullException.ThrowIfNull(byteString);
        return new(byteString);
    }

    public bool Equals(Blob other) => ByteString.Equals(other.ByteString);

    public override bool Equals(object? obj) => obj is Blob other && Equals(other);

    public override int GetHashCode() => ByteString.GetHashCode();

    public override string ToString() => $"Blob: Length={Length}";
}
