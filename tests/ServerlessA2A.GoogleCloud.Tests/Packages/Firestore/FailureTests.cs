using Grpc.Core;
using ServerlessA2A.GoogleCloud.Tests.Emulators;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;

public class FailureTests : FirestoreTest
{
    [SkippableFact]
    public async Task NobodyThereIsUnavailable()
    {
        using var proxy = new TcpProxy(EmulatorHost);
        var host = proxy.Host;
        proxy.Dispose();
        var database = Connect(host);

        var read = await Assert.ThrowsAsync<RpcException>(() => database.Document("a/b").GetSnapshotAsync());
        var write = await Assert.ThrowsAsync<RpcException>(() => database.Document("a/b").SetAsync(Fields(("a", 1))));
        var query = await Assert.ThrowsAsync<RpcException>(() => database.Collection("a").GetSnapshotAsync());

        Assert.Equal(
            [StatusCode.Unavailable, StatusCode.Unavailable, StatusCode.Unavailable],
            new[] { read, write, query }.Select(failure => failure.StatusCode));
    }

    [SkippableFact]
    public async Task ACancelledCallFailsAsCancelled()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(() => Tasks.Document("one").GetSnapshotAsync(cancellation.Token));

        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
    }

    [SkippableFact]
    public async Task ARequestThatIsTooLargeIsRefusedWhole()
    {
        var batch = Database.StartBatch();
        foreach (var n in Enumerable.Range(0, 12))
            batch.Set(Tasks.Document($"{n}"), Fields(("bytes", new byte[1_000_000])));

        var failure = await Assert.ThrowsAsync<RpcException>(() => batch.CommitAsync());

        Assert.Contains(failure.StatusCode, new[] { StatusCode.ResourceExhausted, StatusCode.InvalidArgument });
        Assert.Empty(await Tasks.GetSnapshotAsync());
    }

    [SkippableFact]
    public async Task AnInterruptedConnectionIsReplaced()
    {
        using var proxy = new TcpProxy(EmulatorHost);
        var document = Connect(proxy.Host, Database.ProjectId).Document("tasks/one");
        await document.SetAsync(Fields(("n", 1)));

        proxy.Drop();

        Assert.Equal(1, (await document.GetSnapshotAsync()).GetValue<int>("n"));
    }
}
