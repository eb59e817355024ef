using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Chaos;

internal sealed partial class Simulation
{
    public TaskSnapshot Read(string taskId) => Store.ReadAsync(null, taskId, default).AsTask().GetAwaiter().GetResult()!;

    private void Advance(TimeSpan by)
    {
        Note($"{Time.GetUtcNow():HH:mm:ss.fff} {by} passes");
        Time.Advance(by);
    }

    private void Open(Gate gate)
    {
        var fate = _isCalm
            ? new Fate(FailsBefore: false, FailsAfter: false, IsLate: false, _random.NextDouble())
            : new Fate(_random.NextDouble() < _faults.FailsBefore, _random.NextDouble() < _faults.FailsAfter,
                _random.NextDouble() < _faults.IsLate, _random.NextDouble());
        Note($"{gate}{(fate.FailsBefore ? " fails" : fate.FailsAfter ? " loses its answer" : "")}");
        Gates.Open(gate, fate);
    }

    private void Lose() => Do("lose", _ => true, instance =>
    {
        instance.Lose();
        foreach (var gate in Gates.ClosedTo(instance))
            Gates.Open(gate, new Fate(FailsBefore: true, FailsAfter: false, IsLate: false, Roll: 0));
    });

    private void Deliver(Delivery delivery) => BeginOn("run", async instance =>
    {
        try
        {
            Note($"{instance.Name} is for {delivery.Request.TaskId}");
            var agent = new PlannedAgent(this, instance);
            await instance.Engine.RunnerOf(agent).RunAsync(delivery.Request, instance.Stopped).WaitAsync(instance.Lost);
        }
        catch (Exception failure) when (IsExpected(failure, instance))
        {
            Put(delivery.Count < _faults.MaxDeliveries ? _requests : _deadLetters, delivery with { Count = delivery.Count + 1 });
        }
    });

    private void GiveUp(Delivery delivery) => BeginOn("give up", async instance =>
    {
        try
        {
            await instance.Engine.RunnerOf(new PlannedAgent(this, instance)).GiveUpAsync(delivery.Request, instance.Stopped)
                .WaitAsync(instance.Lost);
        }
        catch (Exception failure) when (IsExpected(failure, instance))
        {
            Put(_deadLetters, delivery);
        }
    });

    private void Sweep(int count)
    {
        for (; count > 0; count--)
        {
            BeginOn("sweep", async instance =>
            {
                try
                {
                    await instance.Engine.Sweeper.SweepAsync(instance.Stopped).WaitAsync(instance.Lost);
                }
                catch (Exception failure) when (IsExpected(failure, instance))
                {
                    // The next one goes on.
                }
            });
        }
    }

    /// <summary>Ends the tasks whose clients have gone away before they answered.</summary>
    private async Task CancelWhatWaitsForNobodyAsync()
    {
        foreach (var taskId in Clients.Select(client => client.TaskId!).Where(taskId => Read(taskId).State.IsInterrupted()))
            await NewInstance("cancel").Engine.Lifecycle.CancelAsync(TestEngine.Call(), new CancelTaskRequest { Id = taskId }, default);
    }

    /// <summary>Whether a trigger must reckon with it, and asks again.</summary>
    private static bool IsExpected(Exception failure, Instance instance) => failure is TaskStoreException ||
        (failure is OperationCanceledException && (instance.Stopped.IsCancellationRequested || instance.IsLost));

    private void BeginOn(string role, Func<Instance, Task> doing)
    {
        var instance = NewInstance(role);
        Begin(async () =>
        {
            await doing(instance);
            instance.IsDone = true;
        });
    }

    private void Begin(Func<Task> doing) => _doings.Add(Task.Run(async () =>
    {
        try
        {
            await doing();
        }
        catch (Exception failure)
        {
            Violated($"Nobody reckons with this: {failure}");
        }
    }));

    private void Do(string what, Func<Instance, bool> isIt, Action<Instance> effect)
    {
        if (Instances(instance => !instance.IsLost && isIt(instance)) is not { Count: > 0 } instances)
            return;
        var instance = instances[_random.Next(instances.Count)];
        Note($"{what} {instance.Name}");
        effect(instance);
    }

    private List<Instance> Instances(Predicate<Instance> isIt)
    {
        lock (_instances)
            return _instances.FindAll(instance => !instance.IsDone && isIt(instance));
    }

    private static void Put(List<Delivery> deliveries, Delivery delivery)
    {
        lock (deliveries)
            deliveries.Add(delivery);
    }

    private void Take(List<Delivery> deliveries, Action<Delivery> effect)
    {
        Delivery delivery;
        lock (deliveries)
        {
            if (deliveries.Count == 0)
                return;
            delivery = deliveries[_random.Next(deliveries.Count)];
            deliveries.Remove(delivery);
        }

        effect(delivery);
    }

    private static bool IsEmpty(List<Delivery> deliveries)
    {
        lock (deliveries)
            return deliveries.Count == 0;
    }

    private void Note(string what)
    {
        lock (_trace)
            _trace.Add(what);
    }

    /// <summary>A request on its way, and which delivery of it comes next.</summary>
    private sealed record Delivery(RunRequest Request, int Count);
}
