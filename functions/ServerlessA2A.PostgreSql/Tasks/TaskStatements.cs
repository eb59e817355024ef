namespace ServerlessA2A.PostgreSql.Tasks;

/// <summary>The statements of the store. Each is one step: a writer that comes second changes no row.</summary>
internal sealed class TaskStatements(string schema)
{
    private const string Snapshot =
        "id, owner, context_id, state, status_at, expire_at, seq, first_at, first_events, snapshot, added_messages, run_id, " +
        "lease_until, lease_attempt, trace_parent";

    private const string Put = """
        on conflict (task_id, id) do update set
            protocol = excluded.protocol, config = excluded.config, delivered = excluded.delivered, holder = null,
            due_at = excluded.due_at, failing_since = null, failures = 0, ended_because = null, attempts = null,
            trace_parent = excluded.trace_parent, revision = excluded.revision
        """;

    /// <summary>A new task. No row where its claim or its id is taken.</summary>
    public string Create { get; } = $"""
        insert into {schema}.tasks
            (id, owner, context_id, state, status_at, expire_at, seq, first_at, first_events, snapshot, unattended_since, claim, content_hash,
             trace_parent)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        on conflict do nothing
        """;

    /// <inheritdoc cref="Create"/>
    public string CreateWithWebhook { get; } = $"""
        with made as (
            insert into {schema}.tasks
                (id, owner, context_id, state, status_at, expire_at, seq, first_at, first_events, snapshot, unattended_since, claim, content_hash,
                 trace_parent, unnotified_since, webhooks_stored)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $8, 1)
            on conflict do nothing
            returning id)
        insert into {schema}.webhooks (task_id, id, protocol, config, trace_parent, delivered, revision)
        select id, $15, $16, $17, $18, 0, $19 from made
        """;

    public string FindClaim { get; } = $"select id, content_hash from {schema}.tasks where claim = $1 and expire_at > $2";

    public string Claimant { get; } = $"select id, content_hash, expire_at > $2 from {schema}.tasks where claim = $1";

    public string ReleaseClaim { get; } = $"update {schema}.tasks set claim = null where id = $1 and claim = $2 and expire_at <= $3";

    public string Exists { get; } = $"select 1 from {schema}.tasks where id = $1";

    /// <summary>The task, and a row for each entry that its snapshot does not hold: of one moment, so they fit together.</summary>
    public string Read { get; } = ReadStep(schema, "");

    /// <inheritdoc cref="Read"/>
    public string ReadOfOwner { get; } = ReadStep(schema, " and owner = $3");

    /// <summary>
    /// A row for the task, with its first entry where that is asked for, then one for each entry with events after $2. The first of them
    /// may begin before: it is found by the key, however long the log is.
    /// </summary>
    public string Log { get; } = $"""
        select 1::bigint as first, first_at as at, case when $2 < 1 then first_events end as events, state, expire_at, status_at, context_id, owner
        from {schema}.tasks where id = $1 and expire_at > $3
        union all
        select first, at, events, null, null, null, null, null from {schema}.log
        where task_id = $1 and last > $2 and first >= coalesce((select max(first) from {schema}.log where task_id = $1 and first <= $2 + 1), 0)
        order by first
        """;

    /// <summary>What waits look at.</summary>
    public string Progress { get; } =
        $"select state, run_id, added_messages, expire_at from {schema}.tasks where id = $1 and expire_at > $2";

    public string Append { get; } = $"""
        insert into {schema}.log (task_id, first, last, at, events, writer)
        select $1, $2, $3, $4, $5, $6 where exists (select 1 from {schema}.tasks where id = $1)
        on conflict (task_id, first) do nothing
        """;

    public string AppendWithSnapshot { get; } = AppendStep(schema, keepsLease: false, withWebhook: false);

    public string AppendKeepingLease { get; } = AppendStep(schema, keepsLease: true, withWebhook: false);

    public string AppendWithWebhook { get; } = AppendStep(schema, keepsLease: false, withWebhook: true);

    public string AppendWithWebhookKeepingLease { get; } = AppendStep(schema, keepsLease: true, withWebhook: true);

    public string Writer { get; } = $"select writer from {schema}.log where task_id = $1 and first = $2";

