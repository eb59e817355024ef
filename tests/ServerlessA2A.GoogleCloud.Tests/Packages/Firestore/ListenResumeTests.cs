using Google.Cloud.Firestore;
using Grpc.Core;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;

/// <summary>
/// How a listener goes on where it was, which cannot be seen on the emulator: it answers a token with everything anew, out of
/// order. The service's part is played by hand, and made to the measure of the stand-in.
/// </summary>
public sealed class ListenResumeTests : IAsyncLifetime
{
    private readonly Recorded<QuerySnapshot> snapshots = new();
    private ListenServer server = null!;
    private FirestoreChangeListener listener = null!;

    public async Task InitializeAsync()
    {
        StandIns.Require();
        server = await ListenServer.StartAsync();
        listener = new FirestoreDbBuilder
        {
            ProjectId = "p",
            Endpoint = server.Address,
            ChannelCredentials = ChannelCredentials.Insecure
        }.Build().Collection("log").Listen(snapshots.AddAsync);
    }

    public async Task DisposeAsync()
    {
        if (server is null)
            return;
        if (!listener.ListenerTask.IsCompleted)
            await listener.StopAsync();
        await server.DisposeAsync();
    }

    [SkippableFact]
    public async Task ABrokenStreamGoesOnAtTheLastSnapshot()
    {
        var first = await BeginAsync("a", "b");
        await first.DocumentAsync(Name("half"), 2);
        first.Break();

        var second = await server.NextAsync();
        await second.AddAsync();
        await second.DocumentAsync(Name("c"), 3);
        await second.CurrentAsync();
        await second.SnapshotAsync(3, "T2");
        var snapshot = await snapshots.NextAsync();

        Assert.Null(first.Token);
        Assert.Equal("T1", second.Token);
        Assert.Equal(["a", "b", "c"], snapshot.Select(document => document.Id));
        Assert.Equal("c", Assert.Single(snapshot.Changes).Document.Id);
    }

    [SkippableFact]
    public async Task AStreamThatEndsWellGoesOnToo()
    {
        (await BeginAsync("a")).End(0);

        Assert.Equal("T1", (await server.NextAsync()).Token);
    }

    [SkippableFact]
    public async Task AfterAResetWhatIsNotSentAgainIsGone()
    {
        (await BeginAsync("a", "b")).Break();

        var second = await server.NextAsync();
        await second.AddAsync();
        await second.ResetAsync();
        await second.DocumentAsync(Name("b"), 1);
        await second.CurrentAsync();
        await second.SnapshotAsync(3, "T2");
        var snapshot = await snapshots.NextAsync();

        Assert.Equal((DocumentChange.Type.Removed, "a"), (Assert.Single(snapshot.Changes).ChangeType, snapshot.Changes[0].Document.Id));
    }

    [SkippableFact]
    public async Task AMissedDeletionIsFoundByTheCountAndAllIsReadAnew()
    {
        var first = await BeginAsync("a", "b");
        await first.FilterAsync(2);
        await first.FilterAsync(1);

        var second = await server.NextAsync();
        await second.AddAsync();
        await second.DocumentAsync(Name("b"), 1);
        await second.CurrentAsync();
        await second.SnapshotAsync(3, "T2");
        var snapshot = await snapshots.NextAsync();

        Assert.Null(second.Token);
        Assert.Equal(["b"], snapshot.Select(document => document.Id));
    }

    [SkippableFact]
    public async Task NothingIsASnapshotBeforeAllIsCurrent()
    {
        var stream = await server.NextAsync();
        await stream.AddAsync();
        await stream.DocumentAsync(Name("a"), 1);
        await stream.SnapshotAsync(1, "T0");
        await stream.DocumentAsync(Name("b"), 1);
        await stream.CurrentAsync();
        await stream.SnapshotAsync(2, "T1");
        await stream.SnapshotAsync(3, "T2");
        await stream.DocumentAsync(Name("c"), 4);
        await stream.SnapshotAsync(4, "T3");

        Assert.Equal(["a", "b"], (await snapshots.NextAsync()).Select(document => document.Id));
        Assert.Equal(["a", "b", "c"], (await snapshots.NextAsync()).Select(document => document.Id));
    }

    [SkippableFact]
    public async Task AnOlderVersionOfADocumentChangesNothing()
    {
        var stream = await BeginAsync("a", "b");
        await stream.DocumentAsync(Name("a"), 3);
        await stream.SnapshotAsync(3, "T2");
        await stream.DocumentAsync(Name("a"), 2);
        await stream.DocumentAsync(Name("b"), 4);
        await stream.SnapshotAsync(4, "T3");

        Assert.Equal("a", Assert.Single((await snapshots.NextAsync()).Changes).Document.Id);
        Assert.Equal("b", Assert.Single((await snapshots.NextAsync()).Changes).Document.Id);
    }

    [SkippableFact]
    public async Task AMessageThatCannotBeReadIsAFailureOfItsStream()
    {
        await (await BeginAsync("a")).SendMalformedAsync();

        Assert.Equal("T1", (await server.NextAsync()).Token);
    }

    [SkippableTheory]
    [InlineData(3, StatusCode.InvalidArgument)]
    [InlineData(5, StatusCode.NotFound)]
    [InlineData(7, StatusCode.PermissionDenied)]
    [InlineData(9, StatusCode.FailedPrecondition)]
    public async Task AFailureThatDoesNotPassEndsTheListener(int status, StatusCode expected)
    {
        (await BeginAsync("a")).End(status);

        var failure = await Assert.ThrowsAsync<RpcException>(() => listener.ListenerTask.WaitAsync(Guard.Limit));

        Assert.Equal((expected, "so be it"), (failure.StatusCode, failure.Status.Detail));
    }

    [SkippableTheory]
    [InlineData(14)]
    [InlineData(13)]
    [InlineData(10)]
    public async Task AFailureThatPassesDoesNot(int status)
    {
        (await BeginAsync("a")).End(status);

        Assert.Equal("T1", (await server.NextAsync()).Token);
    }

    private static string Name(string id) => $"projects/p/databases/(default)/documents/log/{id}";

    private async Task<ListenServer.Stream> BeginAsync(params string[] ids)
    {
        var stream = await server.NextAsync();
        await stream.AddAsync();
        foreach (var id in ids)
            await stream.DocumentAsync(Name(id), 1);
        await stream.CurrentAsync();
        await stream.SnapshotAsync(1, "T1");
        Assert.Equal(ids, (await snapshots.NextAsync()).Select(document => document.Id));
        return stream;
    }
}
