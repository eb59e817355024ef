using Google.Cloud.Firestore;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;

public class ListenTests : FirestoreTest
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly Recorded<QuerySnapshot> snapshots = new();
    private readonly List<FirestoreChangeListener> listeners = [];

    public override async Task DisposeAsync()
    {
        foreach (var listener in listeners.Where(listener => !listener.ListenerTask.IsCompleted))
            await listener.StopAsync();
    }

    [SkippableFact]
    public async Task TheResultsComeAsTheyAreFirst()
    {
        await SetAsync("b", 2);
        await SetAsync("a", 1);

        Listen(Tasks.OrderBy("n"));
        var initial = await snapshots.NextAsync();

        Assert.Equal(["a", "b"], Ids(initial));
        Assert.Equal([(DocumentChange.Type.Added, "a", null, 0), (DocumentChange.Type.Added, "b", null, 1)], Changes(initial));
        Assert.NotEqual(default, initial.ReadTime);
        Assert.All(initial, document => Assert.Equal(initial.ReadTime, document.ReadTime));
        Assert.Equal(1, initial[0].GetValue<int>("n"));
    }

    [SkippableFact]
    public async Task AQueryWithoutResultsHasAFirstSnapshotToo()
    {
        Listen(Tasks);

        var initial = await snapshots.NextAsync();

        Assert.Empty(initial);
        Assert.Empty(initial.Changes);
    }

    [SkippableFact]
    public async Task EveryChangeComesInTheOrderOfTheQuery()
    {
        await SetAsync("a", 1);
        await SetAsync("c", 3);
        Listen(Tasks.OrderBy("n"));
        await snapshots.NextAsync();

        await SetAsync("b", 2);
        var added = await snapshots.NextAsync();
        await SetAsync("a", 4);
        var moved = await snapshots.NextAsync();
        await ThroughAsync(Tasks.Document("c").DeleteAsync());
        var removed = await snapshots.NextAsync();

        Assert.Equal(["a", "b", "c"], Ids(added));
        Assert.Equal([(DocumentChange.Type.Added, "b", null, 1)], Changes(added));
        Assert.Equal(["b", "c", "a"], Ids(moved));
        Assert.Equal([(DocumentChange.Type.Modified, "a", 0, 2)], Changes(moved));
        Assert.Equal(["b", "a"], Ids(removed));
        Assert.Equal([(DocumentChange.Type.Removed, "c", 1, null)], Changes(removed));
        Assert.True(added.ReadTime < moved.ReadTime && moved.ReadTime < removed.ReadTime);
    }

    [SkippableFact]
    public async Task ADocumentThatFitsNoLongerIsRemoved()
    {
        await SetAsync("a", 1);
        Listen(Tasks.WhereLessThan("n", 5));
        await snapshots.NextAsync();

        await SetAsync("a", 9);

        Assert.Equal([(DocumentChange.Type.Removed, "a", 0, null)], Changes(await snapshots.NextAsync()));
    }

    [SkippableFact]
    public async Task ACommitIsNeverSeenInPart()
    {
        Listen(Tasks.OrderBy("n"));
        await snapshots.NextAsync();

        foreach (var round in Enumerable.Range(1, 20))
        {
            var batch = Database.StartBatch();
            foreach (var i in Enumerable.Range(0, 5))
                batch.Set(Tasks.Document($"{i}"), Fields(("n", i), ("round", round)));
            await ThroughAsync(batch.CommitAsync());
        }

        QuerySnapshot snapshot;
        do
        {
            snapshot = await snapshots.NextAsync();
            Assert.Equal(5, snapshot.Count);
            Assert.Single(snapshot.Select(document => document.GetValue<int>("round")).Distinct());
        }
        while (snapshot[0].GetValue<int>("round") < 20);
    }

    [SkippableFact]
    public async Task ALogIsFollowedFromAPlaceOnWithoutGaps()
    {
        foreach (var n in Enumerable.Range(0, 5))
            await SetAsync($"{n:d3}", n);
        Listen(Tasks.OrderBy(FieldPath.DocumentId).StartAfter("002"));
        var seen = Ids(await snapshots.NextAsync()).ToList();

        foreach (var n in Enumerable.Range(5, 95))
            await SetAsync($"{n:d3}", n);
        while (seen.Count < 97)
            seen.AddRange(Changes(await snapshots.NextAsync()).Select(change => change.Item2));

        Assert.Equal(Enumerable.Range(3, 97).Select(n => $"{n:d3}"), seen);
    }

    [SkippableFact]
    public async Task ADocumentIsWatchedFromBeforeItExistsUntilItIsGone()
    {
        var states = new Recorded<DocumentSnapshot>();
        listeners.Add(Tasks.Document("one").Listen(states.AddAsync));

        var missing = await states.NextAsync();
        await SetAsync("other", 0);
        await SetAsync("one", 1);
        var created = await states.NextAsync();
        await ThroughAsync(Tasks.Document("one").UpdateAsync("n", 2));
        var updated = await states.NextAsync();
        await ThroughAsync(Tasks.Document("one").DeleteAsync());
        var deleted = await states.NextAsync();

        Assert.False(missing.Exists);
        Assert.Equal(1, created.GetValue<int>("n"));
        Assert.Equal(2, updated.GetValue<int>("n"));
        Assert.True(updated.UpdateTime > created.UpdateTime);
        Assert.False(deleted.Exists);
        Assert.Equal("one", deleted.Id);
    }

    [SkippableFact]
    public async Task ValuesComeAsTheyDoWhenTheyAreRead()
    {
        var fields = Fields(
            ("null", null), ("bool", true), ("long", long.MinValue), ("double", -1.5), ("nan", double.NaN), ("text", "Grüße 😀"),
            ("time", Timestamp.GetCurrentTimestamp()), ("early", new DateTime(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc)),
            ("bytes", new byte[900_000]), ("link", Tasks.Document("b")),
            ("list", new List<object> { 1, "two", Fields(("three", 3)) }),
            ("map", Fields(("inner", Fields(("x", 1))), ("empty", Fields()))), ("none", Array.Empty<string>()));
        Listen(Tasks);
        await snapshots.NextAsync();

        await ThroughAsync(Tasks.Document("a").SetAsync(fields));
        var listened = Assert.Single(await snapshots.NextAsync());

        Assert.Equal((await Tasks.Document("a").GetSnapshotAsync()).ToDictionary(), listened.ToDictionary());
    }

    [SkippableFact]
    public async Task ManyListenersAllHear()
    {
        var recorded = Enumerable.Range(0, 150).Select(_ => new Recorded<QuerySnapshot>()).ToArray();
        foreach (var one in recorded)
            listeners.Add(Tasks.Listen(one.AddAsync));
        await Task.WhenAll(recorded.Select(one => one.NextAsync()));

        await SetAsync("a", 1);

        Assert.All(await Task.WhenAll(recorded.Select(one => one.NextAsync())), snapshot => Assert.Equal(["a"], Ids(snapshot)));
    }

    [SkippableFact]
    public async Task ASynchronousCallbackWillDo()
    {
        var heard = new TaskCompletionSource<int>();

        listeners.Add(Tasks.Listen(snapshot => heard.TrySetResult(snapshot.Count)));
        Assert.Equal(0, await heard.Task.WaitAsync(Guard));
    }

    [SkippableFact]
    public async Task AfterAStopTheListenerEndsWellAndCallsNoMore()
    {
        var listener = Listen(Tasks);
        await snapshots.NextAsync();

        Assert.Same(listener.ListenerTask, listener.StopAsync());
        await listener.ListenerTask.WaitAsync(Guard);
        await SetAsync("a", 1);

        Assert.Equal(TaskStatus.RanToCompletion, listener.ListenerTask.Status);
        Assert.True(snapshots.IsEmpty);
        Assert.Throws<InvalidOperationException>(() => { _ = listener.StopAsync(); });
    }

    [SkippableFact]
    public async Task AStopLetsTheCallbackFinish()
    {
        var (inside, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var wasCancelled = true;
        var listener = Tasks.Listen(async (_, token) =>
        {
            inside.SetResult();
            await release.Task;
            wasCancelled = token.IsCancellationRequested;
        });
        await inside.Task.WaitAsync(Guard);

        var stopped = listener.StopAsync();
        Assert.False(stopped.IsCompleted);
        release.SetResult();
        await stopped.WaitAsync(Guard);

        Assert.False(wasCancelled);
    }

    [SkippableFact]
    public async Task AStopCanCancelTheCallback()
    {
        var inside = new TaskCompletionSource();
        var listener = Tasks.Listen((_, token) =>
        {
            inside.SetResult();
            return Task.Delay(Timeout.Infinite, token);
        });
        await inside.Task.WaitAsync(Guard);
        using var impatience = new CancellationTokenSource();

        var stopped = listener.StopAsync(impatience.Token);
        await impatience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped.WaitAsync(Guard));
        Assert.True(stopped.IsCanceled);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ACancelledListenerIsCancelled(bool beforeItBegan)
    {
        using var cancellation = new CancellationTokenSource();
        if (beforeItBegan)
            await cancellation.CancelAsync();
        var listener = Tasks.Listen(snapshots.AddAsync, cancellation.Token);
        if (!beforeItBegan)
            await snapshots.NextAsync();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listener.ListenerTask.WaitAsync(Guard));
        Assert.True(listener.ListenerTask.IsCanceled);
    }

    [SkippableFact]
    public async Task WhatTheCallbackThrowsEndsTheListener()
    {
        var listener = Tasks.Listen((_, _) => throw new InvalidTimeZoneException("mine"));

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => listener.ListenerTask.WaitAsync(Guard));
    }

    [SkippableFact]
    public async Task CallbacksDoNotOverlapAndSnapshotsAreNotLost()
    {
        var (running, overlaps) = (0, 0);
        listeners.Add(Tasks.Listen(async (snapshot, token) =>
        {
            if (Interlocked.Increment(ref running) > 1)
                Interlocked.Increment(ref overlaps);
            await Task.Yield();
            await snapshots.AddAsync(snapshot, token);
            Interlocked.Decrement(ref running);
        }));
        await snapshots.NextAsync();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(n => SetAsync($"{n}", n)));
        await snapshots.UntilAsync(snapshot => snapshot.Count == 40);

        Assert.Equal(0, overlaps);
    }

    private FirestoreChangeListener Listen(Query query)
    {
        var listener = query.Listen(snapshots.AddAsync);
        listeners.Add(listener);
        return listener;
    }

    private Task SetAsync(string id, int n) => ThroughAsync(Tasks.Document(id).SetAsync(Fields(("n", n))));

    private static IEnumerable<string> Ids(QuerySnapshot snapshot) => snapshot.Select(document => document.Id);

    private static IEnumerable<(DocumentChange.Type, string, int?, int?)> Changes(QuerySnapshot snapshot) =>
        snapshot.Changes.Select(change => (change.ChangeType, change.Document.Id, change.OldIndex, change.NewIndex));
}
