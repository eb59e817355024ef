using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Bindings.Http;

/// <summary>One request and its answer, for operations of every binding.</summary>
internal sealed class Exchange(HttpContext http, Envelope envelope)
{
    private RequestBody? _body;
    private IReadOnlyList<AgentExtension> _extensions = [];

    /// <summary>The HTTP request and response.</summary>
    public HttpContext Http { get; } = http;

    /// <summary>What a log of requests shows of this one; null where there is no such log.</summary>
    public OperationRecord? Record { get; } = http.Features.Get<OperationRecord>();

    /// <summary>The agent that is called.</summary>
    public required HostedAgent Agent { get; init; }

    /// <summary>The format around results and errors.</summary>
    public Envelope Envelope { get; set; } = envelope;

    /// <summary>The protocol version.</summary>
    public ProtocolVersion Version { get; set; } = ProtocolVersion.V1_0;

    /// <summary>The format of requests and results.</summary>
    public WireFormat Wire { get; set; } = WireFormat.V1;

    /// <summary>The tenant that the path names; null or empty for none.</summary>
    public string? PathTenant { get; set; }

    /// <summary>The name of the operation; null until the request has named one.</summary>
    public string? Operation { get; set; }

    /// <summary>The error that the request was answered with; null for none.</summary>
    public A2AError? Error { get; set; }

    /// <summary>Answers an error where that is not done with a status and a body; null by default.</summary>
    public Func<Exchange, A2AException, Task>? AnswerError { get; set; }

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

    /// <summary>The caller's identity; null for an anonymous caller. Kept with the HTTP request, for its log messages.</summary>
    public Identity? Caller
    {
        get => Http.Features.Get<Identity>();
        set => Http.Features.Set(value);
    }

    /// <summary>The request as the engine sees it.</summary>
    /// <param name="tenant">The tenant that the request itself names.</param>
    public CallContext CallOf(string? tenant) => new()
    {
        Caller = Callers.Identify(Agent.Name, Caller, PathTenant, tenant),
        Sender = Sender.Of(Caller),
        Extensions = _extensions.Count == 0
            ? []
            : [.. _extensions.Select(extension => new ActiveExtension(extension.Uri!) { Params = extension.Params })],
        AccessToken = Caller?.AccessToken,
        Version = Version,
    };

    /// <summary>Activates the extensions that the request names and the agent supports; the answer's header lists them.</summary>
    public void UseExtensions() => _extensions = ExtensionSupport.Negotiate(Agent.Cards.Extensions, Http.Request);

    /// <summary>Sets the headers of every answer of an operation.</summary>
    public void BeginAnswer(string contentType)
    {
        var response = Http.Response;
        response.ContentType = contentType;
        if (_extensions.Count > 0)
            response.Headers[ExtensionSupport.HeaderOf(Version)] = string.Join(", ", _extensions.Select(extension => extension.Uri));
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
