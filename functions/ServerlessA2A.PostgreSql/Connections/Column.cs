using NpgsqlTypes;

namespace ServerlessA2A.PostgreSql.Connections;

/// <summary>A value of a statement. Npgsql's own parameter belongs to one command, and a try that failed needs another.</summary>
internal readonly record struct Column(NpgsqlDbType Type, object? Value);
