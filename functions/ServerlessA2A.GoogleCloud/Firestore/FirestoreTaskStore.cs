using Google.Cloud.Firestore;
using Microsoft.Extensions.Options;
using ServerlessA2A.GoogleCloud.Credentials;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tasks.Stored;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>
/// Tasks in Firestore. One commit is one step: an entry is created together with the resulting snapshot, a task together with its claim. A
/// second writer finds the document there. There are no transactions and no locks.
/// </summary>
/// <remarks>
/// A commit whose response is lost is sent again and then fails because of itself. The store detects that by the mark in each entry, claim
/// and lease.
/// </remarks>
internal sealed partial class FirestoreTaskStore : ITaskStore, IWebhookStore
{
    private const int MaxRounds = 20;

    private readonly GoogleClient<FirestoreDb> _client;
    private readonly TimeProvider _time;
    private readonly IdSource _newId;
    private readonly FirestoreCalls _calls;
    private readonly Payloads _payloads;
    private readonly int _shards;

    /// <param name="database">The database; not used before the first call.</param>
    /// <param name="time">The clock: for expiry, for watches, and for how long calls take.</param>
    /// <param name="newId">Creates the marks of appends.</param>
    /// <param name="options">The time limit of calls and the number of shards.</param>
    public FirestoreTaskStore(FirestoreDb database, TimeProvider time, IdSource newId, IOptions<GoogleCloudOptions> options)
        : this(new GoogleClient<FirestoreDb>("Firestore", () => database), time, newId, options)
    {
    }

    internal FirestoreTaskStore(GoogleClient<FirestoreDb> client, TimeProvider time, IdSource newId, IOptions<GoogleCloudOptions> options)
    {
        (_client, _time, _newId) = (client, time, newId);
        _calls = new FirestoreCalls(options.Value.RequestTimeout, time);
        _payloads = new Payloads(_calls);
        _shards = options.Value.Shards;
    }

    /// <summary>How many calls the store may make at once now.</summary>
    internal int CallsAtOnce => _calls.Bound;

    private FirestoreDb Database => _client.Get();

    private CollectionReference Tasks => Database.Collection("tasks");

