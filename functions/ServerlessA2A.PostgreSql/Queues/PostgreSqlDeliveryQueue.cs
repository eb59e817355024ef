using Npgsql;
using ServerlessA2A.PostgreSql.Connections;
using ServerlessA2A.PostgreSql.Tasks;
using ServerlessA2A.Telemetry;
using ServerlessA2A.Webhooks;
using static ServerlessA2A.PostgreSql.Connections.Parameters;

namespace ServerlessA2A.PostgreSql.Queues;

/// <summary>
/// The queue of notifications in the table <c>notifications</c>. What is given up is kept in <c>dead_notifications</c> for 30 days.
/// </summary>
internal sealed class PostgreSqlDeliveryQueue(Database database, Changes changes) : IDeliveryQueue
{
    /// <summary>The table.</summary>
    public QueueTable<DeliveryRequest> Table { get; } = new(
        database, changes, "notifications", ["task_id", "seq", "webhook_id", "trace_parent"], row =>
        new DeliveryRequest(row.GetEscaped(0), row.GetInt64(1), row.GetEscaped(2)) { TraceParent = row.GetTextOrNull(3) });

    /// <inheritdoc/>
    public ValueTask PublishAsync(DeliveryRequest notification, CancellationToken cancellationToken) => Table.PublishAsync(
        $"a notification of task {notification.TaskId}",
        [
            Text(notification.TaskId), Number(notification.Seq), Text(notification.WebhookId),
            Text(EngineSpans.TraceParent ?? notification.TraceParent),
        ],
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask BuryAsync(DeadDelivery notification, CancellationToken cancellationToken) =>
        await database.CallAsync($"store a dead notification of task {notification.TaskId}", async (connection, tried) =>
        {
            var insert =
                $"insert into {database.Schema}.dead_notifications (task_id, delivered, webhook_id, reason) values ($1, $2, $3, $4)";
            await using var command = new NpgsqlCommand(insert, connection).With(
                Text(notification.TaskId), Number(notification.After), Text(notification.WebhookId), Text(notification.Reason));
            return await command.ExecuteNonQueryAsync(tried);
        }, cancellationToken);
}
