using System.Text.Json;
using Google.Cloud.Firestore;
using ServerlessA2A.GoogleCloud.Firestore;
using ServerlessA2A.GoogleCloud.Tests.Emulators;
using ServerlessA2A.GoogleCloud.Tests.Packages.Firestore;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Support;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.GoogleCloud.Tests.Firestore;

/// <summary>
/// firestore.indexes.json holds what the store's queries and documents need, and nothing else. The emulator does not insist on indexes;
/// it tells which ones were used.
/// </summary>
[Collection(nameof(FirestoreTest))]
public sealed class IndexTests : IAsyncLifetime
{
    private readonly string _project = TestProject.NewId();
    private FirestoreTaskStore _store = null!;

    public async Task InitializeAsync() => _store = await TestStores.CreateAsync(new ManualTimeProvider(), _project);

    public Task DisposeAsync() => Task.CompletedTask;

    [SkippableFact]
    public async Task TheCompositeIndexesAreThoseThatAllQueriesTogetherUse()
    {
        var made = TestTasks.New();
        var task = made.Snapshot;
        await _store.CreateAsync(made with { Webhook = Webhook(task.Id) }, default);
        // Held, so that its log is looked into.
        await _store.AppendAsync(TestTasks.With(task, TestTasks.Started()), default);
        await _store.ReadAsync(null, task.Id, default);
        await _store.ListUnattendedAsync(TestTasks.Now, 10, default);
        await _store.ListWebhooksAsync(task.Owner, task.Id, default);
        await _store.ListWebhookIdsAsync(task.Id, default);
        await _store.ReadDeliveryAsync(task.Id, "hook", default);
        await _store.ReadEventsAsync(task.Id, 0, default);
        // More than one page.
        await _store.ListUndeliveredAsync(TestTasks.Now, 1, default);
        await _store.ListDueAsync(TestTasks.Now, 1, default);
        await _store.CountUnfinishedAsync(task.Owner, 10, default);
        await _store.CountUnfinishedAsync(owner: null, 10, default);
        foreach (var contextId in new[] { null, "c" })
        {
            foreach (var state in new TaskState?[] { null, TaskState.Working })
            {
                foreach (var since in new DateTimeOffset?[] { null, TestTasks.Now })
                {
                    foreach (var after in new[] { null, new TaskCursor(TestTasks.Now, TestTasks.Now, "x") })
                    {
                        var query = new TaskQuery
                        {
                            Owner = task.Owner,
                            ContextId = contextId,
                            State = state,
                            StatusSince = since,
                            PageSize = 1,
                            After = after
                        };
                        await _store.ListAsync(query, default);
                    }
                }
            }
        }

        await _store.ListAsync(
            new TaskQuery { Owner = task.Owner, ContextId = "c", IncludesReplied = true, IsCounted = false, PageSize = 1 }, default);

        Assert.Equal(await UsedAsync(), Declared().GetProperty("indexes").EnumerateArray().Select(Describe).Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task PayloadsMomentsTracesAndListsAreExemptFromIndexesUnlessTheyAreAskedForAndEverythingExpires()
    {
        // A payload that was cut is a map in its place.
        var task = TestTasks.New(new string('x', Payloads.MaxInline));
        task = task with { Webhook = Webhook(task.Snapshot.Id), Snapshot = task.Snapshot with { TraceParent = "00-1-2-01" } };
        await _store.CreateAsync(task, default);
        var read = (await _store.ReadDeliveryAsync(task.Snapshot.Id, "hook", default))!;
        var all = read with
        {
            Delivered = 1,
            Holder = "me",
            FailingSince = TestTasks.Now,
            DueAt = TestTasks.Now,
            Failures = 1,
            EndedBecause = "gone",
            TraceParent = "00-1-2-01",
            Attempts = new([new DeliveryAttempt(TestTasks.Now, 1, TimeSpan.Zero)]),
        };
        Assert.NotNull(await _store.UpdateDeliveryAsync(read, all, default));
        await _store.AppendAsync(TestTasks.With(task.Snapshot, TestTasks.Started()), default);

        var needed = new SortedSet<string>(StringComparer.Ordinal);
        var database = await TestStores.ConnectAsync(_project);
        foreach (var collection in new[] { "tasks", "log", "payloads", "pushConfigs", "claims" })
        {
            foreach (var document in await database.CollectionGroup(collection).GetSnapshotAsync())
            {
                needed.Add($"{collection}.expireAt ttl");
                // The only moments that are queried are those of the sweeps. That of a webhook is queried over the webhooks of all tasks.
                needed.UnionWith(document.ToDictionary()
                    .Where(field => field.Value is Blob or Timestamp or IDictionary<string, object> or IEnumerable<object> ||
                        field.Key == "traceParent" || (collection == "pushConfigs" && field.Key is not ("v" or "id" or "version")))
                    .Where(field => field.Key is not ("expireAt" or "unattendedSince" or "unnotifiedSince"))
                    .Select(field => $"{collection}.{field.Key} {(field.Key == "retryAt" ? "COLLECTION_GROUP ASCENDING" : "none")}"));
            }
        }

        Assert.Equal(needed, Declared().GetProperty("fieldOverrides").EnumerateArray().Select(field =>
        {
            var isTtl = field.TryGetProperty("ttl", out var ttl) && ttl.GetBoolean();
            var index = field.GetProperty("indexes").EnumerateArray()
                .Select(index => $"{index.GetProperty("queryScope")} {index.GetProperty("order")}").SingleOrDefault();
            return $"{field.GetProperty("collectionGroup")}.{field.GetProperty("fieldPath")} {index ?? (isTtl ? "ttl" : "none")}";
        }).Order(StringComparer.Ordinal));
    }

    private static Webhook Webhook(string taskId) =>
        new(taskId, "hook", new TaskPushNotificationConfig { Id = "hook", TaskId = taskId, Url = "https://client.example" },
            ProtocolVersion.V1_0);

    private async Task<IEnumerable<string>> UsedAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var host = await SharedEmulator.Firestore.HostAsync();
        var report = await http.GetStringAsync(
            new Uri($"http://{host}/emulator/v1/projects/{_project}:indexUsage?database=projects/{_project}/databases/(default)"));
        // An index of one field, and the document's name, is no composite index: the other test holds those.
        return [.. JsonElement.Parse(report).GetProperty("reports").EnumerateArray().Select(used => used.GetProperty("index"))
            .Where(index => index.GetProperty("fields").GetArrayLength() > 2 || index.GetProperty("queryScope").GetString() == "COLLECTION")
            .Select(Describe).Order(StringComparer.Ordinal)];
    }

    /// <summary>Those of equality first, in any order; the name of the document comes last of itself.</summary>
    private static string Describe(JsonElement index)
    {
        var collection = index.TryGetProperty("collectionGroup", out var group) ? group.GetString() : index.GetProperty("name")
            .GetString()!.Split('/')[^3];
        var fields = index.GetProperty("fields").EnumerateArray()
            .Select(field => (Path: field.GetProperty("fieldPath").GetString(), Order: field.GetProperty("order").GetString()))
            .Where(field => field.Path != "__name__").ToList();
        var equal = fields.TakeWhile(field => field.Order == "ASCENDING").OrderBy(field => field.Path, StringComparer.Ordinal);
        return $"{collection} {index.GetProperty("queryScope")}: " +
            $"{string.Join(", ", equal.Concat(fields.SkipWhile(field => field.Order == "ASCENDING")))}";
    }

    private static JsonElement Declared()
    {
        using var file = typeof(IndexTests).Assembly.GetManifestResourceStream("firestore.indexes.json")!;
        using var json = JsonDocument.Parse(file);
        return json.RootElement.Clone();
    }
}
