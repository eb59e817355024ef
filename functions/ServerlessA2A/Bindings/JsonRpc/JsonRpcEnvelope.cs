using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Bindings.JsonRpc;

/// <summary>The JSON-RPC 2.0 response object.</summary>
/// <param name="id">The request's id as it came, including quotes; null where it has none or could not be read.</param>
internal sealed class JsonRpcEnvelope(byte[]? id) : Envelope
{
    /// <summary>For errors before the id is known: it is null then (JSON-RPC 2.0, section 5).</summary>
    public static JsonRpcEnvelope WithoutId { get; } = new(null);

    public override string ContentTypeOf(HttpContext context) => MediaType.Json;

    public override string? ErrorEventName => null;

    public override void Open(Utf8JsonWriter writer)
    {
        WriteStart(writer);
        writer.WritePropertyName("result"u8);
    }

    public override void Close(Utf8JsonWriter writer) => writer.WriteEndObject();

    public override void WriteError(Utf8JsonWriter writer, A2AException error)
    {
        WriteStart(writer);
        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, error.Error.JsonRpcCode);
        writer.WriteString("message"u8, error.Message);
        writer.WritePropertyName("data"u8);
        ErrorDetails.Write(writer, error);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>
    /// A JSON-RPC error is an ordinary HTTP answer; a request that is rejected before its method runs has the HTTP status of its error.
    /// </summary>
    public override int StatusOf(A2AError error) =>
        error == A2AError.PayloadTooLarge || error == A2AError.RequestTimeout || error == A2AError.Unauthenticated ||
        error == A2AError.PermissionDenied || error == A2AError.ResourceExhausted
            ? error.HttpStatus
            : StatusCodes.Status200OK;

    private void WriteStart(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("jsonrpc"u8, "2.0"u8);
        writer.WritePropertyName("id"u8);
        if (id is null)
            writer.WriteNullValue();
        else
            writer.WriteRawValue(id, skipInputValidation: true);
    }
}
