using ServerlessA2A.InMemory;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Chaos;

/// <summary>
/// Clients, instances, a store and a queue, and all that can go wrong between them, as a seed has it. One step is made at a time, when all
/// that follows from the one before is done, so that a seed gives nearly the same run again.
/// </summary>
internal sealed partial class Simulation : IDisposable
{
    /// <summary>How many steps there are in which anything may go wrong.</summary>
    private const int WildSteps = 1_500;

    /// <summary>How long it may take afterwards until all has come to its end.</summary>
    private static readonly TimeSpan CalmTime = TimeSpan.FromDays(2);

    private readonly Random _random;
    private readonly Faults _faults;
    private readonly Lazy<Idleness> _idleness = new();
    private readonly List<Delivery> _requests = [];
    private readonly List<Delivery> _deadLetters = [];
    private readonly List<Instance> _instances = [];
    private readonly List<Task> _doings = [];
    private readonly List<string> _violations = [];
    private readonly List<string> _trace = [];
    private int _numbers;
    private bool _isCalm;

    public Simulation(int seed, int clients)
    {
        _random = new Random(seed);
        _faults = new Faults(_random);
        Store = new InMemoryTaskStore(Time, Microsoft.Extensions.Options.Options.Create(new InMemoryOptions()));
        Clients = [.. Enumerable.Range(0, clients).Select(number => new Client(this, number, _random.Next()))];
    }

    public ManualTimeProvider Time { get; } = new();

    public Gates Gates { get; } = new();

    public ITaskStore Store { get; }

    public TaskOptions Options => _faults.Options;

    public TimeSpan ClockFault => _faults.ClockFault;

    public IReadOnlyList<Client> Clients { get; }

    /// <summary>What was done, for who looks for a cause.</summary>
    public IReadOnlyList<string> Trace
    {
        get
        {
            lock (_trace)
                return [.. _trace];
        }
    }

    /// <summary>How often the order of steps was not the seed's alone.</summary>
    public int Doubts => _idleness.Value.Doubts;

    /// <summary>What should not have happened.</summary>
    public IReadOnlyList<string> Violations
    {
        get
        {
            lock (_violations)
                return [.. _violations];
        }
    }

    public void Violated(string what)
    {
        lock (_violations)
            _violations.Add(what);
    }

    public static TaskStoreException Fault() => new("Out of reach.", isTransient: true);

    public Instance NewInstance(string role)
    {
        lock (_instances)
        {
            var instance = new Instance(this, ++_numbers, role);
            _instances.Add(instance);
            return instance;
        }
    }

    /// <summary>Takes what was published: it will come never, once, or twice.</summary>
    public void Publish(RunRequest request, double roll)
    {
        if (roll < _faults.LosesRequest && !_isCalm)
            return;
        Put(_requests, new Delivery(request, 1));
        if (roll > 1 - _faults.DoublesRequest)
            Put(_requests, new Delivery(request, 1));
    }

    /// <summary>Runs all to its end.</summary>
    public void Run()
    {
        var begun = 0;
        for (var step = 0; step < WildSteps || begun < Clients.Count; step++)
        {
            _idleness.Value.Wait();
            if (begun < Clients.Count && _random.Next(WildSteps / 2 / Clients.Count) == 0)
                Begin(Clients[begun++].LiveAsync);
            else
                Disturb();
        }

        _isCalm = true;
        foreach (var frozen in Instances(instance => instance.IsFrozen))
            frozen.Thaw();
        for (var end = Time.GetUtcNow() + CalmTime; !IsOver(); GoOn())
        {
            if (Time.GetUtcNow() > end)
            {
                Violated(
                    $"It does not end: {string.Join(", ", Instances(instance => !instance.IsLost).Select(instance => instance.Name))}.");
                return;
            }
        }
    }

    /// <summary>One step of the time in which anything may go wrong.</summary>
    private void Disturb()
    {
        var chance = _random.NextDouble();
        if (Strikes(ref chance, _faults.LosesInstance))
            Lose();
        else if (Strikes(ref chance, _faults.StopsInstance))
            Do("stop", instance => true, instance => instance.Stop());
        else if (Strikes(ref chance, _faults.FreezesInstance))
            Do("freeze", instance => !instance.IsFrozen, instance => instance.Freeze());
        else if (Strikes(ref chance, _faults.FreezesInstance))
            Do("thaw", instance => instance.IsFrozen, instance => instance.Thaw());
        else if (Strikes(ref chance, _faults.GivesUpRequest))
            Take(_requests, request => Put(_deadLetters, request));
        else if (Strikes(ref chance, 0.01))
            Take(_deadLetters, GiveUp);
        else if (Strikes(ref chance, 0.006))
            Sweep(_random.Next(1, 4));
        else if (Strikes(ref chance, 0.05))
            Take(_requests, Deliver);
        else if (Strikes(ref chance, 0.08) || Gates.Closed() is not { Count: > 0 } gates)
            Advance(TimeSpan.FromMilliseconds(Math.Pow(10, 4.4 * _random.NextDouble())));
        else
            Open(gates[_random.Next(gates.Count)]);
    }

    /// <summary>
    /// One step of the time in which nothing goes wrong: what waits goes on; where nothing does, time passes and sweeps begin.
    /// </summary>
    private void GoOn()
    {
        if (Gates.Closed() is { Count: > 0 } gates)
            Open(gates[_random.Next(gates.Count)]);
        else if (!IsEmpty(_requests))
            Take(_requests, Deliver);
        else if (!IsEmpty(_deadLetters))
            Take(_deadLetters, GiveUp);
        else
        {
            if (_doings.TrueForAll(doing => doing.IsCompleted))
                Begin(CancelWhatWaitsForNobodyAsync);
            Advance(TimeSpan.FromSeconds(_random.Next(1, 60)));
            Sweep(_random.Next(1, 3));
        }
    }

    public void Dispose() => _instances.ForEach(instance => instance.Dispose());

    private bool IsOver()
    {
        _idleness.Value.Wait();
        return IsEmpty(_requests) && Gates.Closed().Count == 0 && _doings.TrueForAll(doing => doing.IsCompleted) &&
            Clients.All(client => client.TaskId is { } taskId && Read(taskId).State.IsTerminal());
    }

    private static bool Strikes(ref double chance, double probability)
    {
        chance -= probability;
        return chance < 0;
    }
}
