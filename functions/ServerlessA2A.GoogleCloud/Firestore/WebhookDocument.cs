using System.Globalization;
using Google.Cloud.Firestore;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Tasks;
using ServerlessA2A.Webhooks;

namespace ServerlessA2A.GoogleCloud.Firestore;

/// <summary>The documents <c>tasks/{id}/pushConfigs/{hash of the configuration's id}</c>: the webhook, and how far it was told.</summary>
internal static class WebhookDocument
{
    private const string Id = "id";
    private const string Version = "version";
    private const string Config = "config";
    private const string ExpireAt = "expireAt";
    private const string Delivered = "delivered";
    private const string Holder = "holder";
    private const string HeldUntil = "heldUntil";
    private const string FailingSince = "failingSince";
    private const string RetryAt = "retryAt";
    private const string Failures = "failures";
    private const string Keeper = "keeper";
    private const string EndedBecause = "endedBecause";

    public static CollectionReference CollectionOf(DocumentReference task) => task.Collection("pushConfigs");

    public static DocumentReference Of(DocumentReference task, string webhookId) => CollectionOf(task).Document(DocumentIds.Of(webhookId));

    /// <summary>A new webhook.</summary>
    /// <param name="webhook">The webhook.</param>
    /// <param name="delivered">The number of the last event that it need not be told of; null to begin with the task as it stands.</param>
    /// <param name="keepUntil">When it may be forgotten.</param>
    public static Dictionary<string, object> New(Webhook webhook, long? delivered, Timestamp keepUntil)
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
        return fields;
    }

    /// <summary>What changes with a step of a delivery.</summary>
    public static Dictionary<string, object> Changed(DeliveryState delivery)
    {
        var fields = new Dictionary<string, object>
        {
            [Delivered] = OrDelete(delivery.Delivered),
            [Holder] = OrDelete(delivery.Holder),
            [HeldUntil] = OrDelete(delivery.HeldUntil),
            [FailingSince] = OrDelete(delivery.FailingSince),
            [RetryAt] = OrDelete(delivery.RetryAt),
            [Failures] = (long)delivery.Failures,
            [Keeper] = OrDelete(delivery.Keeper),
            [EndedBecause] = OrDelete(delivery.EndedBecause),
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

    public static DeliveryState ReadDelivery(string taskId, DocumentSnapshot document) => new()
    {
        Webhook = Read(taskId, document),
        Delivered = document.TryGetValue<long>(Delivered, out var delivered) ? delivered : null,
        Holder = document.TryGetValue<string>(Holder, out var holder) ? holder : null,
        HeldUntil = MomentOf(document, HeldUntil),
        FailingSince = MomentOf(document, FailingSince),
        RetryAt = MomentOf(document, RetryAt),
        Failures = document.TryGetValue<long>(Failures, out var failures) ? (int)failures : 0,
        Keeper = document.TryGetValue<long>(Keeper, out var keeper) ? keeper : null,
        EndedBecause = document.TryGetValue<string>(EndedBecause, out var ended) ? ended : null,
        Revision = RevisionOf(document.UpdateTime!.Value),
    };

    /// <summary>Firestore's times of updates are whole microseconds, which a moment holds.</summary>
    public static string RevisionOf(Timestamp updatedAt) => updatedAt.ToDateTimeOffset().UtcTicks.ToString(CultureInfo.InvariantCulture);

    public static Timestamp UpdatedAt(string revision) =>
        TaskDocument.ToTimestamp(new DateTimeOffset(long.Parse(revision, CultureInfo.InvariantCulture), TimeSpan.Zero));

    private static DateTimeOffset? MomentOf(DocumentSnapshot document, string field) =>
        document.TryGetValue<Timestamp>(field, out var moment) ? moment.ToDateTimeOffset() : null;

    private static object OrDelete(object? value) => value switch
    {
        null => FieldValue.Delete,
        DateTimeOffset moment => TaskDocument.ToTimestamp(moment),
        _ => value,
    };
}
