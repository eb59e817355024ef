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

    /// <summary>
    /// The hosts that <see cref="Credentials"/> are sent to, such as <c>agent.example.com</c>. Default: empty, they are sent to whatever
    /// host the card names. Name the hosts of an agent that is not yours.
    /// </summary>
    public IList<string> CredentialHosts { get; } = [];

    /// <summary>The URIs of the extensions that requests name (A2A 1.0, section 3.2.6).</summary>
    public IList<string> Extensions { get; } = [];

    /// <summary>
    /// The binding: <c>JSONRPC</c>, <c>HTTP+JSON</c>, or with <c>AddGrpc()</c> <c>GRPC</c>. Default: the first one of the card that the
    /// client knows.
    /// </summary>
    public string? Binding { get; set; }

    /// <summary>The protocol version. Default: the newest one of the card that the client knows.</summary>
    public ProtocolVersion? Version { get; set; }

    /// <summary>The tenant of requests that name none. Default: that of the card's address, if it has one.</summary>
    public string? Tenant { get; set; }

    /// <summary>
    /// The JSON Web Key Set (RFC 7517) that has to have signed the card. Default: null, signatures are not verified. Get the keys from an
    /// address that you trust, not from the card.
    /// </summary>
    public ReadOnlyMemory<byte>? TrustedKeys { get; set; }

    /// <summary>How long one attempt of a call may take, and how long a stream may take to begin. Default: 100 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>
    /// How long one attempt of a send may take that waits for the agent (unless <see cref="SendMessageConfiguration.ReturnImmediately"/>),
    /// and, over gRPC, how long the stream of a message may take to begin. Default: 10 min.
    /// </summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>After how long without a byte a stream counts as broken and is resumed. Default: 1 min.</summary>
    public TimeSpan StreamSilence { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The number of attempts of a call that fails temporarily, and of consecutive attempts to resume a stream that bring no event.
    /// Default: 5. The first wait is up to 0.5 s, each is up to twice as long as the one before it, at most 30 s, and none is shorter than
    /// <c>Retry-After</c> says; one of more than 2 min is not waited for.
    /// </summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>
    /// Whether a message is sent again although the agent may have received it, because its answer was lost. Default: true, with the same
    /// <c>messageId</c>, by which agents of this library recognise it. Set it to false for agents that would do the work twice. After
    /// <see cref="SendTimeout"/> or <see cref="Timeout"/> it is never sent again.
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

    /// <summary>Whether credentials may be sent to a host.</summary>
    internal bool MaySendCredentialsTo(string? host) =>
        CredentialHosts.Count == 0 || CredentialHosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; the message names it.</exception>
    internal void Validate()
    {
        Check(nameof(Timeout), Timeout);
        Check(nameof(SendTimeout), SendTimeout);
        Check(nameof(StreamSilence), StreamSilence);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAttempts, 1, $"{nameof(A2AClientOptions)}.{nameof(MaxAttempts)}");
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxResponseSize, 1, $"{nameof(A2AClientOptions)}.{nameof(MaxResponseSize)}");

        // The longest time of a timer.
        static void Check(string name, TimeSpan limit)
        {
            if (limit != System.Threading.Timeout.InfiniteTimeSpan && (limit <= TimeSpan.Zero || limit.TotalMilliseconds >= uint.MaxValue))
            {
                throw new ArgumentOutOfRangeException(
                    $"{nameof(A2AClientOptions)}.{name}", limit, "It must be positive and below 49 days, or Timeout.InfiniteTimeSpan.");
            }
        }
    }

    internal TimeSpan LimitOf<TRequest>(string operation, TRequest request) =>
        operation == Operations.SendMessage.Name && request is SendMessageRequest { Configuration: not { ReturnImmediately: true } }
            ? SendTimeout : Timeout;
}
