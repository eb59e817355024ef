using System.Net;

namespace ServerlessA2A.Webhooks.Addresses;

/// <summary>Looks up where hosts are: the port behind which DNS is.</summary>
internal interface IHostAddresses
{
    /// <summary>All addresses of a host; none where there are none, or where none could be found out now.</summary>
    /// <param name="host">A host's name, in ASCII.</param>
    /// <param name="cancellationToken">Ends the wait, at once.</param>
    /// <exception cref="Protocol.Errors.A2AException">Unavailable: the name could not be looked up now.</exception>
    ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);
}
