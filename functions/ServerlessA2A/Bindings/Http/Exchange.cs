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
internal abstract class Exchange(HttpContext http)
{
    private IReadOnlyList<AgentExtension> _extensions = [];

    /// <summary>The HTTP request and response.</summary>
    public HttpContext Http { get; } = http;

    /// <summary>What a log of requests shows of this one; null where there is no such log.</summary>
    public OperationRecord? Record { get; } = http.Features.Get<OperationRecord>();

    /// <summary>The agent that is called.</summary>
    public required HostedAgent Agent { get; set; }

    /// <summary>The protocol version.</summary>
    public ProtocolVersion Version { get; set; } = ProtocolVersion.V1_0;

    /// <summary>The format of requests and results.</summary>
    public WireFormat Wire { get; set; } = WireFormat.V1;

    /// <summary>The tenant that the path or the query names; null or empty for none.</summary>
    public string? PathTenant { get; set; }

    /// <summary>The name of the operation; null until the request has named one.</summary>
    public string? Operation { get; set; }

    /// <summary>The error that the request was answered with; null for none.</summary>
    public A2AError? Error { get; set; }

    /// <summary>Whether it is a call of gRPC, whose address may serve no other binding.</summary>
    public virtual bool IsGrpc => false;

    /// <summary>Cancelled when nobody waits for the answer anymore.</summary>
    public virtual CancellationToken Aborted => Http.RequestAborted;

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

    /// <summary>Sets the header that lists the active extensions.</summary>
    public void ListExtensions()
    {
        if (_extensions.Count > 0)
            Http.Response.Headers[ExtensionSupport.HeaderOf(Version)] = string.Join(", ", _extensions.Select(extension => extension.Uri));
    }
}
