using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ServerlessA2A.PostgreSql.Connections;
using ServerlessA2A.PostgreSql.Tasks;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.PostgreSql.Tests.Servers;

/// <summary>A migrated schema of its own on the shared server, and instances that work with it.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private static int _count;

    private readonly List<IAsyncDisposable> _instances = [];

    private TestDatabase(Functions.Local.PostgreSql.PostgreSqlProcess server) => Server = server;

    public Functions.Local.PostgreSql.PostgreSqlProcess Server { get; }

    public string Schema { get; } = $"test_{Interlocked.Increment(ref _count)}";

    public static async Task<TestDatabase> CreateAsync(Functions.Local.PostgreSql.PostgreSqlProcess? server = null, bool migrated = true)
    {
        var database = new TestDatabase(server ?? await SharedServer.GetAsync());
        if (migrated)
            await Migration.RunAsync(database.Connect(), default);
        return database;
    }

    /// <summary>The connections of an instance.</summary>
    /// <param name="port">Another port, such as a proxy's; 0 for the server's own.</param>
    /// <param name="timeout">How long a call may take.</param>
    /// <param name="pool">The most connections.</param>
    public Database Connect(int port = 0, TimeSpan? timeout = null, int pool = 10)
    {
        var instance = new Database(OptionsOf(port, timeout, pool));
        _instances.Add(instance);
        return instance;
    }

    public PostgreSqlOptions OptionsOf(int port = 0, TimeSpan? timeout = null, int pool = 10) => new()
    {
        ConnectionString =
            $"{Server.ConnectionString(port)};Maximum Pool Size={pool};Command Timeout={timeout?.TotalSeconds ?? 30}",
        Schema = Schema,
    };

    public Changes Changes(Database? database = null, ILogger<Changes>? logger = null)
    {
        var changes = new Changes(database ?? Connect(), logger ?? NullLogger<Changes>.Instance);
        _instances.Add(changes);
        return changes;
    }

    /// <summary>The store of an instance.</summary>
    public PostgreSqlTaskStore Store(TimeProvider time, int port = 0, TimeSpan? timeout = null, ILogger<Changes>? logger = null)
    {
        var database = Connect(port, timeout);
        return new PostgreSqlTaskStore(database, Changes(database, logger), time, TestEngine.NewId);
    }

    /// <summary>Executes a statement as the server's owner; <c>{schema}</c> in it is the schema's name.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="isLong">Whether it may take as long as it likes. Default: 30 seconds.</param>
    public async Task<object?> ExecuteAsync(string sql, bool isLong = false)
    {
        await using var connection = new NpgsqlConnection(Server.ConnectionString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql.Replace("{schema}", Schema, StringComparison.Ordinal), connection);
        if (isLong)
            command.CommandTimeout = 0;
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in Enumerable.Reverse(_instances))
            await instance.DisposeAsync();
        await ExecuteAsync("drop schema if exists {schema} cascade");
    }
}
