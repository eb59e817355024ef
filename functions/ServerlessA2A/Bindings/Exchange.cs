using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServerlessA2A.Agents;
using ServerlessA2A.Bindings.HttpJson;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Bindings;

/// <summary>One request and its answer: what an operation needs to know of them, whatever the binding.</summary>
internal sealed class Exchange(HttpContext http, Envelope envelope)
{
    private RequestBody? _body;
    private IReadOnlyList<AgentExtension> _extensions = [];

    /// <summary>The HTTP request and response.</summary>
    public HttpContext Http { get; } = http;

    /// <summary>The agent that is called.</summary>
    public required HostedAgent Agent { get; init; }

    /// <summary>What goes around results and errors.</summary>
    public Envelope Envelope { get; set; } = envelope;

    /// <summary>The version that is spoken.</summary>
    public ProtocolVersion Version { get; set; } = ProtocolVersion.V1_0;

    /// <summary>How requests and results look.</summary>
    public WireFormat Wire { get; set; } = WireFormat.V1;

    /// <summary>The request's JSON: JSON-RPC's params, HTTP+JSON's body. A piece of the body, so only until <see cref="ReleaseBody"/>.</summary>
    public ReadOnlyMemory<byte> Json { get; set; }

    /// <summary>What the path says; null in JSON-RPC.</summary>
    public HttpJsonRoute? Route { get; set; }

    /// <summary>True where errors are answered inside an event stream.</summary>
    public bool AnswersErrorsAsEvents { get; set; }

    /// <summary>Whether the request says anything in its body. Clients that have nothing to say send no body, or <c>null</c>.</summary>
    public bool HasBody => !Json.IsEmpty && !Json.Span.Trim(" \t\r\n"u8).SequenceEqual("null"u8);

    /// <summary>The query of an HTTP+JSON request.</summary>
    public QueryParameters Query => new(Http.Request);

    /// <summary>The body, where there has to be one.</summary>
    public ReadOnlyMemory<byte> RequireBody() => Json.IsEmpty ? throw Faults.NoBody() : Json;

    /// <summary>The task that the path names. A body may leave it out, but not name another one.</summary>
    public string TaskIdOfPath(string field, string? named) => string.IsNullOrEmpty(named) || named == Route!.TaskId
        ? Route!.TaskId!
        : throw A2AException.InvalidParams(field, "differs from the task in the path");

    /// <summary>Reads the request's body.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(int limit)
    {
        var body = await RequestBody.ReadAsync(Http, limit);
        _body = body;
        return body.Bytes;
    }

    /// <summary>Gives the body's memory back. May be called again.</summary>
    public void ReleaseBody()
    {
        Json = default;
        _body?.Release();
        _body = null;
    }

    /// <summary>Who calls; null for an anonymous caller. Kept with the HTTP request, for whoever logs what has become of it.</summary>
    public Identity? Caller
    {
        get => Http.Features.Get<Identity>();
        set => Http.Features.Set(value);
    }

    /// <summary>What the engine is told of the request.</summary>
    /// <param name="tenant">The tenant that the request itself names.</param>
    public CallContext CallOf(string? tenant) => new()
    {
        Caller = Callers.Identify(Agent.Name, Caller, Route?.Tenant, tenant),
        Sender = Sender.Of(Caller),
        Extensions = _extensions.Count == 0 ? [] : [.. _extensions.Select(extension => new ActiveExtension(extension.Uri!) { Params = extension.Params })],
        AccessToken = Caller?.AccessToken,
        Version = Version,
    };

    /// <summary>Activates the extensions that the request may use; they are named in the answer's header.</summary>
    public void UseExtensions() => _extensions = ExtensionSupport.Negotiate(Agent.Cards.Extensions, Http.Request);

    /// <summary>Sets what every answer of an operation has in its head.</summary>
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
        using var buffer = JsonBuffer.Rent();
        Envelope.Open(buffer.Json);
        write(Wire, buffer.Json, result);
        Envelope.Close(buffer.Json);
        buffer.Json.Flush();
        BeginAnswer(Envelope.ContentTypeOf(Http));
        await Http.Response.SendAsync(buffer.Written);
    }
}
