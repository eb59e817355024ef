using Npgsql;
using ServerlessA2A.PostgreSql.Connections;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.PostgreSql.Tests.Servers;

/// <summary>Passwords that are fetched, such as the access tokens of IAM login.</summary>
public sealed class PasswordSourceTests : IAsyncLifetime
{
    private TestDatabase _test = null!;

    public async Task InitializeAsync() => _test = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await (_test?.DisposeAsync() ?? default);

    [SkippableFact]
    public async Task EachConnectionLogsInWithThePasswordOfTheMoment()
    {
        var (password, fetched) = ("expired", 0);
        await using var database = Connect(() =>
        {
            fetched++;
            return password;
        });
        var fault = await Assert.ThrowsAsync<TaskStoreException>(() => PidAsync(database));
        Assert.Contains("A2A:PostgreSql:IamLogin", fault.Message, StringComparison.Ordinal);
        Assert.True(fault.IsTransient);

        password = _test.Server.Password;

        var first = await PidAsync(database);
        Assert.Equal(first, await PidAsync(database));
        Assert.Equal(2, fetched);
        await using var unpooled = await database.OpenUnpooledAsync(default);
        Assert.Equal(3, fetched);
    }

    [SkippableFact]
    public async Task AFailureToFetchOneIsReportedAndLeavesOpenConnectionsAlone()
    {
        var isBroken = false;
        await using var database = Connect(() =>
            isBroken ? throw new InvalidOperationException("No Google credentials.") : _test.Server.Password);
        var open = await PidAsync(database);
        isBroken = true;

        var fault = await database.CallAsync("read a task", async (_, _) =>
            // A second connection while the first one is in use.
            await Assert.ThrowsAsync<TaskStoreException>(() => PidAsync(database)), default);

        Assert.Equal(
            "PostgreSQL could not read the pid. No password for a2a in postgres on 127.0.0.1: No Google credentials.", fault.Message);
        Assert.True(fault.IsTransient);
        Assert.Equal(open, await PidAsync(database));
    }

    private Database Connect(Func<string> password)
    {
        var connection = new NpgsqlConnectionStringBuilder(_test.Server.ConnectionString()) { Password = null, CommandTimeout = 60 };
        var options = new PostgreSqlOptions { ConnectionString = connection.ConnectionString, Schema = _test.Schema, IamLogin = true };
        return new Database(options, _ => ValueTask.FromResult(password()));
    }

    private static Task<int> PidAsync(Database database) => database.CallAsync("read the pid", (connection, _) =>
        Task.FromResult(connection.ProcessID), default);
}
