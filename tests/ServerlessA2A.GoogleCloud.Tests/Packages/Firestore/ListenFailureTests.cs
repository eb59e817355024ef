using System.Net;
using System.Net.Sockets;
using Google.Cloud.Firestore;
using Grpc.Core;
using ServerlessA2A.GoogleCloud.Tests.Emulators;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;

/// <summary>Listening while the way to the service is cut and comes back.</summary>
public class ListenFailureTests : FirestoreTest
{
    // HTTP/2's first frame from a server: no settings of its own.
    private static readonly byte[] HttpSettings = [0, 0, 0, 4, 0, 0, 0, 0, 0];

    private readonly Recorded<QuerySnapshot> snapshots = new();

    [SkippableFact]
    public async Task WhatHappenedDuringAnInterruptionComesAfterIt()
    {
        await SetAsync("kept", 1);
        await SetAsync("deleted", 1);
        using var proxy = new TcpProxy(EmulatorHost);
        var listener = ListenThrough(proxy);
        await snapshots.NextAsync();

        proxy.IsRefusing = true;
        proxy.Drop();
        await SetAsync("added", 2);
        await ThroughAsync(Tasks.Document("deleted").DeleteAsync());
        proxy.IsRefusing = false;
        var after = await snapshots.NextAsync();
        await SetAsync("later", 3);
        var later = await snapshots.NextAsync();
        await listener.StopAsync();

        Assert.Equal(["added", "kept"], after.Select(document => document.Id));
        Assert.Equal(
            [(DocumentChange.Type.Removed, "deleted"), (DocumentChange.Type.Added, "added")],
            after.Changes.Select(change => (change.ChangeType, change.Document.Id)));
        Assert.Equal("later", Assert.Single(later.Changes).Document.Id);
    }

    [SkippableFact]
    public async Task AnInterruptionWithoutChangesIsNotNoticed()
    {
        await SetAsync("a", 1);
        using var proxy = new TcpProxy(EmulatorHost);
        var listener = ListenThrough(proxy);
        await snapshots.NextAsync();

        foreach (var interruption in Enumerable.Range(1, 3))
        {
            proxy.Drop();
            await SetAsync($"after-{interruption}", interruption);
            Assert.Equal($"after-{interruption}", Assert.Single((await snapshots.NextAsync()).Changes).Document.Id);
        }
        await listener.StopAsync();
    }

    [SkippableFact]
    public async Task AListenerMayBeginWhileThereIsNoService()
    {
        using var proxy = new TcpProxy(EmulatorHost, isOpen: false);
        var listener = ListenThrough(proxy);
        await SetAsync("a", 1);

        Assert.False(listener.ListenerTask.IsCompleted);
        proxy.Open();

        Assert.Equal("a", Assert.Single(await snapshots.NextAsync()).Id);
        await listener.StopAsync();
    }

    // Once the service has said which protocol it speaks, the client writes: up to three reads later it may be anywhere in that.
    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AConnectionThatIsLostWhileTheListenerWritesIsOpenedAgain(int reads)
    {
        StandIns.Require();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ =>
        {
            using var service = new TcpListener(IPAddress.Loopback, 0);
            service.Start();
            var listener = Connect($"{service.LocalEndpoint}", Database.ProjectId).Collection(Tasks.Id).Listen(snapshots.AddAsync);

            await AcceptAndCutAsync(service, reads);
            var again = service.AcceptSocketAsync();

            Assert.Same(again, await Task.WhenAny(again, listener.ListenerTask).WaitAsync(Guard.Limit));
            (await again).Dispose();
            await listener.StopAsync().WaitAsync(Guard.Limit);
        }));
    }

    [SkippableFact]
    public async Task AListenerIsStoppedWhileThereIsNoService()
    {
        using var proxy = new TcpProxy(EmulatorHost, isOpen: false);
        var listener = ListenThrough(proxy);

        await listener.StopAsync().WaitAsync(Guard.Limit);

        Assert.Equal(TaskStatus.RanToCompletion, listener.ListenerTask.Status);
    }

    [SkippableFact]
    public async Task WhatTheServiceWillNeverAnswerEndsTheListener()
    {
        var listener = Tasks.WhereIn("n", Array.Empty<int>()).Listen(snapshots.AddAsync);

        var failure = await Assert.ThrowsAsync<RpcException>(() => listener.ListenerTask.WaitAsync(Guard.Limit));

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
    }

    private static async Task AcceptAndCutAsync(TcpListener service, int reads)
    {
        using var client = await service.AcceptSocketAsync().WaitAsync(Guard.Limit);
        await client.SendAsync(HttpSettings);
        var buffer = new byte[64];
        while (reads-- > 0 && await client.ReceiveAsync(buffer).WaitAsync(Guard.Limit) > 0)
        {
        }
        // A reset, as when a process or a machine on the way is gone.
        client.LingerState = new LingerOption(true, 0);
    }

    private FirestoreChangeListener ListenThrough(TcpProxy proxy) =>
        Connect(proxy.Host, Database.ProjectId).Collection(Tasks.Id).Listen(snapshots.AddAsync);

    private Task SetAsync(string id, int n) => ThroughAsync(Tasks.Document(id).SetAsync(Fields(("n", n))));
}
