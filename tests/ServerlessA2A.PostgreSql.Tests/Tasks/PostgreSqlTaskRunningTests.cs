using ServerlessA2A.PostgreSql.Tests.Queues;
using ServerlessA2A.PostgreSql.Tests.Servers;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Conformance;
using ServerlessA2A.Tests.Conformance.Running;

namespace ServerlessA2A.PostgreSql.Tests.Tasks;

public sealed class PostgreSqlTaskRunningTests : TaskRunningConformance
{
    private TestDatabase _database = null!;

    protected override async Task<ITaskStore> CreateStoreAsync(TimeProvider time) =>
        (_database = await TestDatabase.CreateAsync()).Store(time);

    protected override Task<ITakingQueue> CreateQueueAsync() => Task.FromResult<ITakingQueue>(new TestQueue(_database));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await (_database?.DisposeAsync() ?? default);
    }
}
