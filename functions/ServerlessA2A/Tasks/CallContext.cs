using ServerlessA2A.Agents;
using ServerlessA2A.Protocol;
using ServerlessA2A.Security;
using ServerlessA2A.Tasks.Log;

namespace ServerlessA2A.Tasks;

/// <summary>What the bindings pass to an operation about its request.</summary>
internal sealed record CallContext
{
    /// <summary>The caller.</summary>
    public required Caller Caller { get; init; }

    /// <summary>How the caller authenticated. Default: anonymous.</summary>
    public Sender Sender { get; init; } = Sender.Anonymous;

    /// <summary>The extensions that the request activates. Default: none.</summary>
    public IReadOnlyList<ActiveExtension> Extensions { get; init; } = [];

    /// <summary>The protocol version of the request.</summary>
    public ProtocolVersion Version { get; init; } = ProtocolVersion.V1_0;

    /// <summary>The caller's access token, for the agent; null for none.</summary>
    public string? AccessToken { get; init; }

    /// <summary>
    /// Cancelled when the request's time is nearly over: a waiting send answers with the task as it is, and a stream ends cleanly.
    /// </summary>
    public CancellationToken TimeUp { get; init; }

    /// <summary>When <see cref="TimeUp"/> is cancelled. Default: never.</summary>
    public DateTimeOffset TimeUpAt { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Without the token.</summary>
    public override string ToString() => $"{Caller}, {Version}";
}
