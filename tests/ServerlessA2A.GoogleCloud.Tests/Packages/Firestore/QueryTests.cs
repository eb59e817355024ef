using Google.Cloud.Firestore;
using Grpc.Core;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;

public class QueryTests : FirestoreTest
{
    [SkippableFact]
    public async Task FiltersChooseDocuments()
    {
        await SeedAsync(10);

        Assert.Equal(["5"], await IdsAsync(Tasks.WhereEqualTo("n", 5)));
        Assert.Equal(["2", "4"], await IdsAsync(Tasks.WhereIn("n", new[] { 4, 2, 99 })));
        Assert.Equal(["0", "1"], await IdsAsync(Tasks.WhereLessThan("n", 2)));
        Assert.Equal(["0", "1", "2"], await IdsAsync(Tasks.WhereLessThanOrEqualTo("n", 2)));
        Assert.Equal(["8", "9"], await IdsAsync(Tasks.WhereGreaterThan("n", 7)));
        Assert.Equal(["7", "8", "9"], await IdsAsync(Tasks.WhereGreaterThanOrEqualTo("n", 7)));
        Assert.Equal(["3", "6"], await IdsAsync(Tasks.WhereEqualTo("group", 0).WhereGreaterThan("n", 0).WhereLessThan("n", 9)));
        Assert.Equal(["1"], await IdsAsync(Tasks.WhereEqualTo("nothing", null).WhereEqualTo("n", 1)));
        Assert.Equal(["1"], await IdsAsync(Tasks.WhereEqualTo("map.n", 1)));
        Assert.Empty(await IdsAsync(Tasks.WhereEqualTo("n", "5")));
    }

    [SkippableFact]
    public async Task FiltersMayBeAboutTheId()
    {
        await SeedAsync(5);

        Assert.Equal(["3"], await IdsAsync(Tasks.WhereEqualTo(FieldPath.DocumentId, "3")));
        Assert.Equal(["1", "4"], await IdsAsync(Tasks.WhereIn(FieldPath.DocumentId, new object[] { "4", Tasks.Document("1") })));
        Assert.Equal(["3", "4"], await IdsAsync(Tasks.WhereGreaterThan(FieldPath.DocumentId, "2")));
        Assert.Throws<ArgumentException>(() => Tasks.WhereEqualTo(FieldPath.DocumentId, Database.Document("other/1")));
        Assert.Throws<ArgumentException>(() => Tasks.WhereGreaterThan("n", null));
    }

    [SkippableFact]
    public async Task OrdersAndLimits()
    {
        await SeedAsync(6);

        Assert.Equal(["5", "4"], await IdsAsync(Tasks.OrderByDescending("n").Limit(2)));
        Assert.Equal(["0", "3", "1", "4", "2", "5"], await IdsAsync(Tasks.OrderBy("group").OrderBy(FieldPath.DocumentId)));
        Assert.Empty(await IdsAsync(Tasks.OrderBy("absent")));
    }

    [SkippableFact]
    public async Task SelectedFieldsAreAllThatIsRead()
    {
        await SeedAsync(1);

        Assert.Equal(
            Fields(("n", 0L), ("map", Fields(("n", 0L)))), Assert.Single(await Tasks.Select("n", "map.n").GetSnapshotAsync())
            .ToDictionary());
        Assert.Empty(Assert.Single(await Tasks.Select(FieldPath.DocumentId).GetSnapshotAsync()).ToDictionary());
        Assert.Empty(Assert.Single(await Tasks.Select(Array.Empty<string>()).GetSnapshotAsync()).ToDictionary());
    }

