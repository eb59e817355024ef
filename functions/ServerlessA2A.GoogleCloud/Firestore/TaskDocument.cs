using Google.Cloud.Firestore;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tasks.Stored;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>
/// The document <c>tasks/{id}</c>: the first log entry, the snapshot, and separate fields for queries and leases. Storing the first entry
/// here saves each task a write.
/// </summary>
internal static class TaskDocument
{
    public const string Owner = "owner";
    public const string ContextId = "contextId";
    public const string State = "state";
    public const string StatusAt = "statusAt";
    public const string ExpireAt = "expireAt";
    public const string UnattendedSince = "unattendedSince";
    public const string UndeliveredSince = "unnotifiedSince";
    public const string Webhooks = "pushConfigs";

    /// <summary>The mark of the sweep that was the last one to postpone the task.</summary>
    public const string PostponedBy = "postponedBy";

    /// <summary>The number of the task's shard, for lists. A task that was answered with a message is not listed and has none.</summary>
    public const string ListedIn = "shard";

    /// <summary>The number of the task's shard while it is unfinished, for counts.</summary>
    public const string UnfinishedIn = "unfinished";

    /// <summary>
    /// The state of a COMPLETED task that was answered with a message (<see cref="TaskSnapshot.IsReplied"/>). Lists of a context query the
    /// protocol's states, so they skip it without a separate index.
    /// </summary>
    private const string RepliedState = "REPLIED";

    private const string TraceParent = "traceParent";
    private const string Seq = "seq";
    private const string Lease = "lease";
    private const string AddedMessages = "addedMessages";
    private const string First = "first";
    private const string FirstAt = "firstAt";
    private const string Snapshot = "snapshot";

    /// <summary>The fields of a new task, without its payloads.</summary>
    public static Dictionary<string, object> New(NewTask task, object first, object snapshot, Shard shard)
    {
        var fields = new Dictionary<string, object>
        {
            [Schema.Field] = Schema.Version,
            [Owner] = task.Snapshot.Owner,
            [ContextId] = task.Snapshot.Task.ContextId!,
            [First] = first,
            [FirstAt] = ToTimestamp(task.First.At),
        };
        AddSnapshot(fields, task.Snapshot, snapshot, shard);
        if (task.Webhook is { } webhook)
        {
            fields[Webhooks] = new[] { webhook.Id };
            fields[UndeliveredSince] = shard.At(task.First.At);
        }

        return fields;
    }

    /// <summary>What changes with a webhook.</summary>
    public static Dictionary<string, object> WithWebhook(Webhook webhook, Shard shard, DateTimeOffset at)
    {
        var fields = new Dictionary<string, object>();
        AddWebhook(fields, webhook, shard, at);
        return fields;
    }

    /// <summary>A webhook is known to all who read the task, and has to be told of it.</summary>
    public static void AddWebhook(Dictionary<string, object> fields, Webhook webhook, Shard shard, DateTimeOffset at)
    {
        fields[Webhooks] = FieldValue.ArrayUnion(webhook.Id);
        fields[UndeliveredSince] = shard.At(at);
    }

    /// <summary>
    /// The fields that change with a new snapshot. The list of webhooks is not among them, because webhooks may have been added since the
    /// writer read the task.
    /// </summary>
    /// <param name="task">The task's new state.</param>
    /// <param name="snapshot">Its payload.</param>
    /// <param name="keepsLease">Whether the stored lease stays unchanged.</param>
    /// <param name="shard">The task's shard.</param>
    public static Dictionary<string, object> Changed(TaskSnapshot task, object snapshot, bool keepsLease, Shard shard)
    {
        var fields = new Dictionary<string, object>();
        AddSnapshot(fields, task, snapshot, shard);
        if (task.WebhookIds.Count > 0)
            fields[UndeliveredSince] = shard.At(task.ChangedAt);
        fields.TryAdd(ListedIn, FieldValue.Delete);
        fields.TryAdd(UnfinishedIn, FieldValue.Delete);
        fields.TryAdd(Lease, FieldValue.Delete);
        fields.TryAdd(UnattendedSince, FieldValue.Delete);
        fields.TryAdd(TraceParent, FieldValue.Delete);
        if (keepsLease)
        {
            fields.Remove(Lease);
            fields.Remove(UnattendedSince);
        }

        return fields;
    }

    /// <summary>The fields that change with a renewed lease.</summary>
    public static Dictionary<string, object> Renewed(Lease lease, Shard shard) => new()
    {
        [Lease] = ToFields(lease),
        [UnattendedSince] = shard.At(lease.Until),
    };

    /// <summary>The fields that sweeps read of a task whose moment in a field has passed; not its snapshot, which may be large.</summary>
    public static string[] FieldsOfDue(string field) => [Schema.Field, field, StatusAt, ExpireAt, Seq, TraceParent];

    public static string OwnerOf(DocumentSnapshot document) => document.GetValue<string>(Owner);

    public static DateTimeOffset ExpiryOf(DocumentSnapshot document) => document.GetValue<Timestamp>(ExpireAt).ToDateTimeOffset();

