using Npgsql;
using NpgsqlTypes;

namespace ServerlessA2A.PostgreSql.Connections;

/// <summary>Statements with their parameters $1, $2, … in order, each with its type, so that null has one too.</summary>
internal static class Parameters
{
    public static NpgsqlCommand With(this NpgsqlCommand command, params ReadOnlySpan<Column> values)
    {
        Add(command.Parameters, values);
        return command;
    }

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, params ReadOnlySpan<Column> values)
    {
        Add(command.Parameters, values);
        return command;
    }

    /// <summary>A text, escaped: see <see cref="StoredText"/>.</summary>
    public static Column Text(string? text) => Of(NpgsqlDbType.Text, text is null ? null : StoredText.Escape(text));

    public static Column Number(long? number) => Of(NpgsqlDbType.Bigint, number);

    public static Column Flag(bool flag) => Of(NpgsqlDbType.Boolean, flag);

    public static Column Count(int? number) => Of(NpgsqlDbType.Integer, number);

    /// <summary>A moment, cut to microseconds.</summary>
    public static Column Moment(DateTimeOffset? moment) => Of(NpgsqlDbType.TimestampTz, moment?.UtcDateTime);

    public static Column Bytes(ReadOnlyMemory<byte>? bytes) => Of(NpgsqlDbType.Bytea, bytes);

    public static string GetEscaped(this NpgsqlDataReader reader, int column) => StoredText.Unescape(reader.GetString(column));

    public static string? GetTextOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetEscaped(column);

    public static DateTimeOffset GetMoment(this NpgsqlDataReader reader, int column) => reader.GetFieldValue<DateTimeOffset>(column);

    public static DateTimeOffset? GetMomentOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetMoment(column);

    public static long? GetNumberOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetInt64(column);

    /// <summary>The texts of an array.</summary>
    public static IReadOnlyList<string> GetTexts(this NpgsqlDataReader reader, int column) =>
        [.. reader.GetFieldValue<string[]>(column).Select(StoredText.Unescape).Order(StringComparer.Ordinal)];

    private static Column Of(NpgsqlDbType type, object? value) => new(type, value);

    private static void Add(NpgsqlParameterCollection parameters, ReadOnlySpan<Column> values)
    {
        foreach (var value in values)
            parameters.Add(new NpgsqlParameter { NpgsqlDbType = value.Type, Value = value.Value ?? DBNull.Value });
    }
}
