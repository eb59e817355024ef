-- Traces are W3C traceparents: what only the sweep requests, and what waits in a queue, continues the trace of the client's request.

alter table {schema}.tasks add column trace_parent text collate "C";

alter table {schema}.webhooks add column trace_parent text collate "C";

-- The last delivery attempts, as JSON.
alter table {schema}.webhooks add column attempts bytea;

alter table {schema}.runs add column trace_parent text collate "C";

alter table {schema}.notifications add column trace_parent text collate "C";

-- For the metric a2a.queue.delay; deliver_at moves with each delivery.
alter table {schema}.runs add column published_at timestamptz not null default now();

alter table {schema}.notifications add column published_at timestamptz not null default now();
