using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using ServerlessA2A.Functions.Local.PostgreSql;
using ServerlessA2A.Protocol.Messages;
using ServerlessA2A.Tasks.Log;
using ServerlessA2A.Tasks.Stored;

namespace ServerlessA2A.Benchmarks.Stores;

/// <summary>
/// Entries of the log as <c>bytea</c>, which the store uses, and as <c>json</c> and <c>jsonb</c>: rounds alternate between the types.
/// </summary>
internal static class PayloadMeasure
{
    private const string TaskId = "0199f3b0-0000-7000-8000-000000000000";

    private static readonly NpgsqlDbType[] Types = [NpgsqlDbType.Bytea, NpgsqlDbType.Json, NpgsqlDbType.Jsonb];

    private static readonly (string Name, int Words, int Rows)[] Payloads =
        [("a chunk", 4, 4000), ("an entry of 4 kB", 700, 2000), ("an entry of 64 kB", 11_000, 300)];

    public static async Task RunAsync(Options options, Report report)
    {
        var bin = PostgreSqlProcess.Find(out var missing) ?? throw new InvalidOperationException(missing);
        await using var server = await PostgreSqlProcess.StartAsync(bin, "-c", "max_connections=20");
        await using var connection = new NpgsqlConnection(server.ConnectionString());
        await connection.OpenAsync();
        // The disk would take most of the time, and the same for each type.
        await ExecuteAsync(connection, "set synchronous_commit = off");
        foreach (var (name, words, rows) in Payloads)
        {
            var artifact = new Artifact { ArtifactId = "answer", Parts = [Part.FromText(Text(words))] };
            var payload = EventsJson.Write([new ArtifactUpdated { Artifact = artifact, Append = true }]);
            var figures = Types.ToDictionary(type => type, _ => new List<Figures>());
            // One round to warm up.
            for (var round = 0; round <= options.Rounds; round++)
            {
                // Each of them is the first one now and then.
                foreach (var type in Types.Skip(round % Types.Length).Concat(Types.Take(round % Types.Length)))
                {
                    var measured = await MeasureAsync(connection, type, payload, rows);
                    if (round > 0)
                        figures[type].Add(measured);
                }
            }

            foreach (var type in Types.Skip(1))
            {
                Compare("append", " µs", each => each.Append);
                Compare("read", " µs", each => each.Read);
                Compare("on disk", " B", each => each.Size);

                void Compare(string what, string unit, Func<Figures, double> figure) => report.Add(
                    $"{name}: {what}, bytea and {type.ToString().ToLowerInvariant()}",
                    [.. figures[NpgsqlDbType.Bytea].Select(figure)], [.. figures[type].Select(figure)], unit, Target.None);
            }
        }
    }

    private static async Task<Figures> MeasureAsync(NpgsqlConnection connection, NpgsqlDbType type, ReadOnlyMemory<byte> payload, int rows)
    {
        var word = type.ToString().ToLowerInvariant();
        var table = $"log_{word}";
        await ExecuteAsync(
            connection, $"drop table if exists {table}; " +
            $"create table {table} (task_id text collate \"C\" not null, first bigint not null, " +
            $"events {word} not null, primary key (task_id, first)); checkpoint");
        var bytes = payload.ToArray();
        await using var append = new NpgsqlCommand($"insert into {table} values ($1, $2, $3)", connection);
        append.Parameters.Add(new() { Value = TaskId });
        append.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Bigint });
        append.Parameters.Add(new() { NpgsqlDbType = type, Value = bytes });
        await append.PrepareAsync();
        await using var read = new NpgsqlCommand($"select events from {table} where task_id = '{TaskId}' and first = $1", connection);
        read.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Bigint });
        await read.PrepareAsync();
        var appends = await MedianAsync(rows, async row =>
        {
            append.Parameters[1].Value = (long)row;
            await append.ExecuteNonQueryAsync();
        });
        var reads = await MedianAsync(rows, async row =>
        {
            read.Parameters[0].Value = (long)row;
            await using var reader = await read.ExecuteReaderAsync();
            await reader.ReadAsync();
            _ = EventsJson.Read(reader.GetFieldValue<byte[]>(0));
        });
        await using var size = new NpgsqlCommand($"select pg_total_relation_size('{table}')", connection);
        return new Figures(appends, reads, (long)(await size.ExecuteScalarAsync())! / (double)rows);
    }

    private static async Task<double> MedianAsync(int count, Func<int, Task> act)
    {
        var times = new List<double>(count);
        for (var i = 0; i < count; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await act(i);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
        }

        return Report.Median(times);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Words as long as those of English, which compress about as well.</summary>
    private static string Text(int words)
    {
        var random = new Random(1);
        var known = Enumerable.Range(0, 2000)
            .Select(_ => string.Concat(Enumerable.Range(0, random.Next(2, 9)).Select(_ => (char)('a' + random.Next(26))))).ToArray();
        return string.Join(' ', Enumerable.Range(0, words).Select(_ => known[(int)(known.Length * Math.Pow(random.NextDouble(), 3))]));
    }

    private sealed record Figures(double Append, double Read, double Size);
}
