using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Bindings.Http;

/// <summary>The format of a binding around results and errors.</summary>
internal abstract class Envelope
{
    /// <summary>The media type of a request's answer.</summary>
    public abstract string ContentTypeOf(HttpContext context);

    /// <summary>The <c>event</c> field of an error in an event stream; null where the data identifies itself as an error.</summary>
    public abstract string? ErrorEventName { get; }

    /// <summary>Writes what comes before a result.</summary>
    public abstract void Open(Utf8JsonWriter writer);

    /// <summary>Writes what comes after a result.</summary>
    public abstract void Close(Utf8JsonWriter writer);

    /// <summary>Writes an error.</summary>
    public abstract void WriteError(Utf8JsonWriter writer, A2AException error);

    /// <summary>The HTTP status of an error.</summary>
    public abstract int StatusOf(A2AError error);
}
