using Npgsql;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.PostgreSql.Connections;

/// <summary>
/// The database: connections to it, and calls within a limit of time. A call that fails for now is tried again: a statement whose answer
/// was lost may have taken effect, and each is made so that the second try does no harm.
/// </summary>
internal sealed class Database : IAsyncDisposable
{
    private const int Tries = 6;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(40);

    /// <summary>How long a version that was checked counts: a database that is migrated meanwhile is noticed by then.</summary>
    private static readonly TimeSpan VersionRecheck = TimeSpan.FromMinutes(1);

    private readonly NpgsqlConnectionStringBuilder _connection;
    private readonly Lazy<NpgsqlDataSource> _pool;
    private readonly Lazy<NpgsqlDataSource> _unpooled;
    private readonly TimeSpan _limit;
    private readonly PostgreSqlPasswordSource? _password;
    private long _versionHoldsUntil;

    /// <param name="options">The settings, which are valid.</param>
    /// <param name="password">Fetches the password; null for that of the settings.</param>
    public Database(PostgreSqlOptions options, PostgreSqlPasswordSource? password = null)
    {
        (Channel, Schema, _password) = (options.Schema, $"\"{options.Schema}\"", password);
        _connection = options.ToConnection();
        _limit = TimeSpan.FromSeconds(_connection.CommandTimeout);
        Name = $"{_connection.Database} on {_connection.Host}";
        Grantees = [.. options.GrantTo];
        _pool = new(() => Build(_connection));
        _unpooled = new(
            () => Build(new NpgsqlConnectionStringBuilder(_connection.ConnectionString) { Pooling = false, MaxAutoPrepare = 0 }));
    }

    /// <summary>The channel of notifications, which has the name of the schema.</summary>
    public string Channel { get; }

    /// <summary>The schema that holds the tables, in quotes.</summary>
    public string Schema { get; }

    /// <summary>The database and its server, for messages.</summary>
    public string Name { get; }

    /// <summary>The database's name.</summary>
    public string DatabaseName => _connection.Database ?? "";

    /// <summary>The user who logs in.</summary>
    public string User => _connection.Username ?? "";

    /// <summary>The users that a migration grants the use of the tables.</summary>
    public IReadOnlyList<string> Grantees { get; }

    /// <summary>A name of a database or user as an SQL identifier.</summary>
    public static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A connection outside the pool, which the caller disposes of. The version of its schema is not checked.</summary>
    public async ValueTask<NpgsqlConnection> OpenUnpooledAsync(CancellationToken cancellationToken) =>
        await _unpooled.Value.OpenConnectionAsync(cancellationToken);

    /// <summary>Creates the database of the settings, which is not there.</summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        // Every server has this one.
        await using var source = Build(
            new NpgsqlConnectionStringBuilder(_connection.ConnectionString) { Database = "postgres", Pooling = false, MaxAutoPrepare = 0 });
        await using var create = source.CreateCommand(
            $"create database {Quoted(DatabaseName)}");
        try
        {
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exists) when (
            exists.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another migration was faster.
        }
    }

    /// <summary>A batch of statements in one round trip, as a call.</summary>
    /// <param name="what">What the call does, for messages.</param>
    /// <param name="call">Uses the connection; called anew for each try.</param>
    /// <param name="cancellationToken">Ends the wait; a statement may have taken effect.</param>
    /// <exception cref="TaskStoreException">It failed, for good or for now. It may have taken effect where it is transient.</exception>
    public async Task<T> CallAsync<T>(
        string what, Func<NpgsqlConnection, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(_limit);
        for (var (tried, delay) = (1, FirstDelay); ; tried++, delay *= 2.5)
        {
            try
            {
                await using var connection = await _pool.Value.OpenConnectionAsync(limited.Token);
                await CheckVersionAsync(connection, limited.Token);
                DatabaseMetrics.Sent();
                return await call(connection, limited.Token);
            }
            catch (Exception stopped) when (
                limited.IsCancellationRequested && stopped is OperationCanceledException or NpgsqlException or TimeoutException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new TaskStoreException(
                    $"PostgreSQL did not {what} within {_limit.TotalSeconds:0.###} s.", isTransient: true, stopped);
            }
            catch (Exception failure) when (
                failure is NpgsqlException or IOException or TimeoutException or System.Net.Sockets.SocketException)
            {
                if (tried == Tries || !DatabaseFaults.IsWorthRetrying(failure))
                    throw DatabaseFaults.ToException(what, this, failure);
                // A connection that broke is seldom alone.
                if (DatabaseFaults.IsBroken(failure))
                    _pool.Value.Clear();
            }

            // Real time, not the protocol's: that of a network that recovers.
            await Task.Delay(delay * (0.5 + Random.Shared.NextDouble()), limited.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_pool.IsValueCreated)
            await _pool.Value.DisposeAsync();
        if (_unpooled.IsValueCreated)
            await _unpooled.Value.DisposeAsync();
    }

    /// <summary>Refuses a database of another version.</summary>
    private async Task CheckVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _versionHoldsUntil) > Environment.TickCount64)
            return;
        await using var command = new NpgsqlCommand($"select version from {Schema}.schema_version", connection);
        var found = await command.ExecuteScalarAsync(cancellationToken) as int?;
        if (found != SchemaVersion.Current)
            throw new TaskStoreException(
                found is { } version ? SchemaVersion.Other(this, version) : SchemaVersion.Missing(this), isTransient: false);
        Volatile.Write(ref _versionHoldsUntil, Environment.TickCount64 + (long)VersionRecheck.TotalMilliseconds);
    }

    private NpgsqlDataSource Build(NpgsqlConnectionStringBuilder connection)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(connection.ConnectionString);
        builder.EnableTransportSecurity();
        builder.EnableArrays();
        // For each connection, not periodically: a token that the credentials have cached may expire within minutes, and between requests
        // Cloud Run stops timers.
        if (_password is not null)
            builder.UsePasswordProvider(
                _ => throw new NotSupportedException("Connections open asynchronously."),
                (_, cancellationToken) => FetchPasswordAsync(_password, cancellationToken));
        return builder.Build();
    }

    private async ValueTask<string> FetchPasswordAsync(PostgreSqlPasswordSource source, CancellationToken cancellationToken)
    {
        try
        {
            return await source(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw new PasswordException($"No password for {User} in {Name}: {failure.Message}", failure);
        }
    }
}
