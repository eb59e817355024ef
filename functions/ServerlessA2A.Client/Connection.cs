using ServerlessA2A.Client.Credentials;
using ServerlessA2A.Client.Transports;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Client;

/// <summary>An agent's card, the one of its addresses that was chosen, and the transport to it.</summary>
internal sealed record Connection(AgentCard Card, AgentInterface Interface, ITransport Transport)
{
    private const string JsonRpc = "JSONRPC";
    private const string HttpJson = "HTTP+JSON";

    /// <summary>Chooses the newest version, and of that the binding that the card lists first (A2A 1.0, section 5.2).</summary>
    /// <exception cref="A2AClientException">VersionNotSupported where the client knows none of the addresses.</exception>
    public static Connection To(
        AgentCard card, Uri? cardAddress, A2AClientOptions options, Func<HttpClient> http, Uri? agent = null)
    {
        var chosen = card.SupportedInterfaces
            .Where(each => IsKnown(each, options))
            .OrderBy(each => VersionOf(each) == ProtocolVersion.V1_0 ? 0 : 1)
            .FirstOrDefault();
        if (chosen is null)
        {
            var offered = string.Join(", ", card.SupportedInterfaces.Select(each => $"{each.ProtocolBinding} {each.ProtocolVersion}"));
            throw new A2AClientException(
                A2AError.VersionNotSupported,
                $"The agent's card offers {(offered.Length == 0 ? "no address" : offered)}; the client knows " +
                $"{string.Join(", ", options.Bindings.Keys.Prepend(HttpJson).Prepend(JsonRpc))}, in 1.0 and 0.3.");
        }

        chosen = chosen with { Tenant = options.Tenant ?? chosen.Tenant };
        var context = new CredentialContext(http, options.TimeProvider);
        var credentials = AppliedCredentials.For(card, [.. options.Credentials], context);
        options.Bindings.TryGetValue(chosen.ProtocolBinding, out var create);
        var isHost = create is not null && !IsWeb(chosen.Url);
        var address = AddressOf(chosen.Url, isHost, cardAddress);
        // A redirect to the card does not decide who gets credentials.
        var isRedirected = agent is not null && cardAddress?.Authority != agent.Authority;
        if (options.Credentials.Count > 0 &&
            (!options.MaySendCredentialsTo(address.Host) ||
                (isRedirected && options.CredentialHosts.Count == 0 && address.Host != agent!.Host)))
        {
            throw new A2AClientException(
                A2AError.InvalidAgentResponse,
                $"The card's address {chosen.Url} is on none of the hosts that the credentials are for " +
                $"({nameof(A2AClientOptions)}.{nameof(A2AClientOptions.CredentialHosts)}).");
        }

        if (cardAddress?.Scheme == Uri.UriSchemeHttps && address.Scheme == Uri.UriSchemeHttp && !isHost)
        {
            throw new A2AClientException(
                A2AError.InvalidAgentResponse, $"The card came over https, but its address is {chosen.Url}.");
        }

        // The transport calls the address whose host was checked.
        if (create is not null)
            return new(card, chosen, create(chosen with { Url = address.AbsoluteUri }, options, credentials, http));
        var isOlder = VersionOf(chosen) == ProtocolVersion.V0_3;
        return new(card, chosen, chosen.ProtocolBinding == HttpJson
            ? new HttpJsonTransport(
                new HttpCalls(http, options, isOlder ? WireFormat.V0_3Http : WireFormat.V1, credentials), address, options)
            : new JsonRpcTransport(
                new HttpCalls(http, options, isOlder ? WireFormat.V0_3JsonRpc : WireFormat.V1, credentials), address, options));
    }

    /// <summary>The address to call.</summary>
    /// <param name="url">The address on the card. Some cards name a path only.</param>
    /// <param name="isHost">Whether it is a host and a port, as the libraries of gRPC accept.</param>
    /// <param name="cardAddress">The address of the card; null if the program has it from elsewhere.</param>
    private static Uri AddressOf(string url, bool isHost, Uri? cardAddress)
    {
        // A path is an absolute URI on Linux, that of a file.
        if (IsWeb(url))
        {
            if (Uri.TryCreate(url, UriKind.Absolute, out var whole)) return whole;
        }
        else if (isHost)
        {
            if (!url.Contains("//", StringComparison.Ordinal) && Uri.TryCreate($"https://{url}", UriKind.Absolute, out var host))
                return host.IsLoopback ? new($"http://{url}") : host;
        }
        else if (cardAddress is not null && Uri.TryCreate(cardAddress, url, out var resolved) && IsWeb(resolved.AbsoluteUri))
        {
            return resolved;
        }

        throw new A2AClientException(A2AError.InvalidAgentResponse, $"The agent's card has no valid address: {url}");
    }

    private static bool IsWeb(string url) =>
        url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static bool IsKnown(AgentInterface offered, A2AClientOptions options) =>
        (offered.ProtocolBinding is JsonRpc or HttpJson || options.Bindings.ContainsKey(offered.ProtocolBinding)) &&
        (options.Binding is null || options.Binding == offered.ProtocolBinding) &&
        VersionOf(offered) is { } version && (options.Version is null || options.Version == version);

    private static ProtocolVersion? VersionOf(AgentInterface offered) => offered.ProtocolVersion switch
    {
        "1" or "1.0" => ProtocolVersion.V1_0,
        "0.3" => ProtocolVersion.V0_3,
        var text when text.StartsWith("1.", StringComparison.Ordinal) => ProtocolVersion.V1_0,
        var text when text.StartsWith("0.3.", StringComparison.Ordinal) => ProtocolVersion.V0_3,
        _ => null,
    };
}
