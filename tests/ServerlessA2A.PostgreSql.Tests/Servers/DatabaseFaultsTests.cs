using Npgsql;
using ServerlessA2A.PostgreSql.Connections;

namespace ServerlessA2A.PostgreSql.Tests.Servers;

public class DatabaseFaultsTests
{
    [Theory]
    [InlineData(PostgresErrorCodes.ReadOnlySqlTransaction, PostgresErrorCodes.ReadOnlySqlTransaction, true)]
    [InlineData(PostgresErrorCodes.AdminShutdown, PostgresErrorCodes.ReadOnlySqlTransaction, true)]
    [InlineData(PostgresErrorCodes.ReadOnlySqlTransaction, PostgresErrorCodes.UndefinedTable, false)]
    public void ABatchOfWhichSeveralStatementsFailIsRetriedWhereEachWouldBe(string first, string second, bool isTransient)
    {
        var failures = new[] { first, second }.Select(code => new PostgresException("failed", "ERROR", "ERROR", code));
        var failure = new NpgsqlException("Multiple exceptions occurred", new AggregateException(failures));
        var database = new Database(new PostgreSqlOptions { ConnectionString = "Host=localhost" });

        Assert.Equal(isTransient, DatabaseFaults.IsWorthRetrying(failure));
        Assert.Equal(first == PostgresErrorCodes.AdminShutdown, DatabaseFaults.IsBroken(failure));
        var thrown = DatabaseFaults.ToException("append", database, failure);
        Assert.Equal(isTransient, thrown.IsTransient);
        Assert.Contains(isTransient ? first : "--migrate", thrown.Message, StringComparison.Ordinal);
    }
}
