using ServerlessA2A.Client.Credentials;
using ServerlessA2A.Client.Transports;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Client;

/// <summary>How a client calls an agent.</summary>
public sealed class A2AClientOptions
{
    /// <summary>The credentials. The card's security requirements decide which are sent.</summary>
    public IList<AgentCredential> Credentials { get; } = [];

    /// <summary>The URIs of the extensions that requests name (A2A 1.0, section 3.2.6).</summary>
    public IList<string> Extensions { get; } = [];

    /// <summary>The binding: <c>JSONRPC</c> or <c>HTTP+JSON</c>. Default: the first one of the card that the client knows.</summary>
    public string? Binding { get; set; }

    /// <summary>The protocol version. Default: the newest one of the card that the client knows.</summary>
    public ProtocolVersion? Version { get; set; }

    /// <summary>
    /// The JSON Web Key Set (RFC 7517) that has to have signed the card. Default: null, signatures are not verified. Get the keys from an
    /// address that you trust, not from the card.
    /// </summary>
    public ReadOnlyMemory<byte>? TrustedKeys { get; set; }

    /// <summary>How long one attempt of a call may take, and how long a stream may take to begin. Default: 100 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>
    /// How long one attempt of a send may take that waits for the agent (unless <see cref="SendMessageConfiguration.ReturnImmediately"/>).
    /// Default: 10 min.
    /// </summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>After how long without a byte a stream counts as broken and is resumed. Default: 1 min.</summary>
    public TimeSpan StreamSilence { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The number of attempts of a call that fails temporarily, and of consecutive attempts to resume a stream that bring no event.
    /// Default: 5. Attempts are 0.5 to 30 s apart, and no less than <c>Retry-After</c> says.
    /// </summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>
    /// Whether a message is sent again although the agent may have received it, because its answer was lost. Default: true, with the same
    /// <c>messageId</c>, by which agents of this library recognise it. Set it to false for agents that would do the work twice.
    /// </summary>
    public bool ResendMessages { get; set; } = true;

    /// <summary>The longest answer that is read, in bytes. Default: 64 MB. Streams have no limit.</summary>
    public long MaxResponseSize { get; set; } = 64 * 1024 * 1024;

    /// <summary>The clock of timeouts and delays.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Makes the id of a message that has none.</summary>
    internal Func<string> NewId { get; set; } = () => Guid.CreateVersion7().ToString();

    /// <summary>A number from 0 to 1, for delays.</summary>
    internal Func<double> Chance { get; set; } = Random.Shared.NextDouble;

    /// <summary>Bindings of other packages, by the name that cards have for them.</summary>
    internal IDictionary<string, TransportFactory> Bindings { get; } = new Dictionary<string, TransportFactory>();

    internal TimeSpan LimitOf<TRequest>(string operation, TRequest request) =>
        operation == Operations.SendMessage.Name && request is SendMessageRequest { Configuration: not { ReturnImmediately: true } }
            ? SendTimeout : Timeout;
}
