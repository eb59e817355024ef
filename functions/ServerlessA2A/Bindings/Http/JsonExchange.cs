using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Bindings.Http;

/// <summary>A request and its answer in JSON.</summary>
internal sealed class JsonExchange(HttpContext http, Envelope envelope) : Exchange(http)
{
    private RequestBody? _body;

    /// <summary>The format around results and errors.</summary>
    public Envelope Envelope { get; set; } = envelope;

    /// <summary>Answers an error where that is not done with a status and a body; null by default.</summary>
    public Func<JsonExchange, A2AException, Task>? AnswerError { get; set; }

    /// <summary>Reads the request's body, which is valid until <see cref="ReleaseBody"/>.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(int limit)
    {
        var body = await RequestBody.ReadAsync(Http, limit);
        _body = body;
        return body.Bytes;
    }

    /// <summary>Releases the memory of the body. May be called again.</summary>
    public void ReleaseBody()
    {
        _body?.Release();
        _body = null;
    }

    /// <summary>Sets the headers of every answer of an operation.</summary>
    public void BeginAnswer(string contentType)
    {
        Http.Response.ContentType = contentType;
        ListExtensions();
    }

    /// <summary>Answers with a result.</summary>
    public async Task AnswerAsync<TResult>(TResult result, Action<WireFormat, Utf8JsonWriter, TResult> write)
    {
        Record?.Answered(result);
        using var buffer = JsonBuffer.Rent();
        Envelope.Open(buffer.Json);
        write(Wire, buffer.Json, result);
        Envelope.Close(buffer.Json);
        buffer.Json.Flush();
        BeginAnswer(Envelope.ContentTypeOf(Http));
        await Http.Response.SendAsync(buffer.Written);
    }
}