    public string RenewLease { get; } =
        $"update {schema}.tasks set lease_until = $3, unattended_since = $3 where id = $1 and run_id = $2 and expire_at > $4";

    public string Unattended { get; } = $"""
        select id, unattended_since, status_at, trace_parent from {schema}.tasks
        where unattended_since <= $1 and expire_at > $2 order by unattended_since limit $3
        """;

    public string Postpone { get; } = $"""
        update {schema}.tasks set unattended_since = $2
        where id = $1 and (unattended_since = $3 or $6 and unattended_since = $2) and status_at = $4 and expire_at > $5
        """;

    public string CountUnfinished { get; } = $"""
        select count(*) from (
            select 1 from {schema}.tasks
            where state in ('TASK_STATE_SUBMITTED', 'TASK_STATE_WORKING', 'TASK_STATE_INPUT_REQUIRED', 'TASK_STATE_AUTH_REQUIRED') and expire_at > $1 limit $2) unfinished
        """;

    public string CountUnfinishedOfOwner { get; } = $"""
        select count(*) from (
            select 1 from {schema}.tasks
            where hashtextextended(owner, 0) = hashtextextended($3, 0) and owner = $3
                and state in ('TASK_STATE_SUBMITTED', 'TASK_STATE_WORKING', 'TASK_STATE_INPUT_REQUIRED', 'TASK_STATE_AUTH_REQUIRED') and expire_at > $1 limit $2) unfinished
        """;

    public string WebhooksStored { get; } = $"""
        select webhooks_stored, array(select w.id from {schema}.webhooks w where w.task_id = t.id) from {schema}.tasks t
        where id = $1 and owner = $2 and expire_at > $3
        """;

    /// <summary>$9: how many webhooks were stored when the caller looked; null where that does not matter.</summary>
    public string PutWebhook { get; } = $"""
        with task as (
            update {schema}.tasks set webhooks_stored = webhooks_stored + 1, unnotified_since = $3
            where id = $1 and owner = $2 and expire_at > $3 and ($9::bigint is null or webhooks_stored = $9)
            returning id)
        insert into {schema}.webhooks (task_id, id, protocol, config, trace_parent, delivered, revision, due_at)
        select id, $4, $5, $6, $7, null, $8, $3 from task
        {Put}
        """;

    public string WebhookIds { get; } =
        $"select array(select w.id from {schema}.webhooks w where w.task_id = t.id) from {schema}.tasks t where id = $1 and expire_at > $2";

    /// <summary>A row without a webhook for a task that has none.</summary>
    public string Webhooks { get; } = $"""
        select w.id, w.protocol, w.config from {schema}.tasks t left join {schema}.webhooks w on w.task_id = t.id
        where t.id = $1 and t.owner = $2 and t.expire_at > $3
        """;

    public string DeleteWebhook { get; } = $"""
        with task as (select id from {schema}.tasks where id = $1 and owner = $2 and expire_at > $4),
            deleted as (delete from {schema}.webhooks using task where task_id = task.id and webhooks.id = $3)
        select count(*) from task
        """;

    public string Delivery { get; } = $"""
        select id, protocol, config, delivered, holder, due_at, failing_since, failures, ended_because, revision, trace_parent, attempts
        from {schema}.webhooks where task_id = $1 and id = $2
        """;

    public string UpdateDelivery { get; } = $"""
        update {schema}.webhooks set
            delivered = $4, holder = $5, due_at = $6, failing_since = $7, failures = $8, ended_because = $9, revision = $10,
            trace_parent = $11, attempts = $12
        where task_id = $1 and id = $2 and revision = $3
        """;

    public string Due { get; } = $"select task_id, id, trace_parent from {schema}.webhooks where due_at <= $1 order by due_at limit $2";

    public string Unnotified { get; } = $"""
        select id, unnotified_since, seq, trace_parent from {schema}.tasks
        where unnotified_since <= $1 and expire_at > $2 order by unnotified_since limit $3
        """;

    public string PostponeNotifications { get; } = $"""
        update {schema}.tasks set unnotified_since = $2
        where id = $1 and (unnotified_since = $3 or $6 and unnotified_since = $2) and seq = $4 and expire_at > $5
        """;

