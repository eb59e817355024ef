using Npgsql;
using ServerlessA2A.Settings;

namespace ServerlessA2A.PostgreSql;

/// <summary>Which PostgreSQL database keeps tasks, and how it is reached: the section <c>A2A:PostgreSql</c>.</summary>
public sealed class PostgreSqlOptions
{
    /// <summary>
    /// Npgsql's connection string, such as <c>Host=10.0.0.5;Database=a2a;Username=a2a</c>. Set either this or <see cref="Host"/>;
    /// <see cref="User"/> and <see cref="Password"/> replace what it says. Default: none.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>The server's address, or the folder of its Unix socket. Default: that of <see cref="ConnectionString"/>.</summary>
    public string? Host { get; set; }

    /// <summary>The server's port, with <see cref="Host"/>. Default: 5432.</summary>
    public int Port { get; set; } = 5432;

    /// <summary>The database, with <see cref="Host"/>. Default: <c>a2a</c>.</summary>
    public string Database { get; set; } = "a2a";

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
    /// How the connection is encrypted, with <see cref="Host"/>: <c>Disable</c>, <c>Prefer</c>, <c>Require</c>, <c>VerifyCA</c> or
    /// <c>VerifyFull</c>. The last two check the server's certificate. Default: <c>Prefer</c> for a server on this machine, <c>Require</c>
    /// for any other.
    /// </summary>
    public SslMode? TlsMode { get; set; }

    /// <summary>
    /// The file with the certificate (PEM) of the authority that signed the server's, for <c>VerifyCA</c> and <c>VerifyFull</c>. Default:
    /// the system's authorities.
    /// </summary>
    public string? RootCertificate { get; set; }

    /// <summary>
    /// The most connections of one instance, besides the one that listens for changes. Keep it small: the server's limit is shared by all
    /// instances. Default: 10.
    /// </summary>
    public int MaxPoolSize { get; set; } = 10;

    /// <summary>
    /// The schema that holds the tables: lower-case letters, digits and underscores. Programs with different schemas share a database
    /// without seeing each other's tasks. Default: <c>a2a</c>.
    /// </summary>
    public string Schema { get; set; } = "a2a";

    /// <summary>
    /// Other database users whose programs use the tables: <c>--migrate</c> grants them the rights. Default: none.
    /// </summary>
    public IList<string> GrantTo { get; } = [];

    /// <summary>How long a call to the database may take, with all its tries. Default: 10 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The faults of the settings: each message names the setting, the value found and the remedy.</summary>
    public IEnumerable<string> Validate()
    {
        var hasHost = !string.IsNullOrWhiteSpace(Host);
        if (string.IsNullOrWhiteSpace(ConnectionString) == !hasHost)
        {
            yield return hasHost
                ? $"{SettingFault.Name("A2A:PostgreSql:ConnectionString")} and {SettingFault.Name("A2A:PostgreSql:Host")} are both set: " +
                    "set one of them."
                : $"{SettingFault.Name("A2A:PostgreSql:ConnectionString")} is not set, " +
                    $"nor is {SettingFault.Name("A2A:PostgreSql:Host")}: set one of them.";
        }
        else if (ConnectionFault() is { } fault)
        {
            yield return $"{SettingFault.Name("A2A:PostgreSql:ConnectionString")} cannot be read: {fault} Set one such as " +
                "Host=10.0.0.5;Database=a2a;Username=a2a.";
        }

        if (hasHost && string.IsNullOrWhiteSpace(Database))
            yield return SettingFault.Of("A2A:PostgreSql:Database", Database, "set the name of a database, such as a2a.");
        if (hasHost && string.IsNullOrWhiteSpace(User))
            yield return SettingFault.NotSet("A2A:PostgreSql:User", "set the database user.");
        if (Port is < 1 or > 65535)
            yield return SettingFault.Of("A2A:PostgreSql:Port", Port, "set a number from 1 to 65535.");
        if (IamLogin && !string.IsNullOrEmpty(Password))
        {
            yield return $"{SettingFault.Name("A2A:PostgreSql:IamLogin")} is true " +
                $"and {SettingFault.Name("A2A:PostgreSql:Password")} is set: set one of them.";
        }

        if (TlsMode is { } mode && !Enum.IsDefined(mode))
            yield return SettingFault.Of("A2A:PostgreSql:TlsMode", mode, "set Disable, Prefer, Require, VerifyCA or VerifyFull.");
        if (!string.IsNullOrWhiteSpace(RootCertificate) && !File.Exists(RootCertificate))
            yield return SettingFault.Of("A2A:PostgreSql:RootCertificate", RootCertificate, "no such file. Set the path of a PEM file.");
        if (MaxPoolSize < 1)
            yield return SettingFault.Of("A2A:PostgreSql:MaxPoolSize", MaxPoolSize, "set at least 1.");
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

        if (RequestTimeout <= TimeSpan.Zero)
            yield return SettingFault.Of("A2A:PostgreSql:RequestTimeout", RequestTimeout, "set a time above 0.");
    }

    /// <summary>Npgsql's settings, with defaults for many small instances where the connection string says nothing else.</summary>
    internal NpgsqlConnectionStringBuilder ToConnection()
    {
        var connection = new NpgsqlConnectionStringBuilder(ConnectionString ?? "");
        if (string.IsNullOrWhiteSpace(ConnectionString))
        {
            (connection.Host, connection.Port, connection.Database) = (Host, Port, Database);
            connection.SslMode = TlsMode ?? (IsLocal(Host!) ? SslMode.Prefer : SslMode.Require);
        }
        else if (TlsMode is { } mode)
        {
            connection.SslMode = mode;
        }

        if (!string.IsNullOrEmpty(User))
            connection.Username = User;
        if (!string.IsNullOrEmpty(Password))
            connection.Password = Password;
        if (!string.IsNullOrWhiteSpace(RootCertificate))
            connection.RootCertificate = RootCertificate;
        if (!IsSaid(connection, "Maximum Pool Size"))
            connection.MaxPoolSize = MaxPoolSize;
        if (!IsSaid(connection, "Max Auto Prepare"))
            connection.MaxAutoPrepare = 64;
        if (!IsSaid(connection, "Auto Prepare Min Usages"))
            connection.AutoPrepareMinUsages = 2;
        if (!IsSaid(connection, "Application Name"))
            connection.ApplicationName = "ServerlessA2A";
        // No statement changes the state of a session, so there is nothing to reset.
        connection.NoResetOnClose = true;
        // A call ends by its own limit (RequestTimeout): it counts all tries, the waits for a connection among them.
        var limit = Math.Max(1, (int)Math.Ceiling(RequestTimeout.TotalSeconds));
        connection.CommandTimeout = connection.Timeout = Math.Min(limit, 1024);
        return connection;
    }

    private static bool IsSaid(NpgsqlConnectionStringBuilder connection, string keyword) =>
        connection.ContainsKey(keyword) && connection.ShouldSerialize(keyword);

    private static bool IsLocal(string host) => host.StartsWith('/') || host is "localhost" or "127.0.0.1" or "::1";

    private string? ConnectionFault()
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(ConnectionString ?? "") is var connection &&
                string.IsNullOrWhiteSpace(ConnectionString) || !string.IsNullOrWhiteSpace(connection.Host)
                ? null
                : "It names no Host.";
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException or OverflowException)
        {
            return malformed.Message;
        }
    }
}
