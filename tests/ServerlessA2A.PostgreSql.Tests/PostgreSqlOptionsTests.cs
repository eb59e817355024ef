using Npgsql;

namespace ServerlessA2A.PostgreSql.Tests;

public class PostgreSqlOptionsTests
{
    [Theory]
    [InlineData("127.0.0.1", SslMode.Prefer)]
    [InlineData("/run/postgresql", SslMode.Prefer)]
    [InlineData("10.0.0.5", SslMode.Require)]
    public void AServerElsewhereIsReachedOverTlsOnly(string host, SslMode expected) =>
        Assert.Equal(expected, new PostgreSqlOptions { Host = host, User = "a2a" }.ToConnection().SslMode);

    [Fact]
    public void SettingsCompleteAConnectionStringAndItsOwnWordsStand()
    {
        var connection = new PostgreSqlOptions
        {
            ConnectionString = "Host=h;Database=d;Username=u;Maximum Pool Size=3;Max Auto Prepare=0",
            User = "other",
            Password = "secret",
        }.ToConnection();
        Assert.Equal(
            ("h", "d", "other", "secret", 3, 0),
            (connection.Host, connection.Database, connection.Username, connection.Password, connection.MaxPoolSize,
            connection.MaxAutoPrepare));
    }

    [Fact]
    public void ManySmallInstancesShareTheServersConnections()
    {
        var connection = new PostgreSqlOptions { Host = "h", User = "u" }.ToConnection();
        Assert.Equal((10, 64, "a2a", 5432), (connection.MaxPoolSize, connection.MaxAutoPrepare, connection.Database, connection.Port));
    }

    [Theory]
    [InlineData("is not set, nor is", null, null)]
    [InlineData("are both set", "Host=h", "h")]
    [InlineData("cannot be read", "Hots=h", null)]
    [InlineData("It names no Host", "Database=d", null)]
    public void WhatNamesNoServerIsAFault(string said, string? connectionString, string? host) =>
        Assert.Contains(
            said, Assert.Single(new PostgreSqlOptions { ConnectionString = connectionString, Host = host, User = "u" }.Validate()),
            StringComparison.Ordinal);
}
