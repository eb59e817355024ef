using Google.Cloud.Firestore;
using ServerlessA2A.GoogleCloud.Firestore;
using ServerlessA2A.GoogleCloud.Tests.Emulators;
using ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.GoogleCloud.Tests.Firestore;

/// <summary>What lies in the documents: sizes, versions, and what another hand may have put there.</summary>
[Collection(nameof(FirestoreTest))]
public sealed class DocumentTests : IAsyncLifetime
{
    private readonly string _project = TestProject.NewId();
    private FirestoreDb _database = null!;
    private FirestoreTaskStore _store = null!;

    public async Task InitializeAsync()
    {
        _database = await TestStores.ConnectAsync(_project);
        _store = await TestStores.CreateAsync(new ManualTimeProvider(), _project);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [SkippableFact]
    public async Task ATaskWith20MebibytesOfArtifactsSurvivesWhole()
    {
        var task = await AppendAsync(TestTasks.With(await MakeAsync(), TestTasks.Started()));
        var noise = new byte[4 * 1024 * 1024];
        for (var i = 0; i < 5; i++)
        {
            new Random(i).NextBytes(noise);
            var file = new Protocol.Messages.Artifact { ArtifactId = $"{i}", Parts = [Protocol.Messages.Part.FromBytes(noise.ToArray())] };
            task = await AppendAsync(TestTasks.Without(task, new ArtifactUpdated { Artifact = file }));
        }

        await AssertStoredAsync(task);
        task = await AppendAsync(TestTasks.With(task, TestTasks.Completed));
        await AssertStoredAsync(task);
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task WhatIsJustSmallOrJustTooLargeForADocumentComesBack(int more)
    {
        var around = new string('x', (Payloads.MaxInline * (more < 2 ? 1 : 2)) - 400 + (400 * more));
        var task = await MakeAsync(around);
        task = await AppendAsync(TestTasks.With(task, TestTasks.Started()));
        task = await AppendAsync(TestTasks.Without(task, TestTasks.Chunk(around, append: false)));
        await AssertStoredAsync(task);
        await AssertStoredAsync(await AppendAsync(TestTasks.With(task, TestTasks.Completed)));
    }

    [SkippableFact]
    public async Task WhatIsTooLargeAltogetherIsAClearFinalFaultAndNothingIsStored()
    {
        var task = await AppendAsync(TestTasks.With(await MakeAsync(), TestTasks.Started()));
        var data = new CheckpointSaved { Data = new byte[Payloads.MaxSize] };

        var fault = await Assert.ThrowsAsync<TaskStoreException>(
            async () => await _store.AppendAsync(TestTasks.Without(task, data), default));

        Assert.False(fault.IsTransient);
        Assert.Contains($"Task {task.Id} is too large", fault.Message, StringComparison.Ordinal);
        await AssertStoredAsync(task);
    }

    [SkippableFact]
    public async Task WhatIsAnothersIsNotEvenFetched()
    {
        var task = await MakeAsync();
        // Whoever fetched it would stumble.
        await _database.Collection("tasks").Document(task.Id).UpdateAsync("v", 99);

        Assert.Null(await _store.ReadAsync("another", task.Id, default));
        Assert.Null(await _store.ListWebhooksAsync("another", task.Id, default));
        Assert.False(await _store.PutWebhookAsync("another", Webhook(task.Id), null, default));
        Assert.False(await _store.DeleteWebhookAsync("another", task.Id, "hook", default));
        await Assert.ThrowsAsync<TaskStoreException>(async () => await _store.ReadAsync(task.Owner, task.Id, default));
    }

    [SkippableFact]
    public async Task EveryDocumentSaysItsVersionAndWhenItMayGo()
    {
        var task = TestTasks.New(new string('x', Payloads.MaxInline));
        await _store.CreateAsync(task with { Webhook = Webhook(task.Snapshot.Id) }, default);
        var working = await AppendAsync(TestTasks.With(task.Snapshot, TestTasks.Started()));
        Assert.True(await _store.PutWebhookAsync(working.Owner, Webhook(working.Id, "later"), null, default));

        var documents = new List<DocumentSnapshot>();
        foreach (var collection in new[] { "tasks", "log", "payloads", "pushConfigs", "claims" })
        {
            var found = await _database.CollectionGroup(collection).GetSnapshotAsync();
            Assert.NotEmpty(found);
            documents.AddRange(found);
        }

        Assert.All(documents, document => Assert.Equal(1, document.GetValue<long>("v")));
        Assert.All(documents, document => Assert.Equal(
            document.Reference.Parent.Id == "tasks" ? working.ExpireAt : working.ExpireAt + working.Retention,
            document.GetValue<Timestamp>("expireAt").ToDateTimeOffset()));
    }

    [SkippableTheory]
    [InlineData(19)]
    [InlineData(20)]
    public async Task AWebhookIsCheckedAgainWhereItsTaskHasGoneOnUntilThatIsTooOften(int changes)
    {
        var task = await MakeAsync();
        var document = _database.Collection("tasks").Document(task.Id);
        var checks = 0;
        var storing = _store.PutWebhookAsync(task.Owner, Webhook(task.Id), Check, default).AsTask();

        if (changes < 20)
        {
            Assert.True(await storing);
        }
        else
        {
            var fault = await Assert.ThrowsAsync<TaskStoreException>(() => storing);
            Assert.True(fault.IsTransient);
            Assert.Contains(task.Id, fault.Message, StringComparison.Ordinal);
        }

        Assert.Equal(20, checks);
        Assert.Equal(changes < 20 ? ["hook"] : [], await _store.ListWebhookIdsAsync(task.Id, default));

        // Between the read and the commit.
        void Check(IReadOnlyList<string> ids)
        {
            if (checks++ < changes)
                Task.Run(() => document.UpdateAsync("seq", 100 + checks)).Wait();
        }
    }

    [SkippableFact]
    public async Task AWebhookIsKeptLongerWithAStepOfItsDeliveryAndOnlyThen()
    {
        var task = await MakeAsync();
        await _store.PutWebhookAsync(task.Owner, Webhook(task.Id), null, default);
        var made = task.ExpireAt + task.Retention;
        Assert.Equal(made, await ExpiryAsync());

        var read = (await _store.ReadDeliveryAsync(task.Id, "hook", default))!;
        var kept = await _store.UpdateDeliveryAsync(read, read with { Holder = "me", KeepUntil = made.AddDays(1) }, default);
        Assert.Equal(made.AddDays(1), await ExpiryAsync());
        Assert.NotNull(await _store.UpdateDeliveryAsync(kept!, kept! with { Delivered = 1 }, default));
        Assert.Equal(made.AddDays(1), await ExpiryAsync());

        async Task<DateTimeOffset> ExpiryAsync() =>
            Assert.Single(await _database.CollectionGroup("pushConfigs").GetSnapshotAsync()).GetValue<Timestamp>("expireAt")
                .ToDateTimeOffset();
    }

    [SkippableFact]
    public async Task WhatBelongsToATaskThatWentOnIsToBeKeptAsLongAsItMayBeAskedFor()
    {
        var time = new ManualTimeProvider();
        var store = await TestStores.CreateAsync(time, _project);
        var task = await MakeAsync();
        Assert.Equal(task.ExpireAt + task.Retention, (await store.ReadEventsAsync(task.Id, 1, default))!.KeepUntil);
        var entry = new LogEntry(2, TestTasks.Now.AddDays(5), [TestTasks.Completed]);
        task = await AppendAsync(new NewEntry { Task = task, Entry = entry, Snapshot = TaskFold.Apply(task, entry) });
        Assert.Equal(TestTasks.Now.AddDays(5) + (2 * task.Retention), (await store.ReadEventsAsync(task.Id, 1, default))!.KeepUntil);
    }

    [SkippableFact]
    public async Task TheFirstMessageIsKeptAsLongAsItsTaskThoughItHasDocumentsOfItsOwn()
    {
        var task = await MakeAsync(new string('x', 2 * Payloads.MaxInline));
        foreach (var days in Enumerable.Range(1, 12))
        {
            var changed = new StatusChanged { State = days == 12 ? Protocol.Tasks.TaskState.Completed : Protocol.Tasks.TaskState.Working };
            var entry = new LogEntry(task.Seq + 1, TestTasks.Now.AddDays(2 * days), [changed]);
            task = await AppendAsync(new NewEntry { Task = task, Entry = entry, Snapshot = TaskFold.Apply(task, entry) });
            var parts = await _database.Collection("tasks").Document(task.Id).Collection("payloads").GetSnapshotAsync();
            Assert.All(
                parts.Where(part => part.Id.StartsWith("first", StringComparison.Ordinal)),
                part => Assert.True(part.GetValue<Timestamp>("expireAt").ToDateTimeOffset() > task.ExpireAt, $"after {2 * days} days"));
        }
    }

    [SkippableFact]
    public async Task AClaimOfAnEarlierReleaseHasNoHash()
    {
        var task = TestTasks.New();
        await _store.CreateAsync(task, default);
        var document = Assert.Single(await _database.Collection("claims").GetSnapshotAsync());
        Assert.Equal(task.ContentHash, document.GetValue<string>("contentHash"));
        await document.Reference.UpdateAsync("contentHash", FieldValue.Delete);
        var claim = new Claim(task.Snapshot.Id, ContentHash: null);
        Assert.Equal(claim, await _store.FindClaimAsync(task.Snapshot.Owner, task.MessageId, default));
        Assert.Equal(claim, await _store.CreateAsync(TestTasks.New(messageId: task.MessageId), default));
    }

    [SkippableFact]
    public async Task ATaskWithoutWebhooksHasNoFieldsForThem()
    {
        var task = await AppendAsync(TestTasks.With(await MakeAsync(), TestTasks.Started()));
        await AppendAsync(TestTasks.With(task, TestTasks.Completed));
        var document = await _database.Collection("tasks").Document(task.Id).GetSnapshotAsync();
        Assert.False(document.ContainsField("pushConfigs"));
        Assert.False(document.ContainsField("unnotifiedSince"));
    }

    [SkippableTheory]
    [InlineData(2L, "a newer version wrote it")]
    [InlineData(null, "it was not written by this program")]
    [InlineData("1", "it was not written by this program")]
    public async Task ADocumentOfAnotherVersionIsRefusedNeverMisread(object? version, string says)
    {
        var task = await MakeAsync();
        var document = _database.Collection("tasks").Document(task.Id);
        await document.UpdateAsync("v", version ?? FieldValue.Delete);

        foreach (var call in new Func<Task>[]
        {
            async () => await _store.ReadAsync(null, task.Id, default),
            async () => await _store.ListAsync(new TaskQuery { Owner = task.Owner, PageSize = 10 }, default),
            async () => await _store.RenewLeaseAsync(task.Id, "run", TestTasks.Now, default),
            async () => await _store.ListWebhookIdsAsync(task.Id, default),
            async () => await _store.ReadEventsAsync(task.Id, 0, default),
            async () => await _store.PostponeDeliveriesAsync(new(task.Id, TestTasks.Now, 1), null, default),
            async () => await _store.WatchAsync(task.Id, 0, default).FirstAsync(),
            () => _store.WaitUntilTerminalOrInterruptedAsync(task.Id, default).WithinLimit("the wait ends"),
            () => _store.WaitForRunChangeAsync(task.Id, "run", 0, default).WithinLimit("the wait ends"),
        })
        {
            var fault = await Assert.ThrowsAsync<TaskStoreException>(call);
            Assert.False(fault.IsTransient);
            Assert.Contains($"tasks/{task.Id}", fault.Message, StringComparison.Ordinal);
            Assert.Contains(says, fault.Message, StringComparison.Ordinal);
        }
    }

    [SkippableTheory]
    [InlineData("v", 2L, true)]
    [InlineData("v", 2L, false)]
    [InlineData("state", null, true)]
    [InlineData("lease", "nobody", false)]
    public async Task AWaitForATaskThatCantBeReadAnyMoreEndsAndIsNotToBeTriedAgain(string field, object? value, bool isForState)
    {
        var task = await AppendAsync(TestTasks.With(await MakeAsync(), TestTasks.Started()));
        var wait = isForState ? _store.WaitUntilTerminalOrInterruptedAsync(task.Id, default)
            : _store.WaitForRunChangeAsync(task.Id, "run", 0, default);

        await _database.Collection("tasks").Document(task.Id).UpdateAsync(field, value ?? FieldValue.Delete);

        var fault = await Assert.ThrowsAsync<TaskStoreException>(() => wait.WithinLimit("the wait ends"));
        Assert.False(fault.IsTransient);
        Assert.Contains($"tasks/{task.Id}", fault.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("v", 2L)]
    [InlineData("config", "nonsense")]
    [InlineData("retryAt", "soon")]
    public async Task AWebhookThatCantBeReadIsAFinalFaultThatNamesItsDocument(string field, object value)
    {
        var task = await MakeAsync();
        await _store.PutWebhookAsync(task.Owner, Webhook(task.Id), null, default);
        var document = Assert.Single(await _database.CollectionGroup("pushConfigs").GetSnapshotAsync()).Reference;
        await document.UpdateAsync(field, value);

        var fault = await Assert.ThrowsAsync<TaskStoreException>(async () => await _store.ReadDeliveryAsync(task.Id, "hook", default));

        Assert.False(fault.IsTransient);
        Assert.Contains($"tasks/{task.Id}/pushConfigs/{document.Id}", fault.Message, StringComparison.Ordinal);
        // The others are told all the same.
        Assert.Equal(["hook"], await _store.ListWebhookIdsAsync(task.Id, default));
    }

    [SkippableFact]
    public async Task TasksThatCantBeReadHideNoOtherFromTheSweep()
    {
        var task = await MakeAsync();
        await _store.PutWebhookAsync(task.Owner, Webhook(task.Id), null, default);
        foreach (var (id, version) in new[] { ("older", 0L), ("newer", 2L), ("newest", 3L), ("damaged", 1L) })
        {
            var since = Timestamp.FromDateTimeOffset(TestTasks.Now.AddHours(-1));
            await _database.Collection("tasks").Document(id)
                .SetAsync(new Dictionary<string, object> { ["v"] = version, ["unattendedSince"] = since, ["unnotifiedSince"] = since });
        }

        Assert.Equal(task.Id, Assert.Single(await _store.ListUnattendedAsync(TestTasks.Now, 2, default)).TaskId);
        Assert.Equal(task.Id, Assert.Single(await _store.ListUndeliveredAsync(TestTasks.Now, 2, default)).TaskId);
    }

    [SkippableFact]
    public async Task AnEntryOfAKindThatIsNotKnownIsRefused()
    {
        var task = await AppendAsync(TestTasks.With(await MakeAsync(), TestTasks.Started()));
        await AppendAsync(TestTasks.Without(task, TestTasks.Chunk("x", append: false)));
        var entry = _database.Collection("tasks").Document(task.Id).Collection("log").Document("0000000003");
        await entry.UpdateAsync("events", Blob.CopyFrom("""[{"exploded":{}}]"""u8.ToArray()));

        var fault = await Assert.ThrowsAsync<TaskStoreException>(async () => await _store.ReadAsync(null, task.Id, default));

        Assert.Contains("log/0000000003 cannot be read: unknown event 'exploded'", fault.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TaskStoreException>(async () => await _store.WatchAsync(task.Id, 2, default).FirstAsync());
    }

    [SkippableFact]
    public async Task WhereEventsWereDeletedAReplayOfThemIsRefused()
    {
        var task = await AppendAsync(TestTasks.With(await MakeAsync(), TestTasks.Started()));
        task = await AppendAsync(TestTasks.With(task, TestTasks.Completed));
        await _database.Collection("tasks").Document(task.Id).Collection("log").Document("0000000002").DeleteAsync();

        await AssertStoredAsync(task);
        Assert.Equal(3, (await _store.WatchAsync(task.Id, 2, default).FirstAsync()).First);
        var fault = await Assert.ThrowsAsync<TaskStoreException>(async () => await _store.WatchAsync(task.Id, 1, default).FirstAsync());
        Assert.Contains("the events 2 to 2 have expired", fault.Message, StringComparison.Ordinal);
    }

    private static Webhook Webhook(string taskId, string id = "hook") =>
        new(taskId, id,
            new Protocol.PushNotifications.TaskPushNotificationConfig { Id = id, TaskId = taskId, Url = "https://client.example" },
            Protocol.ProtocolVersion.V1_0);

    private async Task<TaskSnapshot> MakeAsync(string text = "hello")
    {
        var task = TestTasks.New(text);
        Assert.Null(await _store.CreateAsync(task, default));
        return task.Snapshot;
    }

    private async Task<TaskSnapshot> AppendAsync(NewEntry entry)
    {
        Assert.Equal(AppendOutcome.Appended, await _store.AppendAsync(entry, default));
        return entry.Snapshot ?? TaskFold.Apply(entry.Task, entry.Entry);
    }

    private async Task AssertStoredAsync(TaskSnapshot expected) =>
        Assert.Equal(Describe.Snapshot(expected), Describe.Snapshot(await _store.ReadAsync(null, expected.Id, default)));
}
