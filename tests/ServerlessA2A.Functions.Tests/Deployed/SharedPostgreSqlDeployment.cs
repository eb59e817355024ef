using ServerlessA2A.Functions.Local.PostgreSql;
using ServerlessA2A.PostgreSql.Tests.Servers;

namespace ServerlessA2A.Functions.Tests.Deployed;

/// <summary>The same deployment with its tasks in PostgreSQL.</summary>
[CollectionDefinition(nameof(SharedPostgreSqlDeployment))]
public sealed class SharedPostgreSqlDeployment : SharedDeployment, ICollectionFixture<SharedPostgreSqlDeployment>
{
    private PostgreSqlProcess? _server;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private protected override async Task<Deployment> StartAsync()
    {
        _server = await SharedServer.StartAsync();
        await PostgreSqlStore.MigrateAsync(_server);
        return await Deployment.StartAsync(store: () => PostgreSqlStore.Settings(_server));
    }
}
