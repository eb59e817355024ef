using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using ServerlessA2A.PostgreSql.Tasks;
using ServerlessA2A.PostgreSql.Tests.Servers;

namespace ServerlessA2A.PostgreSql.Tests.Tasks;

/// <summary>
/// On 100,000 tasks every statement finds its rows by an index, with the values at hand and as a prepared statement that is planned for any
/// values.
/// </summary>
public sealed class QueryPlanTests(ManyTasks many) : IClassFixture<ManyTasks>, IAsyncLifetime
{
    private const string Owner = "'owner-7'";
    private const string Id = "'task-7007'";
    private const string Now = "'2026-01-31 12:00:00+00'";

    private TestDatabase _database = null!;
    private TaskStatements _sql = null!;

    public async Task InitializeAsync()
    {
        _database = await many.GetAsync();
        _sql = new TaskStatements(_database.Schema);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [SkippableTheory]
    [InlineData("force_custom_plan")]
    [InlineData("force_generic_plan")]
    public async Task EveryStatementFindsItsRowsByAnIndex(string planning)
    {
        await using var connection = new NpgsqlConnection(_database.Server.ConnectionString());
        await connection.OpenAsync();
        await ExecuteAsync(connection, $"set plan_cache_mode = {planning}");
        var bad = new List<string>();
        foreach (var (name, sql, values) in Statements())
        {
            await ExecuteAsync(connection, $"deallocate all; prepare s as {sql}");
            var plan = await ExplainAsync(connection, $"explain execute s ({string.Join(", ", values)})");
            // A sequential scan of what a CTE has returned is none of a table.
            if (Regex.IsMatch(plan, $@"Seq Scan on (tasks|log|webhooks)\b") || !plan.Contains("Index", StringComparison.Ordinal))
                bad.Add($"{name}:\n{plan}");
        }

        Assert.True(bad.Count == 0, string.Join("\n\n", bad));
    }

    [SkippableFact]
    public async Task AListReadsNoMoreRowsThanItsPage()
    {
        await using var connection = new NpgsqlConnection(_database.Server.ConnectionString());
        await connection.OpenAsync();
        foreach (var (hasContext, hasState) in ((bool, bool)[])[(false, false), (false, true), (true, false)])
        {
            var sql = _sql.List(hasContext, hasState, includesReplied: false, hasSince: false, hasCursor: true, counts: false);
            List<string> values = [Owner, Now];
            if (hasContext)
                values.Add("'context-7'");
            if (hasState)
                values.Add("'TASK_STATE_COMPLETED'");
            values.AddRange(["'2026-01-31 10:00:00+00'", "'2026-02-07 10:00:00+00'", "'task-1'", "33"]);
            await ExecuteAsync(connection, $"deallocate all; prepare s as {sql}");
            var plan = await ExplainAsync(connection, $"explain (analyze, timing off) execute s ({string.Join(", ", values)})");
            var scanned = Regex.Matches(plan, @"Index (?:Only )?Scan[^\n]*tasks[^\n]*actual rows=(\d+)")
                .Sum(scan => int.Parse(scan.Groups[1].Value, CultureInfo.InvariantCulture));
            Assert.True(scanned is > 0 and <= 33 && !plan.Contains("Sort", StringComparison.Ordinal), plan);
        }
    }

    private IEnumerable<(string Name, string Sql, string[] Values)> Statements()
    {
        yield return ("Read", _sql.Read, [Id, Now]);
        yield return ("ReadOfOwner", _sql.ReadOfOwner, [Id, Now, Owner]);
        yield return ("Log", _sql.Log, [Id, "2", Now]);
        yield return ("Progress", _sql.Progress, [Id, Now]);
        yield return ("FindClaim", _sql.FindClaim, [@"'\x00'", Now]);
        yield return ("Claimant", _sql.Claimant, [@"'\x00'", Now]);
        yield return ("ReleaseClaim", _sql.ReleaseClaim, [Id, @"'\x00'", Now]);
        yield return ("Writer", _sql.Writer, [Id, "2"]);
        string[] append = [Id, "5", "5", Now, @"'\x00'", "'w'"];
        string[] task = ["'TASK_STATE_WORKING'", Now, Now, "5", @"'\x00'", "0", "'trace'"];
        string[] lease = ["'run'", Now, "1", Now];
        string[] hook = ["'hook'", "'1.0'", @"'\x00'", "'trace'"];
        yield return ("Append", _sql.Append, append);
        yield return ("AppendWithSnapshot", _sql.AppendWithSnapshot, [.. append, .. task, .. lease]);
        yield return ("AppendKeepingLease", _sql.AppendKeepingLease, [.. append, .. task]);
        yield return ("AppendWithWebhook", _sql.AppendWithWebhook, [.. append, .. task, .. lease, .. hook]);
        yield return ("AppendWithWebhookKeepingLease", _sql.AppendWithWebhookKeepingLease, [.. append, .. task, .. hook]);
        yield return ("RenewLease", _sql.RenewLease, [Id, "'run'", Now, Now]);
        yield return ("Unattended", _sql.Unattended, [Now, Now, "100"]);
        yield return ("Postpone", _sql.Postpone, [Id, Now, Now, Now, Now, "false"]);
        yield return ("CountUnfinished", _sql.CountUnfinished, [Now, "1000"]);
        yield return ("CountUnfinishedOfOwner", _sql.CountUnfinishedOfOwner, [Now, "1000", Owner]);
        yield return ("WebhooksStored", _sql.WebhooksStored, [Id, Owner, Now]);
        yield return ("PutWebhook", _sql.PutWebhook, [Id, Owner, Now, .. hook, "'r'", "0"]);
        yield return ("WebhookIds", _sql.WebhookIds, [Id, Now]);
        yield return ("Webhooks", _sql.Webhooks, [Id, Owner, Now]);
        yield return ("DeleteWebhook", _sql.DeleteWebhook, [Id, Owner, "'hook'", Now]);
        yield return ("Delivery", _sql.Delivery, [Id, "'hook'"]);
        string[] delivery = ["1", "'h'", Now, Now, "0", "null", "'r2'", "'trace'", @"'\x00'"];
        yield return ("UpdateDelivery", _sql.UpdateDelivery, [Id, "'hook'", "'r'", .. delivery]);
        yield return ("Due", _sql.Due, [Now, "500"]);
        yield return ("Unnotified", _sql.Unnotified, [Now, Now, "500"]);
        yield return ("PostponeNotifications", _sql.PostponeNotifications, [Id, Now, Now, "4", Now, "false"]);
        yield return ("DeleteExpired", _sql.DeleteExpired(100), [Now]);
        for (var filters = 0; filters < 16; filters++)
        {
            var (context, state, since, counts) = ((filters & 1) > 0, (filters & 2) > 0, (filters & 4) > 0, (filters & 8) > 0);
            List<string> values = [Owner, Now];
            if (context)
                values.Add("'context-7'");
            if (state)
                values.Add("'TASK_STATE_COMPLETED'");
            if (since)
                values.Add("'2026-01-30 12:00:00+00'");
            if (!counts)
                values.Add("33");
            yield return (
                $"List {filters}", _sql.List(context, state, includesReplied: context, since, hasCursor: false, counts), [.. values]);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> ExplainAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        return string.Join('\n', lines);
    }
}
