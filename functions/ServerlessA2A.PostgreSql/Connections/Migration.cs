using Npgsql;
using ServerlessA2A.Settings;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.PostgreSql.Connections;

/// <summary>
/// Creates the database and the tables, or brings them to the version of this program: the scripts in <c>Schema/</c> that the database has
/// not seen yet and the rights of the other users, in one transaction. Running it again changes nothing; of two that run at once the second
/// one waits for the first.
/// </summary>
internal static class Migration
{
    /// <returns>The version that was found, 0 for none.</returns>
    /// <exception cref="TaskStoreException">The database cannot be reached, or a newer program has migrated it.</exception>
    public static async Task<int> RunAsync(Database database, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenAsync(database, cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(
                connection, $"select pg_advisory_xact_lock(hashtextextended('ServerlessA2A {database.Schema}', 0))", cancellationToken);
            var found = await ReadVersionAsync(connection, database.Schema, cancellationToken);
            if (found > SchemaVersion.Current)
                throw new TaskStoreException(SchemaVersion.Other(database, found), isTransient: false);
            for (var version = found + 1; version <= SchemaVersion.Current; version++)
                await ExecuteAsync(
                    connection, ScriptOf(version).Replace("{schema}", database.Schema, StringComparison.Ordinal), cancellationToken);
            if (found < SchemaVersion.Current)
                await ExecuteAsync(
                    connection, $"delete from {database.Schema}.schema_version; insert into {database.Schema}.schema_version values " +
                    $"({SchemaVersion.Current})", cancellationToken);
            foreach (var user in database.Grantees)
                await ExecuteAsync(
                    connection, $"grant usage on schema {database.Schema} to {Database.Quoted(user)}; " +
                    $"grant select, insert, update, delete on all tables in schema {database.Schema} to {Database.Quoted(user)}",
                    cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return found;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new TaskStoreException(
                $"PostgreSQL refused to migrate the tables on {database.Name}: {refused.MessageText}. As an administrator of the server " +
                $"create the database {database.DatabaseName}, unless it exists, and run: " +
                $"grant create on database {Database.Quoted(database.DatabaseName)} to {Database.Quoted(database.User)}; " +
                $"If another user owns the schema {database.Schema}, run: grant OWNER to {Database.Quoted(database.User)};",
                isTransient: false, refused);
        }
        catch (PostgresException unknown) when (unknown.SqlState == PostgresErrorCodes.UndefinedObject && database.Grantees.Count > 0)
        {
            throw new TaskStoreException(
                $"PostgreSQL could not migrate the tables on {database.Name}: {unknown.MessageText}. Create that user, or remove it from " +
                $"{SettingFault.ListName("A2A:PostgreSql:GrantTo")}.", isTransient: false, unknown);
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException or TimeoutException or System.Net.Sockets.SocketException)
        {
            throw DatabaseFaults.ToException("migrate the tables", database, failure);
        }
    }

    private static async Task<NpgsqlConnection> OpenAsync(Database database, CancellationToken cancellationToken)
    {
        try
        {
            return await database.OpenUnpooledAsync(cancellationToken);
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            await database.CreateAsync(cancellationToken);
            return await database.OpenUnpooledAsync(cancellationToken);
        }
    }

    private static async Task<int> ReadVersionAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        // A user who may not create schemas may still fill one that somebody else has created.
        await ExecuteAsync(
            connection,
            $"do $$ begin if to_regnamespace('{schema}') is null then create schema {schema}; end if; end $$; "
            + $"create table if not exists {schema}.schema_version (version integer not null)",
            cancellationToken);
        await using var command = new NpgsqlCommand($"select version from {schema}.schema_version", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is int version ? version : 0;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // However many tasks there are: an index takes its time.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string ScriptOf(int version)
    {
        using var script = typeof(Migration).Assembly.GetManifestResourceStream(FormattableString.Invariant($"{version:D4}.sql"))!;
        using var reader = new StreamReader(script);
        return reader.ReadToEnd();
    }
}
