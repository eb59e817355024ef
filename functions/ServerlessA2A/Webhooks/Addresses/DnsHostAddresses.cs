using System.Net;
using System.Net.Sockets;

namespace ServerlessA2A.Webhooks.Addresses;

/// <summary>
/// The addresses that the system's resolver knows. It blocks the thread that asks, and for long where a name's server is silent; whoever
/// makes webhooks chooses the names. So it is asked from threads of its own, a few at a time, and never from those that serve requests.
/// </summary>
internal sealed class DnsHostAddresses(Func<string, IPAddress[]> lookUp) : IHostAddresses, IDisposable
{
    /// <summary>How many names are looked up at once.</summary>
    internal const int MaxLookups = 32;

    private readonly SemaphoreSlim _free = new(MaxLookups);

    public DnsHostAddresses()
        : this(Dns.GetHostAddresses)
    {
    }

    public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        var lookup = Task.Factory.StartNew(
            () => LookUp(host), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default);
        return await lookup.WaitAsync(cancellationToken);
    }

    public void Dispose() => _free.Dispose();

    private IPAddress[] LookUp(string host)
    {
        try
        {
            return lookUp(host);
        }
        catch (SocketException)
        {
            return [];
        }
        finally
        {
            _free.Release();
        }
    }
}
