using System.Globalization;
using Google.Cloud.Firestore;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Tasks;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>
/// The documents <c>tasks/{id}/pushConfigs/{hash of the configuration's id}</c>: the webhook, and how far it was delivered.
/// </summary>
internal static class WebhookDocument
{
    public const string Collection = "pushConfigs";

    /// <summary>
    /// When a delivery is due. Indexed over the webhooks of all tasks; its name is that of the first version, which stored retries only.
    /// </summary>
    public const string DueAt = "retryAt";

    private const string Id = "id";
    private const string Version = "version";
    private const string Config = "config";
    private const string ExpireAt = "expireAt";
    private const string Delivered = "delivered";
    private const string Holder = "holder";
    private const string FailingSince = "failingSince";
    private const string Failures = "failures";
    private const string EndedBecause = "endedBecause";
    private const string TraceParent = "traceParent";
    private const string Attempts = "attempts";

    /// <summary>The fields that sweeps read of a webhook that is due.</summary>
    public static string[] FieldsOfDue { get; } = [Schema.Field, Id, DueAt, TraceParent];

    public static CollectionReference CollectionOf(DocumentReference task) => task.Collection(Collection);

    public static DocumentReference Of(DocumentReference task, string webhookId) => CollectionOf(task).Document(DocumentIds.Of(webhookId));

    /// <summary>A new webhook.</summary>
    /// <param name="webhook">The webhook.</param>
    /// <param name="delivered">The number of the last event that it need not be told of; null to begin with the task as it stands.</param>
    /// <param name="dueAt">When its delivery is due; null where an event requests it.</param>
    /// <param name="shard">The task's shard.</param>
    /// <param name="keepUntil">Until when it is retained.</param>
    public static Dictionary<string, object> New(Webhook webhook, long? delivered, DateTimeOffset? dueAt, Shard shard, Timestamp keepUntil)
    {
        var fields = new Dictionary<string, object>
        {
            [Schema.Field] = Schema.Version,
            [Id] = webhook.Id,
            [Version] = webhook.Version == ProtocolVersion.V0_3 ? "0.3" : "1.0",
            [Config] = Blob.CopyFrom(ProtocolJson.Write(webhook.Config)),
            [ExpireAt] = keepUntil,
        };
        if (delivered is { } seq)
            fields[Delivered] = seq;
        if (dueAt is { } due)
            fields[DueAt] = shard.At(due);
        if (webhook.TraceParent is { } trace)
            fields[TraceParent] = trace;
        return fields;
    }

    /// <summary>What changes with a step of a delivery.</summary>
    public static Dictionary<string, object> Changed(DeliveryState delivery, Shard shard)
    {
        var fields = new Dictionary<string, object>
        {
            [Delivered] = OrDelete(delivery.Delivered),
            [Holder] = OrDelete(delivery.Holder),
            [FailingSince] = OrDelete(delivery.FailingSince),
            [DueAt] = OrDelete(delivery.DueAt is { } due ? shard.At(due) : null),
            [Failures] = (long)delivery.Failures,
            [EndedBecause] = OrDelete(delivery.EndedBecause),
            [TraceParent] = OrDelete(delivery.TraceParent),
            [Attempts] = OrDelete(delivery.Attempts.Count == 0 ? null : Blob.CopyFrom(AttemptsJson.Write(delivery.Attempts).ToArray())),
        };
        // As long as the task, which may live longer than was known when the webhook was made.
        if (delivery.KeepUntil is { } until)
            fields[ExpireAt] = TaskDocument.ToTimestamp(until);
        return fields;
    }

    public static Webhook Read(string taskId, DocumentSnapshot document) => new(
        taskId,
        document.GetValue<string>(Id),
        ProtocolJson.Read<TaskPushNotificationConfig>(document.GetValue<Blob>(Config).ByteString.Memory),
        document.GetValue<string>(Version) == "0.3" ? ProtocolVersion.V0_3 : ProtocolVersion.V1_0);

    /// <summary>The request for the delivery of a webhook that is due; null for a document that is damaged or of another version.</summary>
    public static DeliveryRequest? ReadDue(DocumentSnapshot document) =>
        Schema.IsOurs(document) && document.TryGetValue<object>(Id, out var id) && id is string webhookId
            ? new(document.Reference.Parent.Parent.Id, Seq: 0, webhookId) { TraceParent = TraceParentOf(document) }
            : null;

    public static DeliveryState ReadDelivery(string taskId, DocumentSnapshot document) => new()
    {
        Webhook = Read(taskId, document),
        Delivered = document.TryGetValue<long>(Delivered, out var delivered) ? delivered : null,
        Holder = document.TryGetValue<string>(Holder, out var holder) ? holder : null,
        FailingSince = MomentOf(document, FailingSince),
        DueAt = document.ContainsField(DueAt) ? Shard.Read(document, DueAt) : null,
        Failures = document.TryGetValue<long>(Failures, out var failures) ? (int)failures : 0,
        EndedBecause = document.TryGetValue<string>(EndedBecause, out var ended) ? ended : null,
        TraceParent = TraceParentOf(document),
        Attempts = document.TryGetValue<Blob>(Attempts, out var attempts)
            ? AttemptsJson.Read(attempts.ByteString.Memory)
            : DeliveryAttempts.None,
        Revision = RevisionOf(document.UpdateTime!.Value),
    };

    /// <summary>Firestore's times of updates are whole microseconds, which a moment holds.</summary>
    public static string RevisionOf(Timestamp updatedAt) => updatedAt.ToDateTimeOffset().UtcTicks.ToString(CultureInfo.InvariantCulture);

    public static Timestamp UpdatedAt(string revision) =>
        TaskDocument.ToTimestamp(new DateTimeOffset(long.Parse(revision, CultureInfo.InvariantCulture), TimeSpan.Zero));

    private static string? TraceParentOf(DocumentSnapshot document) =>
        document.TryGetValue<string>(TraceParent, out var trace) ? trace : null;

    private static DateTimeOffset? MomentOf(DocumentSnapshot document, string field) =>
        document.TryGetValue<Timestamp>(field, out var moment) ? moment.ToDateTimeOffset() : null;

    private static object OrDelete(object? value) => value switch
    {
        null => FieldValue.Delete,
        DateTimeOffset moment => TaskDocument.ToTimestamp(moment),
        _ => value,
    };
}
