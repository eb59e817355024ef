using Npgsql;
using ServerlessA2A.PostgreSql.Connections;
using ServerlessA2A.Protocol;
using ServerlessA2A.Protocol.PushNotifications;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tasks.Stored;
using ServerlessA2A.Webhooks;
using ServerlessA2A.Webhooks.Delivery;

namespace ServerlessA2A.PostgreSql.Tasks;

/// <summary>Rows of the tables <c>tasks</c>, <c>log</c> and <c>webhooks</c> as the engine's records.</summary>
internal static class TaskRow
{
    /// <summary>
    /// The state of a COMPLETED task that was answered with a message (<see cref="TaskSnapshot.IsReplied"/>): lists pass over it.
    /// </summary>
    private const string Replied = "REPLIED";

    public static string StateOf(TaskSnapshot task) => task.IsReplied ? Replied : TaskStateNames.ToName(task.State);

    public static bool IsTerminalOrInterrupted(string state) =>
        state == Replied || (TaskStateNames.TryParse(state, out var known) && known.IsTerminalOrInterrupted());

    /// <summary>The snapshot of a row with the columns of <see cref="TaskStatements.Read"/>.</summary>
    public static TaskSnapshot ReadSnapshot(NpgsqlDataReader row) => Undamaged(row.GetString(0), () =>
    {
        var first = StoredTask.ReadEntry(1, row.GetMoment(7), row.GetFieldValue<byte[]>(8));
        var lease = row.IsDBNull(11) ? null : new Lease(row.GetEscaped(11), row.GetMoment(12), row.GetInt32(13));
        return StoredTask.ReadSnapshot(row.GetFieldValue<byte[]>(9), first, row.GetEscaped(1), row.GetInt64(6), lease) with
        {
            WebhookIds = row.GetTexts(15),
            AddedMessages = row.GetInt32(10),
            TraceParent = row.GetTextOrNull(14),
        };
    });

    /// <summary>The entry that begins at a column with its first number, followed by its moment and its events.</summary>
    public static LogEntry ReadEntry(string taskId, NpgsqlDataReader row, int column) => Undamaged(taskId, () =>
        StoredTask.ReadEntry(row.GetInt64(column), row.GetMoment(column + 1), row.GetFieldValue<byte[]>(column + 2)));

    public static Column[] ToColumns(Webhook config) =>
        [Parameters.Text(config.Id), Parameters.Text(config.Version == ProtocolVersion.V0_3 ? "0.3" : "1.0"),
            Parameters.Bytes(ProtocolJson.Write(config.Config)), Parameters.Text(config.TraceParent)];

    /// <summary>The webhook of a row that begins with its id, its version of the protocol and its configuration.</summary>
    public static Webhook ReadWebhook(string taskId, NpgsqlDataReader row) => Undamaged(taskId, () => new Webhook(
        taskId,
        row.GetEscaped(0),
        ProtocolJson.Read<TaskPushNotificationConfig>(row.GetFieldValue<byte[]>(2)),
        row.GetString(1) == "0.3" ? ProtocolVersion.V0_3 : ProtocolVersion.V1_0));

    /// <summary>The row of <see cref="TaskStatements.Delivery"/>.</summary>
    public static DeliveryState ReadDelivery(string taskId, NpgsqlDataReader row) => new()
    {
        Webhook = ReadWebhook(taskId, row),
        Delivered = row.GetNumberOrNull(3),
        Holder = row.GetTextOrNull(4),
        DueAt = row.GetMomentOrNull(5),
        FailingSince = row.GetMomentOrNull(6),
        Failures = row.GetInt32(7),
        EndedBecause = row.GetTextOrNull(8),
        Revision = row.GetString(9),
        TraceParent = row.GetTextOrNull(10),
        Attempts = row.IsDBNull(11) ? DeliveryAttempts.None : AttemptsJson.Read(row.GetFieldValue<byte[]>(11)),
    };

    /// <exception cref="TaskStoreException">The row cannot be read, for good.</exception>
    private static T Undamaged<T>(string taskId, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception damage) when (damage is not (NpgsqlException or IOException or OperationCanceledException or OutOfMemoryException))
        {
            throw new TaskStoreException($"Task {taskId} in PostgreSQL cannot be read: {damage.Message}", isTransient: false, damage);
        }
    }
}
