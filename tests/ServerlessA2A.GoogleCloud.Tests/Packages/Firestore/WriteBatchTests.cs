using Google.Cloud.Firestore;
using Grpc.Core;

namespace ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;

public class WriteBatchTests : FirestoreTest
{
    private const int Writers = 16;

    [SkippableFact]
    public async Task AllWritesOfABatchHappenAtOnceAndHaveAResultEach()
    {
        await Tasks.Document("updated").SetAsync(Fields(("a", 1)));
        await Tasks.Document("deleted").SetAsync(Fields(("a", 1)));

        var results = await Database.StartBatch()
            .Create(Tasks.Document("created"), Fields(("a", 1), ("at", FieldValue.ServerTimestamp)))
            .Set(Tasks.Document("set"), Fields(("a", 1)))
            .Update(Tasks.Document("updated"), Fields(("a", 2)))
            .Delete(Tasks.Document("deleted"))
            .CommitAsync();

        Assert.Equal(4, results.Count);
        Assert.Equal(results[0].UpdateTime, results[2].UpdateTime);
        var documents = await Tasks.GetSnapshotAsync();
        Assert.Equal(["created", "set", "updated"], documents.Select(document => document.Id));
        Assert.Equal(2, documents[2].GetValue<int>("a"));
    }

    [SkippableFact]
    public async Task OfABatchWithOneRefusedWriteNothingHappens()
    {
        await Tasks.Document("there").SetAsync(Fields(("a", 1)));
        var batch = Database.StartBatch().Set(Tasks.Document("other"), Fields(("a", 1))).Create(Tasks.Document("there"), Fields(("a", 2)));

        var refusal = await Assert.ThrowsAsync<RpcException>(() => batch.CommitAsync());

        Assert.Equal(StatusCode.AlreadyExists, refusal.StatusCode);
        Assert.False((await Tasks.Document("other").GetSnapshotAsync()).Exists);
    }

    [SkippableFact]
    public async Task AWriteIsMadeOnTheVersionThatWasRead()
    {
        var document = Tasks.Document("one");
        var first = await document.CreateAsync(Fields(("a", 1)));

        var second = await document.UpdateAsync(Fields(("a", 2)), Precondition.LastUpdated(first.UpdateTime));
        var stale = await Assert.ThrowsAsync<RpcException>(
            () => document.UpdateAsync(Fields(("a", 3)), Precondition.LastUpdated(first.UpdateTime)));
        var staleDelete = await Assert.ThrowsAsync<RpcException>(() => document.DeleteAsync(Precondition.LastUpdated(first.UpdateTime)));
        await document.DeleteAsync(Precondition.LastUpdated(second.UpdateTime));

        Assert.Equal(StatusCode.FailedPrecondition, stale.StatusCode);
        Assert.Equal(StatusCode.FailedPrecondition, staleDelete.StatusCode);
        Assert.False((await document.GetSnapshotAsync()).Exists);
    }

    [SkippableFact]
    public async Task WhatMustExistAndDoesNotIsNotFound()
    {
        var update = await Assert.ThrowsAsync<RpcException>(() => Tasks.Document("one").UpdateAsync(Fields(("a", 1))));
        var delete = await Assert.ThrowsAsync<RpcException>(() => Tasks.Document("one").DeleteAsync(Precondition.MustExist));

        Assert.Equal(StatusCode.NotFound, update.StatusCode);
        Assert.Equal(StatusCode.NotFound, delete.StatusCode);
    }

    [SkippableFact]
    public async Task OfManyCreatesOfOneDocumentOneWins()
    {
        var codes = await RaceAsync(writer => Tasks.Document("one").CreateAsync(Fields(("writer", writer))));

        Assert.Single(codes, StatusCode.OK);
        Assert.Equal(Writers - 1, codes.Count(code => code == StatusCode.AlreadyExists));
    }

    [SkippableFact]
    public async Task OfManyUpdatesOfOneVersionOneWins()
    {
        var version = (await Tasks.Document("one").CreateAsync(Fields(("writer", -1)))).UpdateTime;

        var codes = await RaceAsync(writer => Database.StartBatch()
            .Update(Tasks.Document("one"), Fields(("writer", writer)), Precondition.LastUpdated(version))
            .Create(Tasks.Document($"by-{writer}"), Fields(("writer", writer)))
            .CommitAsync());

        Assert.Single(codes, StatusCode.OK);
        Assert.Equal(Writers - 1, codes.Count(code => code == StatusCode.FailedPrecondition));
        Assert.Equal(2, (await Tasks.GetSnapshotAsync()).Count);
    }

    [SkippableFact]
    public async Task AnEmptyBatchCommits() => Assert.Empty(await Database.StartBatch().CommitAsync());

    [SkippableFact]
    public void WhatMakesNoSenseIsRefusedBeforeItIsSent()
    {
        var (batch, document) = (Database.StartBatch(), Tasks.Document("one"));

        Assert.Throws<ArgumentException>(() => batch.Create(document, Fields(("a", FieldValue.Delete))));
        Assert.Throws<ArgumentException>(() => batch.Set(document, Fields(("a", FieldValue.Delete))));
        Assert.Throws<ArgumentException>(() => batch.Set(document, Fields(("a", new[] { FieldValue.ServerTimestamp }))));
        Assert.Throws<ArgumentException>(() => batch.Update(document, new Dictionary<string, object>()));
        Assert.Throws<ArgumentException>(() => batch.Update(document, Fields(("a", 1), ("a.b", 2))));
        Assert.Throws<ArgumentException>(() => batch.Update(document, Fields(("a", Fields(("b", FieldValue.Delete))))));
        Assert.Throws<ArgumentException>(() => batch.Update(document, Fields(("a[0]", 1))));
        Assert.Throws<ArgumentException>(() => batch.Set(document, Fields(("a", new Uri("http://a")))));
        Assert.Throws<ArgumentException>(() => batch.Set(document, Fields(("a", DateTime.UnixEpoch.ToLocalTime()))));
    }

    [SkippableFact]
    public async Task AnUpdateMayRequireWhatItRequiresAnyway()
    {
        var document = Tasks.Document("one");
        var missing = await Assert.ThrowsAsync<RpcException>(
            () => Database.StartBatch().Update(document, Fields(("a", 1)), Precondition.MustExist).CommitAsync());
        await document.CreateAsync(Fields(("a", 1)));

        await Database.StartBatch().Update(document, Fields(("a", 2)), Precondition.MustExist).CommitAsync();

        Assert.Equal(StatusCode.NotFound, missing.StatusCode);
        Assert.Equal(2, (await document.GetSnapshotAsync()).GetValue<int>("a"));
    }

    private static async Task<StatusCode[]> RaceAsync(Func<int, Task> write) =>
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            try
            {
                await write(writer);
                return StatusCode.OK;
            }
            catch (RpcException e)
            {
                return e.StatusCode;
            }
        }));
}
