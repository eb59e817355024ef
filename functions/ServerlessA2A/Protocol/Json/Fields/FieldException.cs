using System.Text.Json;

namespace ServerlessA2A.Protocol.Json.Fields;

/// <summary>A field's value is of the wrong form. The message may be sent to the client; the serializer adds the path to the field.</summary>
internal sealed class FieldException(string description, long? position = null) : JsonException(description)
{
    /// <summary>Where the value begins that is wrong; null for the one that was read last.</summary>
    public long? Position { get; } = position;
}
