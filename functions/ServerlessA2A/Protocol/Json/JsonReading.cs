using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace ServerlessA2A.Protocol.Json;

/// <summary>Reads what clients send, and puts what is wrong with it into the protocol's words.</summary>
internal static class JsonReading
{
    public static T Read<T>(ReadOnlyMemory<byte> utf8, JsonTypeInfo<T> type)
    {
        // Strings that are passed on as they came are never decoded, so this is the only place that can find bad bytes in them.
        if (!Utf8.IsValid(utf8.Span)) throw A2AException.ParseError();
        try
        {
            return JsonSerializer.Deserialize(FieldNames.ToCamelCase(utf8).Span, type)
                ?? throw A2AException.InvalidParams("", "must be a JSON object");
        }
        catch (JsonException exception)
        {
            throw IsWellFormed(utf8.Span)
                ? A2AException.InvalidParams(FieldPath(exception), Description(exception), exception)
                : A2AException.ParseError(exception);
        }
    }

    private static bool IsWellFormed(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = ProtocolJson.MaxDepth });
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The serializer's path without its root: <c>$.message.parts[0].raw</c> is the client's message.parts[0].raw.</summary>
    private static string FieldPath(JsonException exception) => exception.Path switch
    {
        null or "$" => "",
        ['$', '.', .. var path] => path,
        ['$', .. var path] => path,
        var path => path,
    };

    private static string Description(JsonException exception) =>
        exception is FieldException ? exception.Message : "has a value of the wrong type";
}