    [SkippableFact]
    public async Task CursorsCutARangeOut()
    {
        await SeedAsync(6);
        var ordered = Tasks.OrderBy("n");

        Assert.Equal(["2", "3"], await IdsAsync(ordered.StartAt(2).EndAt(3)));
        Assert.Equal(["3"], await IdsAsync(ordered.StartAfter(2).EndBefore(4)));
        Assert.Equal(["4", "5"], await IdsAsync(Tasks.OrderBy(FieldPath.DocumentId).StartAt("4")));
        Assert.Throws<ArgumentException>(() => ordered.StartAt(1, 2));
        Assert.Throws<ArgumentException>(() => ordered.StartAt(Array.Empty<object>()));
        Assert.Throws<InvalidOperationException>(() => ordered.StartAt(1).OrderBy("group"));
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PagesByCursorHaveEveryDocumentOnceThoughValuesAreEqual(bool bySnapshot)
    {
        var time = Timestamp.GetCurrentTimestamp();
        var batch = Database.StartBatch();
        foreach (var n in Enumerable.Range(0, 25))
            batch.Set(Tasks.Document($"{n:d2}"), Fields(("at", time), ("owner", n % 5 == 0 ? "other" : "me")));
        await ThroughAsync(batch.CommitAsync());
        var query = Tasks.WhereEqualTo("owner", "me").OrderByDescending("at").OrderByDescending(FieldPath.DocumentId);

        List<string> seen = [];
        for (var page = await query.Limit(3).GetSnapshotAsync(); page.Count > 0; page = await Next(page[^1]))
            seen.AddRange(page.Select(document => document.Id));

        Assert.Equal(Enumerable.Range(0, 25).Where(n => n % 5 != 0).Reverse().Select(n => $"{n:d2}"), seen);

        Task<QuerySnapshot> Next(DocumentSnapshot last) =>
            (bySnapshot ? query.StartAfter(last) : query.StartAfter(last.GetValue<Timestamp>("at"), last.Id)).Limit(3).GetSnapshotAsync();
    }

    [SkippableFact]
    public async Task ASnapshotIsACursorInAnyOrder()
    {
        await SeedAsync(6);
        var all = await Tasks.GetSnapshotAsync();

        Assert.Equal(["2", "3"], await IdsAsync(Tasks.StartAt(all[2]).EndAt(all[3])));
        Assert.Equal(["3"], await IdsAsync(Tasks.StartAfter(all[2]).EndBefore(all[4])));
        Assert.Equal(["4", "2", "5"], await IdsAsync(Tasks.OrderBy("group").StartAfter(all[1])));
        Assert.Equal(["4", "5"], await IdsAsync(Tasks.WhereGreaterThan("n", 1).StartAfter(all[3])));
    }

    [SkippableFact]
    public async Task ACollectionGroupIsEveryCollectionOfThatId()
    {
        await ThroughAsync(Database.Document("tasks/a/log/1").SetAsync(Fields(("n", 1))));
        await ThroughAsync(Database.Document("tasks/b/log/2").SetAsync(Fields(("n", 2))));
        await ThroughAsync(Database.Document("log/3").SetAsync(Fields(("n", 3))));
        var group = Database.CollectionGroup("log").OrderBy("n");

        Assert.Equal(["1", "2", "3"], await IdsAsync(group));
        Assert.Equal(["2"], await IdsAsync(Database.Document("tasks/b").Collection("log")));
        Assert.Equal(["2", "3"], await IdsAsync(group.StartAfter((await group.GetSnapshotAsync())[0])));
        Assert.Equal(3, (await Database.CollectionGroup("log").Count().GetSnapshotAsync()).Count);
        Assert.Throws<ArgumentException>(() => Database.CollectionGroup("tasks/a/log"));
    }

    [SkippableFact]
    public async Task DocumentsAreCountedWithoutBeingRead()
    {
        await SeedAsync(7);

        var count = await Tasks.WhereEqualTo("group", 0).Count().GetSnapshotAsync();

        Assert.Equal(3, count.Count);
        Assert.NotEqual(default, count.ReadTime);
        Assert.Equal(0, (await Tasks.WhereEqualTo("group", 9).Count().GetSnapshotAsync()).Count);
        Assert.Equal(2, (await Tasks.Limit(2).Count().GetSnapshotAsync()).Count);
    }

    [SkippableFact]
    public async Task ASnapshotOfAQueryListsItsDocumentsAsAdded()
    {
        await SeedAsync(2);

        var snapshot = await Tasks.GetSnapshotAsync();

        Assert.Equal(2, snapshot.Count);
        Assert.Equal(snapshot.Documents, snapshot.Changes.Select(change => change.Document));
        Assert.All(snapshot.Changes, change => Assert.Equal(DocumentChange.Type.Added, change.ChangeType));
        Assert.Equal([0, 1], snapshot.Changes.Select(change => change.NewIndex));
        Assert.NotEqual(default, snapshot.ReadTime);
        Assert.NotEqual(default, (await Database.Collection("empty").GetSnapshotAsync()).ReadTime);
    }

    [SkippableFact]
    public async Task AQueryThatNeedsAnIndexThatIsNotThereIsRefused()
    {
        await SeedAsync(2);

        // The one that the emulator insists on: ids in descending order and nothing else.
        var refusal = await Assert.ThrowsAsync<RpcException>(() => Tasks.OrderByDescending(FieldPath.DocumentId).GetSnapshotAsync());

        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
    }

    [SkippableFact]
    public async Task AQueryThatTheServiceDoesNotUnderstandIsRefused()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(() => Tasks.WhereIn("n", Array.Empty<int>()).GetSnapshotAsync());

        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
    }

    private async Task SeedAsync(int count)
    {
        var batch = Database.StartBatch();
        foreach (var n in Enumerable.Range(0, count))
            batch.Set(Tasks.Document($"{n}"),
                Fields(("n", n), ("group", n % 3), ("nothing", n == 1 ? null : 1), ("map", Fields(("n", n), ("other", 0)))));
        await ThroughAsync(batch.CommitAsync());
    }

    private static async Task<IEnumerable<string>> IdsAsync(Query query) =>
        (await query.GetSnapshotAsync()).Select(document => document.Id);
}
