-- Texts that clients choose are escaped (StoredText), and indexed by their hash: an index holds at most 2,704 bytes of a row.
-- Payloads are bytea: jsonb reorders members, rounds numbers and takes no \u0000, and what clients and agents made must come back byte for byte.

create table {schema}.tasks (
    id text collate "C" primary key,
    owner text collate "C" not null,
    context_id text collate "C" not null,
    state text collate "C" not null,
    status_at timestamptz not null,
    expire_at timestamptz not null,
    -- The last event that the snapshot holds.
    seq bigint not null,
    -- The log's first entry, which never changes. In here it costs no row of its own.
    first_at timestamptz not null,
    first_events bytea not null,
    snapshot bytea not null,
    added_messages integer not null default 0,
    -- The lease.
    run_id text collate "C",
    lease_until timestamptz,
    lease_attempt integer,
    unattended_since timestamptz,
    unnotified_since timestamptz,
    -- Counts webhooks that were stored, so that of two that are stored at once one sees the other.
    webhooks_stored bigint not null default 0,
    -- Which message of its owner made the task (SHA-256 of both), and with what content.
    claim bytea,
    content_hash text collate "C"
);

create unique index tasks_claim on {schema}.tasks (claim) where claim is not null;

create index tasks_owner on {schema}.tasks (hashtextextended(owner, 0), status_at desc, expire_at desc, id desc)
    where state <> 'REPLIED';

create index tasks_state on {schema}.tasks (hashtextextended(owner, 0), state, status_at desc, expire_at desc, id desc);

create index tasks_context on {schema}.tasks
    (hashtextextended(owner, 0), hashtextextended(context_id, 0), status_at desc, expire_at desc, id desc);

create index tasks_unfinished on {schema}.tasks (hashtextextended(owner, 0), expire_at)
    where state in ('TASK_STATE_SUBMITTED', 'TASK_STATE_WORKING', 'TASK_STATE_INPUT_REQUIRED', 'TASK_STATE_AUTH_REQUIRED');

create index tasks_unattended on {schema}.tasks (unattended_since) where unattended_since is not null;

create index tasks_unnotified on {schema}.tasks (unnotified_since) where unnotified_since is not null;

create index tasks_expiry on {schema}.tasks (expire_at);

-- Statements compare the hash, for the index, and the text, for the truth: one of them follows from the other, or a list would sort all tasks of an owner.
create statistics {schema}.tasks_owner_hash (dependencies) on hashtextextended(owner, 0), owner from {schema}.tasks;

create statistics {schema}.tasks_context_hash (dependencies) on hashtextextended(context_id, 0), context_id from {schema}.tasks;

-- Entries 2 and later. The primary key decides which of two writers comes first.
create table {schema}.log (
    task_id text collate "C" not null,
    first bigint not null,
    last bigint not null,
    at timestamptz not null,
    events bytea not null,
    -- Names the append: a writer whose answer was lost recognizes its own entry.
    writer text collate "C" not null,
    primary key (task_id, first)
);

create table {schema}.webhooks (
    task_id text collate "C" not null,
    id text collate "C" not null,
    protocol text not null,
    config bytea not null,
    delivered bigint,
    holder text collate "C",
    due_at timestamptz,
    failing_since timestamptz,
    failures integer not null default 0,
    ended_because text,
    -- Names the last change: a worker whose answer was lost recognizes its own.
    revision text collate "C" not null,
    primary key (task_id, id)
);

create index webhooks_due on {schema}.webhooks (due_at) where due_at is not null;

-- The queues, for hosts that run tasks without Pub/Sub.
create table {schema}.runs (
    id bigint generated always as identity primary key,
    task_id text collate "C" not null,
    access_token text,
    deliver_at timestamptz not null default clock_timestamp(),
    deliveries integer not null default 0,
    failures integer not null default 0
);

create index runs_due on {schema}.runs (deliver_at);

create table {schema}.notifications (
    id bigint generated always as identity primary key,
    task_id text collate "C" not null,
    seq bigint not null,
    webhook_id text collate "C" not null,
    deliver_at timestamptz not null default clock_timestamp(),
    deliveries integer not null default 0,
    failures integer not null default 0
);

create index notifications_due on {schema}.notifications (deliver_at);

create table {schema}.dead_notifications (
    id bigint generated always as identity primary key,
    task_id text collate "C" not null,
    delivered bigint not null,
    webhook_id text collate "C" not null,
    reason text not null,
    at timestamptz not null default clock_timestamp()
);
