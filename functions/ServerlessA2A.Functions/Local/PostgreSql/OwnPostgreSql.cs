using Microsoft.Extensions.Configuration;

namespace ServerlessA2A.Functions.Local.PostgreSql;

/// <summary>The PostgreSQL of <c>--postgres</c>.</summary>
internal static class OwnPostgreSql
{
    /// <summary>
    /// Starts a server that ends with this process and points the settings to it; null where they name one that runs already.
    /// </summary>
    /// <exception cref="StartFaultException">PostgreSQL is not installed.</exception>
    public static async Task<PostgreSqlProcess?> StartAsync(ConfigurationManager configuration)
    {
        const string Connection = "A2A:PostgreSql:ConnectionString";
        PostgreSqlProcess? server = null;
        if (string.IsNullOrWhiteSpace(configuration[Connection]))
        {
            server = PostgreSqlProcess.Find(out var missing) is { } bin
                ? await PostgreSqlProcess.StartAsync(bin)
                : throw new StartFaultException($"--postgres: {missing}");
            configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>(Connection, server.ConnectionString())]);
        }

        configuration.AddInMemoryCollection([KeyValuePair.Create<string, string?>("A2A:Tasks:Store", "PostgreSql")]);
        return server;
    }
}
