using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Webhooks.Addresses;

/// <summary>
/// The addresses that the system's resolver knows. It blocks the thread that asks, and for long where a name's server is silent; whoever
/// makes webhooks chooses the names. So it is asked from threads of its own, a few at a time, and never from those that serve requests.
/// </summary>
internal sealed class DnsHostAddresses(Func<string, IPAddress[]> lookUp) : IHostAddresses, IDisposable
{
    /// <summary>How many names are looked up at once.</summary>
    internal const int MaxLookups = 32;

    /// <summary>
    /// How long a lookup waits for its place, in real time: less than <see cref="AddressGuard.ResolveLimit"/>, so that the caller learns
    /// that the name is not at fault.
    /// </summary>
    private static readonly TimeSpan PlaceLimit = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _free = new(MaxLookups);

    /// <summary>The lookups in progress, by name.</summary>
    private readonly ConcurrentDictionary<string, Task<IPAddress[]>> _running = new(StringComparer.Ordinal);

    public DnsHostAddresses()
        : this(Dns.GetHostAddresses)
    {
    }

    /// <exception cref="A2AException">Unavailable: too many other names are looked up.</exception>
    public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        // One lookup is for everybody who asks meanwhile: a name whose server is silent takes one place, however often it is asked for.
        if (!_running.TryGetValue(host, out var lookup))
        {
            if (!await _free.WaitAsync(PlaceLimit, cancellationToken))
                throw A2AException.Unavailable(new TimeoutException("Too many names are looked up; their servers do not answer."));
            var own = new Task<IPAddress[]>(
                () => LookUp(host), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach);
            // Before it starts, so that it is there to be removed when it ends. Others may have waited for a place too.
            lookup = _running.GetOrAdd(host, own);
            if (lookup == own)
                own.Start(TaskScheduler.Default);
            else
                _free.Release();
        }

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
            _running.TryRemove(host, out _);
            _free.Release();
        }
    }
}
