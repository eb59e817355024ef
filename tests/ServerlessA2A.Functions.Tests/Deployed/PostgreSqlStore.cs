using ServerlessA2A.Functions.Local.PostgreSql;
using ServerlessA2A.Functions.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Deployed;

/// <summary>PostgreSQL as the store of deployed functions.</summary>
internal static class PostgreSqlStore
{
    /// <summary>The settings of an instance.</summary>
    /// <param name="server">The server.</param>
    /// <param name="port">Another port, such as a proxy's; 0 for the server's own.</param>
    public static (string Name, string Value)[] Settings(PostgreSqlProcess server, int port = 0) =>
    [
        ("A2A__Tasks__Store", "PostgreSql"),
        ("A2A__PostgreSql__ConnectionString", $"{server.ConnectionString(port)};Command Timeout=30"),
    ];

    /// <summary>Creates the tables as <c>deploy.sh up</c> does: with the program itself.</summary>
    public static async Task MigrateAsync(PostgreSqlProcess server)
    {
        await using var program = RunningProgram.Start(Programs.TestAgent, ["--migrate"], Settings(server));
        Assert.True(await program.ExitAsync() == 0, $"{program}");
    }
}
