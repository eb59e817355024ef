namespace ServerlessA2A.Tests.Chaos;

/// <summary>How what waits at a gate goes on.</summary>
/// <param name="FailsBefore">It fails and has no effect.</param>
/// <param name="FailsAfter">It takes effect and fails all the same: the answer is lost.</param>
/// <param name="IsLate">It takes effect, and its answer waits at another gate.</param>
/// <param name="Roll">A number below 1 for what else is left to chance.</param>
internal readonly record struct Fate(bool FailsBefore, bool FailsAfter, bool IsLate, double Roll);

/// <summary>
/// Where everything waits that could come in another order: each step to the outside of each instance. The simulation opens one at a time,
/// so that chance is all that decides the order, and a seed all that decides chance.
/// </summary>
internal sealed class Gates
{
    private static readonly Comparer<Gate> Order = Comparer<Gate>.Create((one, other) =>
        (one.Instance.Number, one.What, one.Number).CompareTo((other.Instance.Number, other.What, other.Number)));

    private readonly Lock _lock = new();
    private readonly SortedSet<Gate> _closed = new(Order);
    private readonly Dictionary<(int Instance, string What), int> _numbers = [];

    /// <summary>Waits until the gate is opened. An instance that is lost passes at once, and fails.</summary>
    public Task<Fate> PassAsync(Instance instance, string what)
    {
        lock (_lock)
        {
            if (instance.IsLost)
                return Task.FromResult(new Fate(FailsBefore: true, default, default, default));
            var key = (instance.Number, what);
            _numbers[key] = _numbers.GetValueOrDefault(key) + 1;
            var gate = new Gate(instance, what, _numbers[key]);
            _closed.Add(gate);
            return gate.Opened.Task;
        }
    }

    /// <summary>The gates that may be opened, in an order that depends on nothing but what waits.</summary>
    public IReadOnlyList<Gate> Closed()
    {
        lock (_lock)
            return [.. _closed.Where(gate => !gate.Instance.IsFrozen)];
    }

    /// <summary>The gates at which an instance waits.</summary>
    public IReadOnlyList<Gate> ClosedTo(Instance instance)
    {
        lock (_lock)
            return [.. _closed.Where(gate => gate.Instance == instance)];
    }

    public void Open(Gate gate, Fate fate)
    {
        lock (_lock)
            _closed.Remove(gate);
        gate.Opened.SetResult(fate);
    }
}

/// <summary>A step that waits.</summary>
internal sealed record Gate(Instance Instance, string What, int Number)
{
    public TaskCompletionSource<Fate> Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override string ToString() => $"{Instance.Name} {What} {Number}";
}
