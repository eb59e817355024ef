using ServerlessA2A.PostgreSql.Tests.Servers;
using ServerlessA2A.Tests.Conformance;

namespace ServerlessA2A.PostgreSql.Tests.Queues;

public sealed class PostgreSqlTaskQueueTests : TaskQueueConformance
{
    private TestDatabase? _database;

    protected override async Task<ITakingQueue> CreateQueueAsync() => new TestQueue(_database = await TestDatabase.CreateAsync());

    public override async Task DisposeAsync() => await (_database?.DisposeAsync() ?? default);
}
