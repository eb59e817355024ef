using Npgsql;
using ServerlessA2A.Tasks;

namespace ServerlessA2A.PostgreSql.Connections;

/// <summary>The failures of PostgreSQL: which of them pass, and what an operator can do about the others.</summary>
internal static class DatabaseFaults
{
    /// <summary>Whether another try may succeed at once.</summary>
    public static bool IsWorthRetrying(Exception failure) => failure switch
    {
        // Several statements of a batch.
        NpgsqlException { InnerException: AggregateException all } => all.InnerExceptions.All(IsWorthRetrying),
        // Connection exceptions, too many connections or no memory, shutdown and start, serialization, deadlock. 25006: a standby that is
        // to become the primary, or was it until now. 57014: a cancellation that was meant for the statement before, and came late.
        PostgresException { SqlState: var state } =>
            state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("53", StringComparison.Ordinal) ||
            state.StartsWith("57P", StringComparison.Ordinal) ||
            state is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or
                PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.IdleSessionTimeout or PostgresErrorCodes.QueryCanceled,
        NpgsqlException npgsql =>
            npgsql.IsTransient ||
            npgsql.InnerException is PasswordException or IOException or System.Net.Sockets.SocketException or TimeoutException or null,
        _ => true,
    };

    /// <summary>Whether the connection is gone, and perhaps others with it.</summary>
    public static bool IsBroken(Exception failure) => failure.InnerException is AggregateException all
        ? all.InnerExceptions.Any(IsBroken)
        : failure.InnerException is not PasswordException &&
            (failure is not PostgresException { SqlState: var state } || state.StartsWith("57P", StringComparison.Ordinal));

    /// <summary>The failure as callers of the store get it.</summary>
    /// <param name="what">What could not be done.</param>
    /// <param name="database">The database.</param>
    /// <param name="failure">What Npgsql has thrown.</param>
    public static TaskStoreException ToException(string what, Database database, Exception failure) => failure switch
    {
        NpgsqlException { InnerException: AggregateException all } =>
            ToException(what, database, all.InnerExceptions.FirstOrDefault(each => !IsWorthRetrying(each)) ?? all.InnerExceptions[0]),
        PostgresException
        {
            SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification
        } rejected => new(
            $"PostgreSQL could not {what}: {database.Name} rejected the credentials. Check A2A:PostgreSql:User and " +
            $"A2A:PostgreSql:Password, or A2A:PostgreSql:IamLogin. {rejected.MessageText}",
            // They may be other ones at the next request; to try again at once is of no use.
            isTransient: true, rejected),
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } missing => new(
            $"PostgreSQL could not {what}: {missing.MessageText}. Run the program with --migrate, which creates it, or set " +
            $"A2A:PostgreSql:ConnectionString.", isTransient: false, missing),
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName } missing => new(
            $"PostgreSQL could not {what}. {SchemaVersion.Missing(database)}", isTransient: false, missing),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused => new(
            $"PostgreSQL refused to {what}: {refused.MessageText}. Grant the database user the rights on the schema {database.Schema}.",
            isTransient: false, refused),
        PostgresException other =>
        new($"PostgreSQL could not {what}: {other.SqlState}: {other.MessageText}", IsWorthRetrying(other), other),
        { InnerException: PasswordException password } => new(
            $"PostgreSQL could not {what}. {password.Message}", isTransient: true, failure),
        _ => new($"PostgreSQL could not {what} on {database.Name}: " +
        $"{failure.Message}{(failure.InnerException is { } cause ? $" {cause.Message}" : "")}", IsWorthRetrying(failure), failure),
    };
}
