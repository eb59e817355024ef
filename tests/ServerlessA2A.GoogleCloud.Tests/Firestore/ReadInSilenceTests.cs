using ServerlessA2A.GoogleCloud.Firestore;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Firestore;

/// <summary>A watch whose listener has been silent reads the task beside it.</summary>
public class ReadInSilenceTests
{
    private readonly TaskCompletionSource _report = new();

    [Fact]
    public async Task WhatIsReadIsPassedOn() =>
        Assert.Equal("read", await ReadAsync(_ => Task.FromResult("read")).WithinLimit("the read ends"));

    [Fact]
    public async Task AReportDoesNotWaitForAReadThatHangs()
    {
        var reading = ReadAsync(async stop =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return "late";
        });
        Assert.False(reading.IsCompleted);

        _report.SetResult();

        Assert.Null(await reading.WithinLimit("the read is given up"));
    }

    [Fact]
    public async Task AWatchThatIsCancelledEnds()
    {
        using var gone = new CancellationTokenSource();
        var reading = ReadAsync(async stop =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return "late";
        }, gone.Token);

        await gone.CancelAsync();

        Assert.Null(await reading.WithinLimit("the read is given up"));
    }

    [Fact]
    public async Task AListenerThatGoesOnOutlivesATransientFailure()
    {
        Assert.Null(await ReadAsync(_ => throw new TaskStoreException("busy", isTransient: true)).WithinLimit("the read ends"));
        await Assert.ThrowsAsync<TaskStoreException>(
            () => ReadAsync(_ => Task.FromException<string>(new TaskStoreException("broken", isTransient: false))));
    }

    private Task<string?> ReadAsync(Func<CancellationToken, Task<string>> read, CancellationToken cancellationToken = default) =>
        FirestoreTaskStore.ReadInSilenceAsync(async stop => await read(stop), _report.Task.WaitAsync, cancellationToken);
}
