using System.Text;
using Npgsql;
using ServerlessA2A.Functions.Local.PostgreSql;
using ServerlessA2A.PostgreSql.Tests.Servers;

namespace ServerlessA2A.Functions.Tests.Deployed;

/// <summary>The same deployment with tasks and webhooks in PostgreSQL.</summary>
public sealed class PostgreSqlWebhookDeployment : WebhookDeployment
{
    private PostgreSqlProcess? _server;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    internal override async Task<List<string>> StoredAsync()
    {
        var stored = new List<string>();
        await using var source = NpgsqlDataSource.Create(_server!.ConnectionString());
        foreach (var table in await RowsAsync("select tablename from pg_tables where schemaname = 'a2a'"))
            stored.AddRange(await RowsAsync($"select * from a2a.{table}"));
        return stored;

        async Task<List<string>> RowsAsync(string sql)
        {
            await using var command = source.CreateCommand(sql);
            await using var row = await command.ExecuteReaderAsync();
            var rows = new List<string>();
            while (await row.ReadAsync())
            {
                var values = new object[row.FieldCount];
                row.GetValues(values);
                rows.Add(string.Join(' ', values.Select(value => value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : $"{value}")));
            }

            return rows;
        }
    }

    private protected override async Task<Deployment> StartAsync()
    {
        _server = await SharedServer.StartAsync();
        await PostgreSqlStore.MigrateAsync(_server);
        return await StartAsync(store: () => PostgreSqlStore.Settings(_server));
    }
}
