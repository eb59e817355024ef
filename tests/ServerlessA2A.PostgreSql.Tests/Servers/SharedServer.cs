using ServerlessA2A.Functions.Local.PostgreSql;

namespace ServerlessA2A.PostgreSql.Tests.Servers;

/// <summary>One PostgreSQL for the whole run, started by the first test that needs it.</summary>
internal static class SharedServer
{
    private static readonly Lazy<Task<PostgreSqlProcess>> Started = new(StartAsync);

    /// <summary>The server. Without the programs the test is skipped, and fails where REQUIRE_EMULATORS is 1.</summary>
    public static Task<PostgreSqlProcess> GetAsync() => Started.Value;

    /// <summary>A server of the caller's own, to restart.</summary>
    public static async Task<PostgreSqlProcess> StartAsync()
    {
        if (PostgreSqlProcess.Find(out var missing) is not { } bin)
        {
            if (Environment.GetEnvironmentVariable("REQUIRE_EMULATORS") == "1")
                throw new InvalidOperationException($"REQUIRE_EMULATORS is 1. {missing}");
            throw new SkipException(missing);
        }

        var process = await PostgreSqlProcess.StartAsync(bin);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => process.DisposeAsync().AsTask().Wait();
        return process;
    }
}
