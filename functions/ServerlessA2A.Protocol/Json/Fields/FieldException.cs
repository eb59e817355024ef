using System.Text.Json;

namespace ServerlessA2A.Protocol.Json.Fields;

/// <summary>A field's value has the wrong form. The message may be sent to the client; the reader adds the path to the field.</summary>
internal sealed class FieldException(string description, long? position = null) : JsonException(description)
{
    /// <summary>Where the invalid value begins; null for the value that was read last.</summary>
    public long? Position { get; } = position;
}
