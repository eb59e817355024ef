using ServerlessA2A.Protocol;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance;

public abstract partial class TaskStoreConformance
{
    [Fact]
    public async Task ARunLosesItsLeaseToACancelAndToAnotherRun()
    {
        var canceled = await AppendAsync(await CreateAsync(), Started("run"));
        var taken = await AppendAsync(await CreateAsync(), Started("run"));
        var losses = new[] { canceled, taken }.Select(task => Store.WaitForLeaseLossAsync(task.Id, "run", default)).ToList();
        await Store.RenewLeaseAsync(taken.Id, "run", Time.GetUtcNow() + Hour, default);
        taken = await AppendOnlyAsync(taken, Chunk("a", append: false));
        taken = await AppendAsync(taken, Status(TaskState.Working));
        Assert.All(losses, loss => Assert.False(loss.IsCompleted));

        await AppendAsync(canceled, Status(TaskState.Canceled));
        await losses[0].WithinLimit("the lease is lost to the cancel");
        Assert.False(losses[1].IsCompleted);

        await AppendAsync(taken, Started("another", 2, fromSubmitted: false));
        await losses[1].WithinLimit("the lease is lost to the other run");
    }

    [Fact]
    public async Task ALeaseThatIsNotHeldIsLostAtOnce()
    {
        var task = await AppendAsync(await CreateAsync(), Started("run"));
        await Store.WaitForLeaseLossAsync(task.Id, "another", default).WithinLimit("another run's lease");
        await AppendAsync(task, Status(TaskState.Completed));
        await Store.WaitForLeaseLossAsync(task.Id, "run", default).WithinLimit("the lease of a task that rests");
        await Store.WaitForLeaseLossAsync(TestEngine.NewId(), "run", default).WithinLimit("the lease of no task");
    }

    [Fact]
    public async Task TheWaitForALossEndsWithoutAnErrorWhenItIsCancelled()
    {
        var task = await AppendAsync(await CreateAsync(), Started("run"));
        using var cancellation = new CancellationTokenSource();
        var loss = Store.WaitForLeaseLossAsync(task.Id, "run", cancellation.Token);
        await cancellation.CancelAsync();
        await loss.WithinLimit("the wait ends");
        await Store.WaitForLeaseLossAsync(task.Id, "run", cancellation.Token).WithinLimit("a wait that was cancelled before");
    }
}
