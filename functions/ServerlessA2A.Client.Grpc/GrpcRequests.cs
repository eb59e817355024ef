using ServerlessA2A.Client.Credentials;
using ServerlessA2A.Protocol;

namespace ServerlessA2A.Client.Grpc;

/// <summary>
/// Adds what every request carries to the requests of a channel, as metadata, and sends them with the client's connections.
/// </summary>
internal sealed class GrpcRequests(Func<HttpClient> http, A2AClientOptions options, WireFormat wire, AppliedCredentials credentials)
    : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation(WireFormat.VersionHeader, wire.Version);
        if (options.Extensions.Count > 0)
        {
            var name = wire.Version == "0.3" ? "X-A2A-Extensions" : "A2A-Extensions";
            request.Headers.TryAddWithoutValidation(name, string.Join(", ", options.Extensions));
        }

        await credentials.ApplyAsync(request, cancellationToken);
        return await http().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }
}
