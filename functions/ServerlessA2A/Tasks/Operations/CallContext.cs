using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks.Operations;

/// <summary>What an operation knows of the request that asks for it, whatever the binding.</summary>
internal sealed record CallContext
{
    /// <summary>Who asks.</summary>
    public required Caller Caller { get; init; }

    /// <summary>How the caller has authenticated. Default: not at all.</summary>
    public Sender Sender { get; init; } = Sender.Anonymous;

    /// <summary>The extensions that the request activates. Default: none.</summary>
    public IReadOnlyList<ActiveExtension> Extensions { get; init; } = [];

    /// <summary>The version of the protocol that the client speaks.</summary>
    public ProtocolVersion Version { get; init; } = ProtocolVersion.V1_0;

    /// <summary>The access token that the caller has come with, for the agent; null where it gets none.</summary>
    public string? AccessToken { get; init; }

    /// <summary>Cancelled when the request's time is nearly over: what waits answers with what it has, and what streams ends cleanly.</summary>
    public CancellationToken TimeUp { get; init; }

    /// <summary>When that is. Default: never.</summary>
    public DateTimeOffset TimeUpAt { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Without the token.</summary>
    public override string ToString() => $"{Caller}, {Version}";
}