    /// <summary>
    /// When Firestore may delete the documents below the task, without decoding its snapshot: as long after its expiry as the expiry is
    /// after its last change of status.
    /// </summary>
    public static Timestamp KeepUntilOf(DocumentSnapshot document)
    {
        var expiry = ExpiryOf(document);
        return ToTimestamp(expiry + (expiry - StatusAtOf(document)));
    }

    /// <summary>The holder of the task's lease; null if there is none.</summary>
    public static Lease? LeaseOf(DocumentSnapshot document)
    {
        if (!document.TryGetValue<Dictionary<string, object>>(Lease, out var lease) || lease is null)
            return null;
        return new Lease((string)lease["runId"], ((Timestamp)lease["until"]).ToDateTimeOffset(), (int)(long)lease["attempt"]);
    }

    /// <summary>The number of messages that were added while a run worked on the task.</summary>
    public static int AddedMessagesOf(DocumentSnapshot document) =>
        document.TryGetValue<long>(AddedMessages, out var added) ? (int)added : 0;

    public static bool IsTerminalOrInterrupted(DocumentSnapshot document)
    {
        var name = document.GetValue<string>(State);
        return name == RepliedState || (TaskStateNames.TryParse(name, out var state) && state.IsTerminalOrInterrupted());
    }

    /// <summary>The ids of the task's webhooks.</summary>
    public static IReadOnlyList<string> WebhooksOf(DocumentSnapshot document) =>
        document.TryGetValue<List<string>>(Webhooks, out var ids) && ids is not null ? ids : [];

    public static string ContextOf(DocumentSnapshot document) => document.GetValue<string>(ContextId);

    public static UndeliveredTask ReadUndelivered(DocumentSnapshot document) => new(
        document.Id,
        Shard.Read(document, UndeliveredSince),
        document.GetValue<long>(Seq))
    {
        TraceParent = TraceParentOf(document),
    };

    public static UnattendedTask ReadUnattended(DocumentSnapshot document) => new(
        document.Id,
        Shard.Read(document, UnattendedSince),
        StatusAtOf(document))
    {
        TraceParent = TraceParentOf(document),
    };

    /// <summary>The first entry of the log.</summary>
    public static async Task<LogEntry> ReadFirstAsync(DocumentSnapshot document, Payloads payloads, CancellationToken cancellationToken)
    {
        var stored = await payloads.ReadAsync(document.Reference, document, First, cancellationToken);
        return StoredTask.ReadEntry(1, document.GetValue<Timestamp>(FirstAt).ToDateTimeOffset(), stored);
    }

    /// <summary>Keeps what the first entry has in documents of its own longer.</summary>
    public static Task KeepFirstAsync(
        DocumentReference document, Payloads payloads, Timestamp keepUntil, CancellationToken cancellationToken) =>
        payloads.KeepAsync(document, First, keepUntil, cancellationToken);

    /// <summary>The snapshot, as of the last change of status.</summary>
    public static async Task<TaskSnapshot> ReadSnapshotAsync(
        DocumentSnapshot document, Payloads payloads, CancellationToken cancellationToken)
    {
        var first = await ReadFirstAsync(document, payloads, cancellationToken);
        var stored = await payloads.ReadAsync(document.Reference, document, Snapshot, cancellationToken);
        return StoredTask.ReadSnapshot(stored, first, OwnerOf(document), document.GetValue<long>(Seq), LeaseOf(document)) with
        {
            WebhookIds = WebhooksOf(document),
            AddedMessages = AddedMessagesOf(document),
            TraceParent = TraceParentOf(document),
        };
    }

    public static Timestamp ToTimestamp(DateTimeOffset moment) => Timestamp.FromDateTimeOffset(moment);

    private static string? TraceParentOf(DocumentSnapshot document) =>
        document.TryGetValue<string>(TraceParent, out var trace) ? trace : null;

    private static DateTimeOffset StatusAtOf(DocumentSnapshot document) => document.GetValue<Timestamp>(StatusAt).ToDateTimeOffset();

    private static void AddSnapshot(Dictionary<string, object> fields, TaskSnapshot task, object snapshot, Shard shard)
    {
        fields[State] = task.IsReplied ? RepliedState : TaskStateNames.ToName(task.State);
        fields[StatusAt] = ToTimestamp(task.StatusAt);
        fields[ExpireAt] = ToTimestamp(task.ExpireAt);
        fields[Seq] = task.Seq;
        fields[Snapshot] = snapshot;
        if (task.TraceParent is { } trace)
            fields[TraceParent] = trace;
        if (task.AddedMessages > 0)
            fields[AddedMessages] = (long)task.AddedMessages;
        if (task.Lease is { } lease)
            fields[Lease] = ToFields(lease);
        if (task.UnattendedSince is { } since)
            fields[UnattendedSince] = shard.At(since);
        if (!task.IsReplied)
            fields[ListedIn] = (long)shard.Number;
        if (!task.State.IsTerminal())
            fields[UnfinishedIn] = (long)shard.Number;
    }

    private static Dictionary<string, object> ToFields(Lease lease) => new()
    {
        ["runId"] = lease.RunId,
        ["until"] = ToTimestamp(lease.Until),
        ["attempt"] = (long)lease.Attempt,
    };
}
