using System.Text.Json;

namespace ServerlessA2A.Protocol.Json;

/// <summary>A field's value is of the wrong form. The message may be sent to the client; the serializer adds the path to the field.</summary>
internal sealed class FieldException(string description) : JsonException(description);
