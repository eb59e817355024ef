using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Bindings.Http;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Bindings.HttpJson;

/// <summary>HTTP+JSON: results are bare.</summary>
internal abstract class HttpJsonEnvelope : Envelope
{
    /// <summary>The envelope of 1.0.</summary>
    public static HttpJsonEnvelope V1_0 { get; } = new V1();

    /// <summary>The envelope of 0.3.</summary>
    public static HttpJsonEnvelope V0_3 { get; } = new Older();

    public override string? ErrorEventName => "error";

    public override void Open(Utf8JsonWriter writer)
    {
    }

    public override void Close(Utf8JsonWriter writer)
    {
    }

    public override int StatusOf(A2AError error) => error.HttpStatus;

    /// <summary>Errors as google.rpc.Status (A2A 1.0, section 11.6).</summary>
    private sealed class V1 : HttpJsonEnvelope
    {
        public override string ContentTypeOf(HttpContext context) => AnswerMediaType.Choose(context);

        public override void WriteError(Utf8JsonWriter writer, A2AException error)
        {
            writer.WriteStartObject();
            writer.WriteStartObject("error"u8);
            writer.WriteNumber("code"u8, error.Error.HttpStatus);
            writer.WriteString("status"u8, error.Error.RpcStatus);
            writer.WriteString("message"u8, error.Message);
            writer.WritePropertyName("details"u8);
            ErrorDetails.Write(writer, error);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
    }

    /// <summary>0.3 leaves the shape open; its clients read a bare JSON-RPC error object with the JSON-RPC code.</summary>
    private sealed class Older : HttpJsonEnvelope
    {
        public override string ContentTypeOf(HttpContext context) => MediaType.Json;

        public override void WriteError(Utf8JsonWriter writer, A2AException error)
        {
            writer.WriteStartObject();
            writer.WriteNumber("code"u8, error.Error.JsonRpcCode);
            writer.WriteString("message"u8, error.Message);
            writer.WritePropertyName("data"u8);
            ErrorDetails.Write(writer, error);
            writer.WriteEndObject();
        }
    }
}
