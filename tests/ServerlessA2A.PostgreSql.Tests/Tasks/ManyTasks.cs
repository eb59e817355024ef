using ServerlessA2A.PostgreSql.Tests.Servers;

namespace ServerlessA2A.PostgreSql.Tests.Tasks;

/// <summary>100,000 tasks.</summary>
public sealed class ManyTasks : IAsyncLifetime
{
    private readonly Lazy<Task<TestDatabase>> _made = new(MakeAsync);

    internal Task<TestDatabase> GetAsync() => _made.Value;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_made is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _made.Value).DisposeAsync();
    }

    private static async Task<TestDatabase> MakeAsync()
    {
        var database = await TestDatabase.CreateAsync();
        // 100 owners; one task in 500 is unfinished, one in 1,000 has webhooks to notify, one in 100 was answered with a message and one in
        // 1,000 is expired.
        await database.ExecuteAsync(isLong: true, sql: """
            insert into {schema}.tasks
                (id, owner, context_id, state, status_at, expire_at, seq, first_at, first_events, snapshot, unattended_since, unnotified_since, claim, content_hash)
            select 'task-' || n, 'owner-' || n % 100, 'context-' || n % 5000,
                case when n % 500 = 7 then 'TASK_STATE_WORKING' when n % 100 = 5 then 'REPLIED' else 'TASK_STATE_COMPLETED' end,
                timestamptz '2026-01-31 11:00:00+00' - n * interval '5 seconds', timestamptz '2026-02-07 11:00:00+00' - n * interval '5 seconds' - (n % 1000 = 3)::int * interval '8 days',
                4, timestamptz '2026-01-31 11:00:00+00', '\x5b5d', repeat('x', 300)::bytea,
                case when n % 500 = 7 then timestamptz '2026-01-31 11:00:00+00' end, case when n % 1000 = 9 then timestamptz '2026-01-31 11:00:00+00' end,
                sha256(('claim-' || n)::bytea), 'hash'
            from generate_series(1, 100000) n;
            insert into {schema}.log (task_id, first, last, at, events, writer)
            select 'task-' || n, entry, entry, timestamptz '2026-01-31 11:00:00+00', '\x5b5d', 'w' from generate_series(1, 100000) n, generate_series(2, 3) entry;
            insert into {schema}.webhooks (task_id, id, protocol, config, revision)
            select 'task-' || n, 'hook', '1.0', '\x7b7d', 'r' from generate_series(1, 100000, 10) n;
            analyze {schema}.tasks; analyze {schema}.log; analyze {schema}.webhooks
            """);
        return database;
    }
}
