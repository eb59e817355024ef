using Npgsql;

namespace ServerlessA2A.PostgreSql.Tests;

public class PostgreSqlOptionsTests
{
    [Theory]
    [InlineData("127.0.0.1", SslMode.Prefer)]
    [InlineData("/run/postgresql", SslMode.Prefer)]
    [InlineData("10.0.0.5", SslMode.Require)]
    public void AServerElsewhereIsReachedOverTlsOnly(string host, SslMode expected) =>
        Assert.Equal(expected, new PostgreSqlOptions { ConnectionString = $"Host={host}" }.ToConnection().SslMode);

    [Fact]
    public void SettingsCompleteAConnectionStringAndItsOwnWordsStand()
    {
        var connection = new PostgreSqlOptions
        {
            ConnectionString = "Host=h;Database=d;Username=u;Maximum Pool Size=3;Max Auto Prepare=0;SSL Mode=VerifyFull;" +
                "Command Timeout=3",
            User = "other",
            Password = "secret",
        }.ToConnection();
        Assert.Equal(
            ("h", "d", "other", "secret", 3, 0, SslMode.VerifyFull, 3),
            (connection.Host, connection.Database, connection.Username, connection.Password, connection.MaxPoolSize,
                connection.MaxAutoPrepare, connection.SslMode, connection.CommandTimeout));
    }

    [Fact]
    public void ManySmallInstancesShareTheServersConnections()
    {
        var connection = new PostgreSqlOptions { ConnectionString = "Host=h" }.ToConnection();
        Assert.Equal(
            (10, 64, "a2a", 5432, 10),
            (connection.MaxPoolSize, connection.MaxAutoPrepare, connection.Database, connection.Port, connection.CommandTimeout));
    }

    [Theory]
    [InlineData("is not set", null)]
    [InlineData("hots", "Hots=h")]
    [InlineData("It names no Host", "Database=d")]
    [InlineData("Command Timeout is 0", "Host=h;Command Timeout=0")]
    [InlineData("Root Certificate /nowhere.pem does not exist", "Host=h;Root Certificate=/nowhere.pem")]
    public void AConnectionStringThatReachesNoServerIsAFault(string said, string? connectionString) => Assert.Contains(
        said, Assert.Single(new PostgreSqlOptions { ConnectionString = connectionString }.Validate()), StringComparison.OrdinalIgnoreCase);
}
