using System.Text.Json;
using System.Text.Unicode;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Protocol.Json.Fields;

/// <summary>Reads clients' documents and translates faults into the protocol's errors.</summary>
internal static class JsonReading
{
    public static T Read<T>(ReadOnlyMemory<byte> utf8, ReadMessage<T> read)
    {
        // Strings that are passed on unchanged are never decoded, so only this check finds invalid bytes in them.
        if (!Utf8.IsValid(utf8.Span)) throw A2AException.ParseError();
        scoped JsonInput json = default;
        try
        {
            json = new JsonInput(utf8.Span, stackalloc char[JsonInput.LongestName]);
            var message = read(ref json);
            json.End();
            return message is null ? throw A2AException.InvalidParams("", "must be a JSON object") : message;
        }
        catch (Exception fault) when (fault is FieldException or InvalidOperationException)
        {
            // InvalidOperationException: half of a surrogate pair in a string.
            throw IsWellFormed(utf8.Span)
                ? A2AException.InvalidParams(
                    FieldPath.Of(utf8.Span, (fault as FieldException)?.Position ?? json.Position), Description(fault), fault)
                : A2AException.ParseError(fault);
        }
        catch (JsonException fault)
        {
            // JSON that only our own depth limit made unreadable.
            throw IsWellFormed(utf8.Span)
                ? A2AException.InvalidParams(FieldPath.Of(utf8.Span, json.Position), Nesting.TooDeep, fault)
                : A2AException.ParseError(fault);
        }
    }

    private static bool IsWellFormed(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, Nesting.Unlimited);
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

    private static string Description(Exception fault) => fault is FieldException ? fault.Message : "has a value of the wrong type";
}
