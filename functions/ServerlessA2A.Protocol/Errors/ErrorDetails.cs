using System.Text.Json;

namespace ServerlessA2A.Protocol.Errors;

/// <summary>The machine-readable part of an error: <c>error.data</c> in JSON-RPC, <c>error.details</c> in HTTP+JSON.</summary>
/// <remarks>A2A 1.0, sections 9.5 and 11.6: an array of google.rpc messages, the ErrorInfo first.</remarks>
internal static class ErrorDetails
{
    private const string ErrorInfo = "type.googleapis.com/google.rpc.ErrorInfo";
    private const string BadRequest = "type.googleapis.com/google.rpc.BadRequest";

    /// <summary>The <c>domain</c> of every google.rpc.ErrorInfo.</summary>
    public const string Domain = "a2a-protocol.org";

    /// <summary>Writes the array.</summary>
    public static void Write(Utf8JsonWriter writer, A2AException exception)
    {
        writer.WriteStartArray();
        WriteErrorInfo(writer, exception);
        if (exception.FieldViolations.Count > 0) WriteBadRequest(writer, exception.FieldViolations);
        writer.WriteEndArray();
    }

    private static void WriteErrorInfo(Utf8JsonWriter writer, A2AException exception)
    {
        writer.WriteStartObject();
        writer.WriteString("@type"u8, ErrorInfo);
        writer.WriteString("reason"u8, exception.Error.Reason);
        writer.WriteString("domain"u8, Domain);
        if (exception.Metadata.Count > 0)
        {
            writer.WriteStartObject("metadata"u8);
            foreach (var (name, value) in exception.Metadata) writer.WriteString(name, value);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteBadRequest(Utf8JsonWriter writer, IReadOnlyList<FieldViolation> violations)
    {
        writer.WriteStartObject();
        writer.WriteString("@type"u8, BadRequest);
        writer.WriteStartArray("fieldViolations"u8);
        foreach (var violation in violations)
        {
            writer.WriteStartObject();
            writer.WriteString("field"u8, violation.Field);
            writer.WriteString("description"u8, violation.Description);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
