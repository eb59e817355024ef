using ServerlessA2A.GoogleCloud.Tests.Emulators;

namespace ServerlessA2A.Functions.Tests.Chaos;

/// <summary>The ways between instances and emulators, on which a request or its answer is lost now and then.</summary>
internal sealed class Ways(int seed) : IDisposable
{
    /// <summary>
    /// Of requests. Each loss closes the connection, which all calls of an instance share, so it strikes several of them.
    /// </summary>
    private static readonly double Loss = ChaosTests.Setting("CHAOS_LOSS") is { } percent ? percent / 100.0 : 0.003;

    private readonly Random _random = new(seed);
    private readonly List<IDisposable> _proxies = [];
    private volatile bool _areCalm;
    private int _lost;

    /// <summary>How much was lost.</summary>
    public int Lost => _lost;

    /// <summary>Makes a way to an emulator.</summary>
    /// <returns>Host and port.</returns>
    public string To(string host)
    {
        var random = new Random(_random.Next());
        var proxy = new TcpProxy(host) { NextFate = () => NextFate(random) };
        _proxies.Add(proxy);
        return proxy.Host;
    }

    /// <summary>Makes a way to PostgreSQL, where each loss closes one connection of several.</summary>
    /// <returns>The port.</returns>
    public int ToPostgreSql(int port)
    {
        var random = new Random(_random.Next());
        var proxy = new PostgreSql.Tests.Servers.TcpProxy(port)
        {
            NextFate = () => NextFate(random) switch
            {
                TcpProxy.Fate.RequestLost => PostgreSql.Tests.Servers.TcpProxy.Fate.RequestLost,
                TcpProxy.Fate.AnswerLost => PostgreSql.Tests.Servers.TcpProxy.Fate.AnswerLost,
                _ => PostgreSql.Tests.Servers.TcpProxy.Fate.Arrives,
            },
        };
        _proxies.Add(proxy);
        return proxy.Port;
    }

    /// <summary>Loses no more.</summary>
    public void Calm() => _areCalm = true;

    public void Dispose() => _proxies.ForEach(proxy => proxy.Dispose());

    private TcpProxy.Fate NextFate(Random random)
    {
        double roll;
        lock (random)
            roll = random.NextDouble();
        if (_areCalm || roll >= Loss)
            return TcpProxy.Fate.Arrives;
        Interlocked.Increment(ref _lost);
        return roll < Loss / 2 ? TcpProxy.Fate.RequestLost : TcpProxy.Fate.AnswerLost;
    }
}
