using ServerlessA2A.PostgreSql.Queues;
using ServerlessA2A.PostgreSql.Tests.Servers;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Conformance;

namespace ServerlessA2A.PostgreSql.Tests.Queues;

/// <summary>The queue of an instance with the other end, which is another instance.</summary>
internal sealed class TestQueue(TestDatabase database) : ITakingQueue
{
    private readonly PostgreSqlTaskQueue _publisher = new(database.Connect(), database.Changes());
    private readonly PostgreSqlTaskQueue _taker = new(database.Connect(), database.Changes());

    public ValueTask PublishRunAsync(RunRequest request, CancellationToken cancellationToken) =>
        _publisher.PublishRunAsync(request, cancellationToken);

    public async Task<RunRequest> TakeAsync(CancellationToken cancellationToken)
    {
        using var watch = _taker.Table.Watch();
        while (true)
        {
            if (await _taker.Table.TakeAsync(1, cancellationToken) is [var taken])
            {
                await _taker.Table.AcknowledgeAsync(taken, cancellationToken);
                return taken.Message;
            }

            await watch.NextAsync(cancellationToken);
        }
    }
}
