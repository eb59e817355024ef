using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Google.Cloud.Firestore;

/// <summary>Messages as proto3 has them in JSON.</summary>
internal sealed class JsonMessageWriter : MessageWriter
{
    // The answer is for a service that reads JSON, not for a page; so bytes and texts keep their length.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Utf8JsonWriter json;

    private JsonMessageWriter(Utf8JsonWriter json) => this.json = json;

    public static ReadOnlyMemory<byte> Write<T>(T message, Action<MessageWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            write(new JsonMessageWriter(json), message);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    public override void Null(string name, int number) => json.WriteNull(name);

    public override void Bool(string name, int number, bool value) => json.WriteBoolean(name, value);

    public override void Int32(string name, int number, int value) => json.WriteNumber(name, value);

    public override void Int64(string name, int number, long value) => json.WriteString(name, value.ToString(CultureInfo.InvariantCulture));

    public override void BoxedInt32(string name, int number, int value) => json.WriteNumber(name, value);

    public override void Double(string name, int number, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteString(name, double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }

    public override void String(string name, int number, string value) => json.WriteString(name, value);

    public override void Strings(string name, int number, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    public override void Bytes(string name, int number, ReadOnlySpan<byte> value) => json.WriteBase64String(name, value);

    public override void Time(string name, int number, Timestamp value) => json.WriteString(name, TimestampText.Write(value));

    public override void Enum(string name, int number, string value, int valueNumber) => json.WriteString(name, value);

    public override void Message<T>(string name, int number, T message, Action<MessageWriter, T> write)
    {
        json.WriteStartObject(name);
        write(this, message);
        json.WriteEndObject();
    }

    public override void List<T>(string name, int number, IEnumerable<T> messages, Action<MessageWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var message in messages)
        {
            json.WriteStartObject();
            write(this, message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public override void Map<T>(string name, int number, IEnumerable<KeyValuePair<string, T>> entries, Action<MessageWriter, T> write)
    {
        json.WriteStartObject(name);
        foreach (var (key, message) in entries)
            Message(key, number, message, write);
        json.WriteEndObject();
    }
}
