using ServerlessA2A.PostgreSql.Tests.Servers;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tests.Conformance.Webhooks;

namespace ServerlessA2A.PostgreSql.Tests.Tasks;

public sealed class PostgreSqlWebhookStoreTests : WebhookStoreConformance
{
    private TestDatabase? _database;

    protected override async Task<ITaskStore> CreateStoreAsync(TimeProvider time) =>
        (_database = await TestDatabase.CreateAsync()).Store(time);

    public override async Task DisposeAsync() => await (_database?.DisposeAsync() ?? default);
}
