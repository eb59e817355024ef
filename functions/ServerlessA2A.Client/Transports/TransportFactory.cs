using ServerlessA2A.Client.Credentials;
using ServerlessA2A.Protocol.Cards;

namespace ServerlessA2A.Client.Transports;

/// <summary>Makes the transport of an address.</summary>
internal delegate ITransport TransportFactory(
    AgentInterface address, A2AClientOptions options, AppliedCredentials credentials, Func<HttpClient> http);
