using ServerlessA2A.PostgreSql.Connections;
using ServerlessA2A.PostgreSql.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Telemetry;
using static ServerlessA2A.PostgreSql.Connections.Parameters;

namespace ServerlessA2A.PostgreSql.Queues;

/// <summary>The queue of runs in the table <c>runs</c>.</summary>
internal sealed class PostgreSqlTaskQueue(Database database, Changes changes) : ITaskQueue
{
    /// <summary>The table.</summary>
    public QueueTable<RunRequest> Table { get; } = new(
        database, changes, "runs", ["task_id", "access_token", "trace_parent"], row =>
        new RunRequest(row.GetEscaped(0)) { AccessToken = row.GetTextOrNull(1), TraceParent = row.GetTextOrNull(2) });

    /// <inheritdoc/>
    public ValueTask PublishRunAsync(RunRequest request, CancellationToken cancellationToken) =>
        Table.PublishAsync(
            $"the run of task {request.TaskId}",
            [Text(request.TaskId), Text(request.AccessToken), Text(EngineSpans.TraceParent ?? request.TraceParent)], cancellationToken);
}
