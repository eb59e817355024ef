using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance.Store;

public abstract partial class TaskStoreConformance
{
    [SkippableFact]
    public async Task ARunLosesItsLeaseToACancelAndToAnotherRun()
    {
        var canceled = await AppendAsync(await CreateAsync(), Started("run"));
        var taken = await AppendAsync(await CreateAsync(), Started("run"));
        var losses = new[] { canceled, taken }.Select(task => Store.WaitForRunChangeAsync(task.Id, "run", 0, default)).ToList();
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

    [SkippableFact]
    public async Task ARunIsToldOfMessagesThatItDoesNotKnowOf()
    {
        var task = await AppendAsync(await CreateAsync(), Started("run"));
        var change = Store.WaitForRunChangeAsync(task.Id, "run", 0, default);
        task = await AppendOnlyAsync(task, Chunk("a", append: false));
        task = await AppendAsync(task, Status(TaskState.Working));
        Assert.False(change.IsCompleted);

        task = await AppendAsync(task, new MessageAdded { Message = task.Request with { MessageId = "second" } });
        Assert.Equal(Describe.Snapshot(task), Describe.Snapshot(await change.WithinLimit("the message is seen")));

        change = Store.WaitForRunChangeAsync(task.Id, "run", 1, default);
        task = await AppendOnlyAsync(task, new CheckpointSaved { Data = new byte[] { 1 }, Taken = 1 });
        task = await AppendAsync(task, Status(TaskState.Working));
        Assert.False(change.IsCompleted);
        task = await AppendAsync(task, new MessageAdded { Message = task.Request with { MessageId = "third" } });
        var seen = await change.WithinLimit("the next message is seen");
        Assert.Equal("third", Assert.Single(seen!.Pending).Message.MessageId);
        Assert.NotNull(await Store.WaitForRunChangeAsync(task.Id, "run", 1, default).WithinLimit("it is there already"));
    }

    [SkippableFact]
    public async Task ALeaseThatIsLostIsTheOnlyThingThatARunIsToldOf()
    {
        var task = await AppendAsync(await CreateAsync(), Started("run"));
        task = await AppendAsync(task, new MessageAdded { Message = task.Request with { MessageId = "second" } });
        await AppendAsync(task, Status(TaskState.Canceled));
        Assert.Null(await Store.WaitForRunChangeAsync(task.Id, "run", 0, default).WithinLimit("the lease is lost"));
    }

    [SkippableFact]
    public async Task ALeaseThatIsNotHeldIsLostAtOnce()
    {
        var task = await AppendAsync(await CreateAsync(), Started("run"));
        await Store.WaitForRunChangeAsync(task.Id, "another", 0, default).WithinLimit("another run's lease");
        await AppendAsync(task, Status(TaskState.Completed));
        await Store.WaitForRunChangeAsync(task.Id, "run", 0, default).WithinLimit("the lease of a completed task");
        await Store.WaitForRunChangeAsync(TestEngine.NewId(), "run", 0, default).WithinLimit("the lease of no task");
    }

    [SkippableFact]
    public async Task AWaitReturnsTheTaskAsItBecomesTerminalOrInterrupted()
    {
        var task = await AppendAsync(await CreateAsync(), Started("run"));
        var wait = Store.WaitUntilTerminalOrInterruptedAsync(task.Id, default);
        task = await AppendOnlyAsync(task, Chunk("a", append: false));
        task = await AppendAsync(task, Status(TaskState.Working));
        Assert.False(wait.IsCompleted);
        task = await AppendAsync(task, Chunk("b"), Status(TaskState.InputRequired));
        Assert.Equal(Describe.Snapshot(task), Describe.Snapshot(await wait.WithinLimit("the task is terminal or interrupted")));
        Assert.Equal(
            Describe.Snapshot(task),
            Describe.Snapshot(await Store.WaitUntilTerminalOrInterruptedAsync(task.Id, default).WithinLimit("it is already")));
        Assert.Null(await Store.WaitUntilTerminalOrInterruptedAsync(TestEngine.NewId(), default).WithinLimit("no task"));
    }

    [SkippableFact]
    public async Task TheWaitForATerminalOrInterruptedStateEndsWithoutAnErrorWhenItIsCancelled()
    {
        var task = await CreateAsync();
        using var cancellation = new CancellationTokenSource();
        var wait = Store.WaitUntilTerminalOrInterruptedAsync(task.Id, cancellation.Token);
        await cancellation.CancelAsync();
        Assert.Null(await wait.WithinLimit("the wait ends"));
        Assert.Null(await Store.WaitUntilTerminalOrInterruptedAsync(task.Id, cancellation.Token)
            .WithinLimit("a wait that was cancelled before"));
    }

    [SkippableFact]
    public async Task TheWaitForALossEndsWithoutAnErrorWhenItIsCancelled()
    {
        var task = await AppendAsync(await CreateAsync(), Started("run"));
        using var cancellation = new CancellationTokenSource();
        var loss = Store.WaitForRunChangeAsync(task.Id, "run", 0, cancellation.Token);
        await cancellation.CancelAsync();
        await loss.WithinLimit("the wait ends");
        await Store.WaitForRunChangeAsync(task.Id, "run", 0, cancellation.Token).WithinLimit("a wait that was cancelled before");
    }
}