    /// <summary>
    /// Deletes tasks that expired before $1, and all that belongs to them. Two that do it at once delete different ones. The limit is no
    /// parameter: a plan for any limit would read whole tables.
    /// </summary>
    public string DeleteExpired(int count) => $"""
        with expired as (
            delete from {schema}.tasks where id = any (array(
                select id from {schema}.tasks where expire_at < $1 order by expire_at limit {count} for update skip locked))
            returning id),
            entries as (delete from {schema}.log where task_id = any (array(select id from expired))),
            hooks as (delete from {schema}.webhooks where task_id = any (array(select id from expired))),
            dead as (delete from {schema}.dead_notifications where at < $1 - interval '30 days')
        select count(*) from expired
        """;

    /// <summary>Wakes those who watch a task: $1 is the channel, $2 the task.</summary>
    public static string Notify => "select pg_notify($1, $2)";

    /// <summary>
    /// A list or, with <paramref name="counts"/>, the number of all tasks that pass the filters: $1 owner, $2 the clock, then what the
    /// query has.
    /// </summary>
    public string List(bool hasContext, bool hasState, bool includesReplied, bool hasSince, bool hasCursor, bool counts)
    {
        var next = 3;
        var where = "hashtextextended(owner, 0) = hashtextextended($1, 0) and owner = $1 and expire_at > $2";
        if (hasContext)
            where += $" and hashtextextended(context_id, 0) = hashtextextended(${next}, 0) and context_id = ${next++}";
        if (hasState)
            where += $" and state = ${next++}";
        else if (!includesReplied)
            where += " and state <> 'REPLIED'";
        if (hasSince)
            where += $" and status_at >= ${next++}";
        if (counts)
            return $"select count(*) from {schema}.tasks where {where}";
        if (hasCursor)
            where += $" and (status_at, expire_at, id) < (${next++}, ${next++}, ${next++})";
        return $"""
            select {Snapshot}, array(select w.id from {schema}.webhooks w where w.task_id = t.id) from {schema}.tasks t
            where {where} order by status_at desc, expire_at desc, id desc limit ${next}
            """;
    }

    private static string ReadStep(string schema, string ofOwner) => $"""
        select {Snapshot}, array(select w.id from {schema}.webhooks w where w.task_id = t.id), null::bigint as first, null::timestamptz as at, null::bytea as events
        from {schema}.tasks t where id = $1 and expire_at > $2{ofOwner}
        union all
        select null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, first, at, events
        from {schema}.log where task_id = $1 and first > (select seq from {schema}.tasks where id = $1 and expire_at > $2{ofOwner})
        order by first nulls first
        """;

    /// <summary>
    /// An entry with the snapshot that it leads to. Which webhooks there are is not the writer's to say: some may have come since it has
    /// read the task.
    /// </summary>
    private static string AppendStep(string schema, bool keepsLease, bool withWebhook)
    {
        var lease = keepsLease ? "" : ", run_id = $14, lease_until = $15, lease_attempt = $16, unattended_since = $17";
        var firstOfWebhook = keepsLease ? 14 : 18;
        var unnotified = withWebhook ? "$4"
            : $"case when exists (select 1 from {schema}.webhooks where task_id = $1) then $4 else unnotified_since end";
        var changed = $"""
            with added as (
                insert into {schema}.log (task_id, first, last, at, events, writer)
                select $1, $2, $3, $4, $5, $6 where exists (select 1 from {schema}.tasks where id = $1)
                on conflict (task_id, first) do nothing
                returning task_id)
            """;
        var update = $"""
            update {schema}.tasks set state = $7, status_at = $8, expire_at = $9, seq = $10, snapshot = $11, added_messages = $12, trace_parent = $13, unnotified_since = {unnotified}{lease}
                {(withWebhook ? ", webhooks_stored = webhooks_stored + 1" : "")}
            from added where id = added.task_id
            """;
        return withWebhook
            ? $"""
                {changed}, changed as ({update} returning id)
                insert into {schema}.webhooks (task_id, id, protocol, config, trace_parent, delivered, revision)
                select id, ${firstOfWebhook}, ${firstOfWebhook + 1}, ${firstOfWebhook + 2}, ${firstOfWebhook + 3}, $2 - 1, $6 from changed
                {Put}
                """
            : $"{changed} {update}";
    }
}
