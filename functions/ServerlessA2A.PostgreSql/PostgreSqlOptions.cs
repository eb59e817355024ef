using Npgsql;
using ServerlessA2A.Settings;

namespace ServerlessA2A.PostgreSql;

/// <summary>Which PostgreSQL database keeps tasks, and how it is reached: the section <c>A2A:PostgreSql</c>.</summary>
public sealed class PostgreSqlOptions
{
    /// <summary>
    /// Npgsql's connection string, such as <c>Host=10.0.0.5;Database=a2a;Username=a2a</c>. Defaults for keywords that it omits:
    /// <c>Database=a2a</c>, <c>Maximum Pool Size=10</c> (the connections of one instance; the server's limit is shared by all instances),
    /// <c>Command Timeout=10</c> (the seconds of one call with all its tries), and <c>SSL Mode=Require</c> for servers that are not on this
    /// machine. <see cref="User"/> and <see cref="Password"/> override those in it.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// The database user. For IAM login on AlloyDB: the service account's e-mail address without <c>.gserviceaccount.com</c>.
    /// </summary>
    public string? User { get; set; }

    /// <summary>The user's password; keep it in a secret. Default: none.</summary>
    public string? Password { get; set; }

    /// <summary>
    /// Whether the password is an OAuth access token of the program's Google account, fetched for each new connection (AlloyDB and Cloud
    /// SQL with IAM authentication). Default: false.
    /// </summary>
    public bool IamLogin { get; set; }

    /// <summary>
    /// The schema that holds the tables: lower-case letters, digits and underscores. Programs with different schemas share a database
    /// without seeing each other's tasks. Default: <c>a2a</c>.
    /// </summary>
    public string Schema { get; set; } = "a2a";

    /// <summary>
    /// Other database users whose programs use the tables: <c>--migrate</c> grants them the rights. Default: none.
    /// </summary>
    public IList<string> GrantTo { get; } = [];

    /// <summary>The faults of the settings: each message names the setting, the value found and the remedy.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(ConnectionString))
        {
            yield return SettingFault.NotSet("A2A:PostgreSql:ConnectionString", "set one such as Host=10.0.0.5;Database=a2a;Username=a2a.");
        }
        else if (ConnectionFault(ConnectionString) is { } fault)
        {
            yield return $"{SettingFault.Name("A2A:PostgreSql:ConnectionString")} cannot be used: {fault} Set one such as " +
                "Host=10.0.0.5;Database=a2a;Username=a2a.";
        }

        if (IamLogin && !string.IsNullOrEmpty(Password))
        {
            yield return $"{SettingFault.Name("A2A:PostgreSql:IamLogin")} is true " +
                $"and {SettingFault.Name("A2A:PostgreSql:Password")} is set: set one of them.";
        }

        if (Schema.Length is 0 or > 50 ||
            Schema.Any(letter => !(char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_')))
        {
            yield return SettingFault.Of(
                "A2A:PostgreSql:Schema", Schema, "set 1 to 50 lower-case letters, digits and underscores, such as a2a.");
        }

        for (var i = 0; i < GrantTo.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(GrantTo[i]))
                yield return SettingFault.Of($"A2A:PostgreSql:GrantTo:{i}", GrantTo[i], "set the name of a database user, or remove it.");
        }
    }

    /// <summary>Npgsql's settings, with defaults for many small instances where the connection string says nothing else.</summary>
    internal NpgsqlConnectionStringBuilder ToConnection()
    {
        var connection = new NpgsqlConnectionStringBuilder(ConnectionString);
        if (!string.IsNullOrEmpty(User))
            connection.Username = User;
        if (!string.IsNullOrEmpty(Password))
            connection.Password = Password;
        if (!IsSaid(connection, "Database"))
            connection.Database = "a2a";
        if (!IsSaid(connection, "SSL Mode") && !IsLocal(connection.Host!))
            connection.SslMode = SslMode.Require;
        if (!IsSaid(connection, "Maximum Pool Size"))
            connection.MaxPoolSize = 10;
        if (!IsSaid(connection, "Command Timeout"))
            connection.CommandTimeout = 10;
        if (!IsSaid(connection, "Max Auto Prepare"))
            connection.MaxAutoPrepare = 64;
        if (!IsSaid(connection, "Auto Prepare Min Usages"))
            connection.AutoPrepareMinUsages = 2;
        if (!IsSaid(connection, "Application Name"))
            connection.ApplicationName = "ServerlessA2A";
        // No statement changes the state of a session, so there is nothing to reset.
        connection.NoResetOnClose = true;
        // A call ends by its own limit, which counts all tries, the waits for a connection among them.
        connection.Timeout = connection.CommandTimeout;
        return connection;
    }

    private static bool IsSaid(NpgsqlConnectionStringBuilder connection, string keyword) =>
        connection.ContainsKey(keyword) && connection.ShouldSerialize(keyword);

    private static bool IsLocal(string host) => host.StartsWith('/') || host is "localhost" or "127.0.0.1" or "::1";

    private static string? ConnectionFault(string text)
    {
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(text);
            if (string.IsNullOrWhiteSpace(connection.Host))
                return "It names no Host.";
            if (IsSaid(connection, "Command Timeout") && connection.CommandTimeout is < 1 or > 1024)
                return $"Its Command Timeout is {connection.CommandTimeout}: a call takes 1 to 1024 seconds.";
            return connection.RootCertificate is { Length: > 0 } file && !File.Exists(file) ? $"Its Root Certificate {file} does not exist."
                : null;
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException or OverflowException)
        {
            return malformed.Message;
        }
    }
}
