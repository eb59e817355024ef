using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Tests.Conformance;

/// <summary>What every queue promises (<see cref="ITaskQueue"/>): delivery at least once, in any order.</summary>
public abstract class TaskQueueConformance : IAsyncLifetime
{
    private ITakingQueue _queue = null!;

    /// <summary>A queue of the kind, in which no other test's requests are.</summary>
    protected abstract Task<ITakingQueue> CreateQueueAsync();

    public virtual async Task InitializeAsync() => _queue = await CreateQueueAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;

    [SkippableFact]
    public async Task WhatIsPublishedIsDelivered()
    {
        var request = new RunRequest("größe/尺寸 \"🙂\"");
        await _queue.PublishRunAsync(request, default);
        Assert.Equal([request.TaskId], await TakeAsync(1));
    }

    [SkippableFact]
    public async Task WhoWaitsIsGivenWhatIsPublishedLater()
    {
        var taking = TakeAsync(1);
        await _queue.PublishRunAsync(new RunRequest("later"), default);
        Assert.Equal(["later"], await taking);
    }

    [SkippableFact]
    public async Task NothingThatIsPublishedAtOnceIsLost()
    {
        var ids = Enumerable.Range(0, 50).Select(index => $"{index:D2}").ToList();
        await Task.WhenAll(ids.Select(id => Task.Run(async () => await _queue.PublishRunAsync(new RunRequest(id), default))));
        Assert.Equal(ids, await TakeAsync(50));
    }

    [SkippableFact]
    public async Task ARequestThatIsPublishedAgainIsDelivered()
    {
        await _queue.PublishRunAsync(new RunRequest("again"), default);
        Assert.Equal(["again"], await TakeAsync(1));
        await _queue.PublishRunAsync(new RunRequest("again"), default);
        Assert.Equal(["again"], await TakeAsync(1));
    }

    /// <summary>The ids of so many different requests, sorted: what comes twice, or out of order, comes as it may.</summary>
    private async Task<IEnumerable<string>> TakeAsync(int count)
    {
        using var limit = new CancellationTokenSource(Guard.Limit);
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        while (ids.Count < count)
            ids.Add((await _queue.TakeAsync(limit.Token)).TaskId);
        return ids;
    }
}
