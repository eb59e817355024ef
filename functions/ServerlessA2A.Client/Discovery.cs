using ServerlessA2A.Client.Credentials;
using ServerlessA2A.Client.Transports;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.Cards;
using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Signatures;

namespace ServerlessA2A.Client;

/// <summary>Finds an agent's card (A2A 1.0, section 8.2).</summary>
internal sealed class Discovery(Func<HttpClient> http, A2AClientOptions options)
{
    private const string Path = "/.well-known/agent-card.json";

    /// <summary>The path before 0.3.</summary>
    private const string OlderPath = "/.well-known/agent.json";

    private const int MostRedirects = 5;

    /// <summary>The card of the agent at an address, and where it was found.</summary>
    public async Task<(AgentCard Card, Uri Address)> FindAsync(Uri agent, CancellationToken cancellationToken)
    {
        A2AClientException? missing = null, fault = null;
        foreach (var address in Addresses(agent))
        {
            try
            {
                return await FollowAsync(address, cancellationToken);
            }
            catch (A2AClientException exception) when (!exception.IsTransient || exception.Location is not null)
            {
                // Hosts answer for what they do not have in many ways: with a page, a redirect to one, a refusal.
                if (exception.HttpStatus is 404 or 405 or 410) missing ??= exception;
                else fault ??= exception;
            }
        }

        throw fault ?? new A2AClientException(
            A2AError.MethodNotFound, $"There is no agent card at {string.Join(", ", Addresses(agent))}.", missing)
        { HttpStatus = 404 };
    }

    /// <summary>Beside the agent, then at the root of its host; then the same with the older path. A JSON file is a card.</summary>
    private static IEnumerable<Uri> Addresses(Uri agent)
    {
        var start = agent.GetLeftPart(UriPartial.Path).TrimEnd('/');
        if (start.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) return [agent];
        var root = agent.GetLeftPart(UriPartial.Authority);
        return new[] { start + Path, root + Path, start + OlderPath, root + OlderPath }.Distinct().Select(each => new Uri(each));
    }

    /// <summary>Gets a card, which may be elsewhere: MessageFunction of this library redirects to AgentCardFunction.</summary>
    private async Task<(AgentCard Card, Uri Address)> FollowAsync(Uri first, CancellationToken cancellationToken)
    {
        var address = first;
        for (var redirects = 0; ; redirects++)
        {
            try
            {
                // To another host credentials are sent only where it is named.
                var isTrusted = address.Authority == first.Authority || options.CredentialHosts.Count > 0;
                return (await GetAsync(address, isTrusted, cancellationToken), address);
            }
            catch (A2AClientException exception) when (redirects < MostRedirects && NextOf(exception, address) is not null)
            {
                address = NextOf(exception, address)!;
            }
            catch (A2AClientException exception) when (redirects > 0 && exception.IsTransient)
            {
                // The card may be at one of the other addresses too.
                exception.Location = address;
                throw;
            }
        }
    }

    /// <summary>Where an answer redirects to; null where it does not, or where that would lead away from https.</summary>
    private static Uri? NextOf(A2AClientException answer, Uri address) =>
        answer is { HttpStatus: 301 or 302 or 303 or 307 or 308, Location: { } location } &&
        Uri.TryCreate(address, location, out var next) &&
        (next.Scheme == Uri.UriSchemeHttps || (next.Scheme == Uri.UriSchemeHttp && address.Scheme == Uri.UriSchemeHttp))
            ? next : null;

    private async Task<AgentCard> GetAsync(Uri address, bool isTrusted, CancellationToken cancellationToken)
    {
        var context = new CredentialContext(http, options.TimeProvider);
        ReadOnlyMemory<byte> json;
        try
        {
            json = await GetAsync(address, AppliedCredentials.None(context), cancellationToken);
        }
        catch (A2AClientException exception) when (
            exception.HttpStatus is 401 or 403 && options.Credentials.Count > 0 && isTrusted && options.MaySendCredentialsTo(address.Host))
        {
            json = await GetAsync(address, AppliedCredentials.WithoutCard(options.Credentials, context), cancellationToken);
        }

        if (options.TrustedKeys is { } keys && AgentCardSignatures.Verify(json, keys) is { IsVerified: false } verification)
            throw new A2AClientException(A2AError.InvalidAgentResponse, $"The card at {address} is not trusted: {verification.Reason}");
        try
        {
            return WireFormat.ReadCard(json);
        }
        catch (A2AException exception)
        {
            throw new A2AClientException(
                A2AError.InvalidAgentResponse, $"There is no agent card at {address}: {exception.Message}", exception);
        }
    }

    private Task<ReadOnlyMemory<byte>> GetAsync(Uri address, AppliedCredentials credentials, CancellationToken cancellationToken) =>
        new HttpCalls(http, options, options.Version == ProtocolVersion.V0_3 ? WireFormat.V0_3JsonRpc : WireFormat.V1, credentials)
            .CallAsync(() => new HttpRequestMessage(HttpMethod.Get, address), options.Timeout, cancellationToken);
}
