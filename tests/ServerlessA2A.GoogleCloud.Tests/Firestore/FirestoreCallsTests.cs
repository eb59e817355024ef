using Grpc.Core;
using ServerlessA2A.GoogleCloud.Firestore;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Firestore;

public class FirestoreCallsTests
{
    private readonly FirestoreCalls _calls = new(TimeSpan.FromSeconds(30), TimeProvider.System);

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.Aborted)]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.Unknown)]
    [InlineData(StatusCode.Cancelled)]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.ResourceExhausted)]
    public async Task WhatMayPassIsTriedAgainAndThenTransient(StatusCode code)
    {
        var tries = 0;
        var passing = await _calls.ReadAsync("get", "read", _ => ++tries < 3 ? throw Failure(code) : Task.FromResult(tries), default);
        Assert.Equal(3, passing);

        var fault = await Assert.ThrowsAsync<TaskStoreException>(
            () => _calls.ReadAsync<int>("get", "read task t", _ => throw Failure(code), default));
        Assert.True(fault.IsTransient);
        Assert.Contains("read task t", fault.Message, StringComparison.Ordinal);
        Assert.Equal(code, Assert.IsType<RpcException>(fault.InnerException).StatusCode);
    }

    [Theory]
    [InlineData(StatusCode.PermissionDenied, false, "roles/datastore.user")]
    [InlineData(StatusCode.Unauthenticated, true, "gcloud auth application-default login")]
    [InlineData(StatusCode.InvalidArgument, false, "too large")]
    [InlineData(StatusCode.FailedPrecondition, false, "too large")]
    public async Task WhatARetryCannotChangeIsReportedAtOnce(StatusCode code, bool mayPassLater, string says)
    {
        var tries = 0;
        var fault = await Assert.ThrowsAsync<TaskStoreException>(() => _calls.ReadAsync<int>("get", "read", _ =>
        {
            tries++;
            throw Failure(code);
        }, default));
        Assert.Equal(mayPassLater, fault.IsTransient);
        Assert.Equal(1, tries);
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACallThatHangsEndsAtTheLimitAsATransientFault()
    {
        var calls = new FirestoreCalls(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        var fault = await Assert.ThrowsAsync<TaskStoreException>(() => calls.ReadAsync("get", "read", async stop =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return 0;
        }, default));
        Assert.True(fault.IsTransient);
        Assert.Contains("within 0.05 s", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereOthersTakeTooLongACallEndsAsATransientFaultThatWasNeverMade()
    {
        var calls = new FirestoreCalls(TimeSpan.FromSeconds(0.1), TimeProvider.System);
        var free = new TaskCompletionSource();
        // They do not heed the limit, as one that hangs in a thread does not.
        var others = Enumerable.Range(0, CallLimit.Initial).Select(_ => ReadAsync(() => free.Task)).ToList();

        var fault = await Assert.ThrowsAsync<TaskStoreException>(
            () => ReadAsync(() => throw new InvalidOperationException("It was made.")));

        Assert.True(fault.IsTransient);
        Assert.Equal("Firestore is too slow to read: other calls were in progress for 0.3 s.", fault.Message);
        free.SetResult();
        await Task.WhenAll(others).WithinLimit("the others end");
        await ReadAsync(() => Task.CompletedTask).WithinLimit("another call ends");

        Task<int> ReadAsync(Func<Task> read) => calls.ReadAsync(
            "get", "read", async _ =>
            {
                await read();
                return 0;
            }, default);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ACallerThatGoesAwayIsNoFaultOfTheStore(bool saysSoItself)
    {
        using var gone = new CancellationTokenSource();
        var call = _calls.ReadAsync("get", "read", async stop =>
        {
            await gone.CancelAsync();
            return saysSoItself ? throw Failure(StatusCode.Cancelled) : await Task.FromCanceled<int>(stop);
        }, gone.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    private static RpcException Failure(StatusCode code) => new(new Status(code, "too large"));
}
