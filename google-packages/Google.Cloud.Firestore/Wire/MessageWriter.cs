namespace Google.Cloud.Firestore;

/// <summary>
/// A message being written. Each field comes with its name in JSON and its number in protobuf, so that what is said about
/// a message (<see cref="Messages"/>) serves both.
/// </summary>
internal abstract class MessageWriter
{
    public abstract void Null(string name, int number);

    public abstract void Bool(string name, int number, bool value);

    public abstract void Int32(string name, int number, int value);

    public abstract void Int64(string name, int number, long value);

    /// <summary>A google.protobuf.Int32Value.</summary>
    public abstract void BoxedInt32(string name, int number, int value);

    public abstract void Double(string name, int number, double value);

    public abstract void String(string name, int number, string value);

    public abstract void Strings(string name, int number, IEnumerable<string> values);

    public abstract void Bytes(string name, int number, ReadOnlySpan<byte> value);

    public abstract void Time(string name, int number, Timestamp value);

    public abstract void Enum(string name, int number, string value, int valueNumber);

    public abstract void Message<T>(string name, int number, T message, Action<MessageWriter, T> write);

    public abstract void List<T>(string name, int number, IEnumerable<T> messages, Action<MessageWriter, T> write);

    public abstract void Map<T>(string name, int number, IEnumerable<KeyValuePair<string, T>> entries, Action<MessageWriter, T> write);
}
