using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Chaos;

/// <summary>
/// An instance in the cloud, for one request. It can be stopped by its host, frozen for a while, and lost for ever: then whatever it still
/// asks of the store or the queue fails, and its clock stands.
/// </summary>
internal sealed class Instance : IDisposable
{
    private readonly CancellationTokenSource _host = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly InstanceClock _clock;
    private int _ids;

    public Instance(Simulation simulation, int number, string role)
    {
        (Number, Name) = (number, $"{role} {number}");
        _clock = new InstanceClock(simulation.Time, simulation.ClockFault * (((number * 7 % 11) / 5.0) - 1));
        Engine = new TestEngine(
            new UnreliableStore(simulation, this), new UnreliableQueue(simulation, this), _clock, simulation.Options,
            newId: () => $"{number}-{Interlocked.Increment(ref _ids)}");
    }

    public int Number { get; }

    public string Name { get; }

    public TestEngine Engine { get; }

    public TimeProvider Clock => _clock;

    /// <summary>Cancelled when the host stops it.</summary>
    public CancellationToken Stopped => _host.Token;

    /// <summary>Cancelled when it is lost: who is connected to it learns that.</summary>
    public CancellationToken Lost => _lost.Token;

    public bool IsLost { get; private set; }

    public bool IsFrozen { get; private set; }

    /// <summary>Whether its work is over.</summary>
    public bool IsDone { get; set; }

    public void Dispose()
    {
        _host.Dispose();
        _lost.Dispose();
    }

    public void Stop() => _host.Cancel();

    public void Lose()
    {
        IsLost = true;
        _clock.Stop();
        _lost.Cancel();
    }

    public void Freeze()
    {
        IsFrozen = true;
        _clock.Stop();
    }

    public void Thaw()
    {
        IsFrozen = false;
        _clock.GoOn();
    }
}