    /// <inheritdoc/>
    public async ValueTask<Claim?> CreateAsync(NewTask task, CancellationToken cancellationToken)
    {
        var (id, keepUntil) = (task.Snapshot.Id, KeepUntil(task.Snapshot));
        var document = Tasks.Document(id);
        var claim = ClaimDocument.Of(Database, task.Snapshot.Owner, task.MessageId);
        var claimed = task.ContentHash is { } hash ? ClaimDocument.New(new Claim(id, hash), keepUntil) : null;
        var first = await _payloads.WriteAsync(document, "first", StoredTask.WriteEvents(task.First), keepUntil, cancellationToken);
        var snapshot = await _payloads.WriteAsync(
            document, "snapshot", StoredTask.WriteSnapshot(task.Snapshot), keepUntil, cancellationToken);

        DocumentSnapshot? forgotten = null;
        for (var round = 0; round < MaxRounds; round++)
        {
            var outcome = await _calls.CommitAsync($"create task {id}", Batch, cancellationToken);
            if (outcome == CommitOutcome.Committed)
                return null;
            // The id is new: without a claim the document can only come from an earlier attempt whose response was lost.
            if (claimed is null)
                return outcome == CommitOutcome.AlreadyExists ? null : throw NoDatabase(id);
            var found = await GetAsync($"read the claim of task {id}", claim, cancellationToken);
            if (!found.Exists)
            {
                if (outcome == CommitOutcome.NotFound && forgotten is null)
                    throw NoDatabase(id);
                forgotten = null;
                continue;
            }

            var earlier = Schema.Read(found, () => ClaimDocument.Read(found));
            if (earlier.TaskId == id)
                return null;
            if (await FindAsync(task.Snapshot.Owner, earlier.TaskId, cancellationToken) is not null)
                return earlier;
            forgotten = found;
        }

        throw new TaskStoreException($"Firestore could not create task {id}: its claim changed {MaxRounds} times.", isTransient: true);

        WriteBatch Batch()
        {
            var batch = Database.StartBatch();
            if (claimed is not null && forgotten is null)
                batch.Create(claim, claimed);
            else if (claimed is not null)
                batch.Update(claim, claimed, Precondition.LastUpdated(forgotten!.UpdateTime!.Value));
            batch.Create(document, TaskDocument.New(task, first, snapshot, ShardOf(id)));
            return WithWebhook(batch, document, task.Webhook, delivered: 0, dueAt: null, keepUntil);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<TaskSnapshot?> ReadAsync(string? owner, string taskId, CancellationToken cancellationToken)
    {
        if (await FindAsync(owner, taskId, cancellationToken) is not { } document)
            return null;
        var task = await ReadSnapshotAsync(document, cancellationToken);
        // Only a leased task has log entries that are not in its snapshot. A poll of any other task is one read.
        return task.Lease is null ? task : StoredTask.Fold(task, await ReadLogAsync(document.Reference, task.Seq, cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<Claim?> FindClaimAsync(string owner, string messageId, CancellationToken cancellationToken)
    {
        var document = await GetAsync("read a claim", ClaimDocument.Of(Database, owner, messageId), cancellationToken);
        if (!document.Exists)
            return null;
        var claim = Schema.Read(document, () => ClaimDocument.Read(document));
        // The task may have expired before its claim.
        return await FindAsync(owner, claim.TaskId, cancellationToken) is null ? null : claim;
    }

    /// <inheritdoc/>
    public async ValueTask<AppendOutcome> AppendAsync(NewEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Task.ExpireAt <= _time.GetUtcNow())
            return AppendOutcome.NotFound;
        var (writer, keepUntil) = (_newId(), KeepUntil(entry.Snapshot ?? entry.Task));
        var document = Tasks.Document(entry.TaskId);
        var log = LogDocument.Of(document, entry.Entry.First);
        if (entry.Snapshot is { } next && HalvesOf(next) > HalvesOf(entry.Task))
            await TaskDocument.KeepFirstAsync(document, _payloads, keepUntil, cancellationToken);
        var events = await _payloads.WriteAsync(
            document, $"{log.Id}-{writer}", StoredTask.WriteEvents(entry.Entry), keepUntil, cancellationToken);
        var snapshot = entry.Snapshot is null
            ? null
            : await _payloads.WriteAsync(
                document, $"{log.Id}-{writer}-snapshot", StoredTask.WriteSnapshot(entry.Snapshot), keepUntil, cancellationToken);

        var outcome = await _calls.CommitAsync($"append entry {entry.Entry.First} to task {entry.TaskId}", Batch, cancellationToken);
        return outcome switch
        {
            CommitOutcome.Committed => AppendOutcome.Appended,
            CommitOutcome.NotFound => AppendOutcome.NotFound,
            _ => LogDocument.WriterOf(
            await GetAsync($"read entry {entry.Entry.First} of task {entry.TaskId}", log, cancellationToken)) == writer
                ? AppendOutcome.Appended
                : AppendOutcome.Conflict,
        };

        WriteBatch Batch()
        {
            var batch = Database.StartBatch().Create(log, LogDocument.New(entry.Entry, events, writer, keepUntil));
            if (snapshot is not null)
            {
                var changed = TaskDocument.Changed(entry.Snapshot!, snapshot, entry.KeepsLease, ShardOf(entry.TaskId));
                if (entry.Webhook is { } webhook)
                    TaskDocument.AddWebhook(changed, webhook, ShardOf(entry.TaskId), entry.Entry.At);
                batch.Update(document, changed);
            }

            return WithWebhook(batch, document, entry.Webhook, delivered: entry.Entry.First - 1, dueAt: null, keepUntil);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RenewLeaseAsync(string taskId, string runId, DateTimeOffset until, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            if (await FindAsync(owner: null, taskId, cancellationToken) is not { } document ||
                TaskDocument.LeaseOf(document) is not { } lease || lease.RunId != runId)
                return false;
            var renewed = TaskDocument.Renewed(lease with { Until = until }, ShardOf(taskId));
            if (await UpdateAsync($"renew the lease of task {taskId}", document, renewed, cancellationToken))
                return true;
        }

        throw new TaskStoreException(
            $"Firestore could not renew the lease of task {taskId}: it changed {MaxRounds} times.", isTransient: true);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<UnattendedTask>> ListUnattendedAsync(
        DateTimeOffset before, int count, CancellationToken cancellationToken) =>
        await ListDueTasksAsync(
            "list unattended tasks", TaskDocument.UnattendedSince, before, count, TaskDocument.ReadUnattended, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> PostponeAsync(UnattendedTask task, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (await FindAsync(owner: null, task.TaskId, cancellationToken) is not { } document ||
            !document.ContainsField(TaskDocument.UnattendedSince) || TaskDocument.ReadUnattended(document) != task)
            return false;
        return await PostponeAsync(
            $"postpone task {task.TaskId}", document, TaskDocument.UnattendedSince, ShardOf(task.TaskId).At(until), cancellationToken);
    }

    /// <summary>
    /// Sets the moment of a task that was read, if it is unchanged. Who set it is noted, for a response may be lost: of several sweeps
    /// with the same moment one only is to go on.
    /// </summary>
    private async Task<bool> PostponeAsync(
        string what, DocumentSnapshot document, string field, object moment, CancellationToken cancellationToken)
    {
        var sweep = _newId();
        var postponed = new Dictionary<string, object> { [field] = moment, [TaskDocument.PostponedBy] = sweep };
        return await UpdateAsync(what, document, postponed, cancellationToken) ||
            (await GetAsync(what, document.Reference, cancellationToken)).TryGetValue<string>(TaskDocument.PostponedBy, out var found) &&
            found == sweep;
    }

    private TaskStoreException NoDatabase(string taskId) =>
        new($"Firestore could not create task {taskId}: the database {Database.ProjectId}/{Database.DatabaseId} does not exist.",
            isTransient: false);

    /// <summary>A batch that includes the request's webhook, if there is one.</summary>
    private WriteBatch WithWebhook(
        WriteBatch batch, DocumentReference task, Webhook? webhook, long? delivered, DateTimeOffset? dueAt, Timestamp keepUntil) =>
        webhook is null
        ? batch
        : batch.Set(
            WebhookDocument.Of(task, webhook.Id),
            WebhookDocument.New(webhook, delivered, dueAt, ShardOf(webhook.TaskId), keepUntil));

    /// <summary>
    /// When Firestore may delete the documents below a task. It is later than the task's own expiry, which may be extended.
    /// </summary>
    private static Timestamp KeepUntil(TaskSnapshot task) => TaskDocument.ToTimestamp(task.ExpireAt + task.Retention);

    /// <summary>
    /// How many halves of its retention a task has lived. What was written with it is kept for two retentions, so it need be kept longer
    /// only when another half is over.
    /// </summary>
    private static long HalvesOf(TaskSnapshot task) => (task.StatusAt - task.CreatedAt).Ticks / (task.Retention.Ticks / 2);

    /// <summary>
    /// Updates a document if it is unchanged since it was read; otherwise returns false. A lost response counts as a change.
    /// </summary>
    private async Task<bool> UpdateAsync(
        string what, DocumentSnapshot document, Dictionary<string, object> fields, CancellationToken cancellationToken) =>
        await _calls.CommitAsync(
            what,
            () => Database.StartBatch().Update(document.Reference, fields, Precondition.LastUpdated(document.UpdateTime!.Value)),
            cancellationToken) == CommitOutcome.Committed;

    /// <summary>The document of a task, and of the owner if one is given; null if there is none.</summary>
    /// <remarks>
    /// Another owner's task is never fetched: the index of owners answers for it as for a missing task, in the same time.
    /// </remarks>
    private async Task<DocumentSnapshot?> FindAsync(string? owner, string taskId, CancellationToken cancellationToken)
    {
        if (!TaskIds.IsPossible(taskId))
            return null;
        var (what, task) = ($"read task {taskId}", Tasks.Document(taskId));
        var document = owner is null
            ? await GetAsync(what, task, cancellationToken)
            : (await QueryAsync(what, OwnedBy(owner), cancellationToken, isLong: false)).SingleOrDefault();
        if (document is not { Exists: true })
            return null;
        Schema.Check(document);
        // The index covers only the first 1,500 bytes of a value, so compare the whole owner.
        if (owner is not null && TaskDocument.OwnerOf(document) != owner)
            return null;
        return TaskDocument.ExpiryOf(document) > _time.GetUtcNow() ? document : null;

        Query OwnedBy(string owner) => Tasks.WhereEqualTo(TaskDocument.Owner, owner).WhereEqualTo(FieldPath.DocumentId, task);
    }

    private Task<TaskSnapshot> ReadSnapshotAsync(DocumentSnapshot document, CancellationToken cancellationToken) =>
        Schema.ReadAsync(document, TaskDocument.ReadSnapshotAsync(document, _payloads, cancellationToken));

    private Task<LogEntry> ReadFirstAsync(DocumentSnapshot document, CancellationToken cancellationToken) =>
        Schema.ReadAsync(document, TaskDocument.ReadFirstAsync(document, _payloads, cancellationToken));

    private async Task<List<LogEntry>> ReadLogAsync(DocumentReference task, long after, CancellationToken cancellationToken)
    {
        var found = await QueryAsync($"read the log of task {task.Id}", LogAfter(task, after), cancellationToken);
        var entries = new List<LogEntry>(found.Count);
        foreach (var document in found)
            entries.Add(await Schema.ReadAsync(document, LogDocument.ReadAsync(task, document, _payloads, cancellationToken)));
        return entries;
    }

    private static Query LogAfter(DocumentReference task, long after) =>
        task.Collection(LogDocument.Collection).WhereGreaterThan(LogDocument.Last, after).OrderBy(LogDocument.Last);

    private async Task<DocumentSnapshot> GetAsync(string what, DocumentReference document, CancellationToken cancellationToken)
    {
        var found = await _calls.ReadAsync("get", what, document.GetSnapshotAsync, cancellationToken);
        GoogleCloudTelemetry.Read(1);
        return found;
    }

    /// <summary>What a query finds. Unless it is for one document, it may take long because it finds much.</summary>
    private async Task<IReadOnlyList<DocumentSnapshot>> QueryAsync(
        string what, Query query, CancellationToken cancellationToken, bool isLong = true)
    {
        var found = await _calls.ReadAsync("query", what, query.GetSnapshotAsync, cancellationToken, isLong);
        GoogleCloudTelemetry.Read(Math.Max(1, found.Count));
        return found.Documents;
    }
}
