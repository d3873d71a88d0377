-- What every module stands on: bookkeeping of rows, state machines, live events, idempotency, jobs.

CREATE EXTENSION IF NOT EXISTS citext;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pgcrypto;

-- Row bookkeeping
CREATE FUNCTION touch_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.updated_at := clock_timestamp(); RETURN NEW; END $$;
CREATE FUNCTION bump_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.updated_at := clock_timestamp(); NEW.version := OLD.version + 1; RETURN NEW; END $$;
CREATE FUNCTION forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('app.retention_job', true) = 'on' THEN RETURN COALESCE(OLD, NEW); END IF;
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = '55000';
END $$;

-- State machines: the allowed moves are data, and every status column is guarded by one trigger
CREATE TABLE state_transitions (
    machine text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    PRIMARY KEY (machine, from_state, to_state)
);
CREATE FUNCTION guard_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status IS DISTINCT FROM OLD.status AND NOT EXISTS (
       SELECT 1 FROM state_transitions
        WHERE machine = TG_ARGV[0] AND from_state = OLD.status::text AND to_state = NEW.status::text) THEN
    RAISE EXCEPTION '% may not go from % to %', TG_ARGV[0], OLD.status, NEW.status USING ERRCODE = 'CX001';
  END IF;
  RETURN NEW;
END $$;

-- Live events: one gap-free sequence per topic, allocated in the transaction that made the change
CREATE TABLE event_topics (
    name text PRIMARY KEY,
    last_seq bigint NOT NULL DEFAULT 0,
    purged_through bigint NOT NULL DEFAULT 0,
    CHECK (purged_through <= last_seq)
) WITH (fillfactor = 50); -- each event changes its topic's row: room for it on the same page

CREATE TABLE events (
    topic text NOT NULL,
    seq bigint NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    actor_id uuid,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (topic, seq, created_at)
) PARTITION BY RANGE (created_at);
CREATE TABLE events_default PARTITION OF events DEFAULT; -- a job makes one partition per day ahead
CREATE FUNCTION append_event(p_topic text, p_kind text, p_payload jsonb, p_actor uuid DEFAULT NULL) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN
  INSERT INTO event_topics AS t (name, last_seq) VALUES (p_topic, 1)
    ON CONFLICT (name) DO UPDATE SET last_seq = t.last_seq + 1 RETURNING last_seq INTO n;
  INSERT INTO events (topic, seq, kind, payload, actor_id) VALUES (p_topic, n, p_kind, p_payload, p_actor);
  RETURN n;
END $$;

-- Idempotency
CREATE TABLE idempotency_keys (
    principal text NOT NULL, -- user:<id> | api_key:<id>
    key text NOT NULL CHECK (length(key) BETWEEN 8 AND 255),
    field text NOT NULL, -- mutation name
    request_hash bytea NOT NULL, -- sha256 of canonical arguments
    state text NOT NULL DEFAULT 'IN_PROGRESS' CHECK (state IN ('IN_PROGRESS','DONE')),
    response jsonb,
    locked_until timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL DEFAULT now() + interval '24 hours',
    PRIMARY KEY (principal, key),
    CHECK ((state = 'DONE') = (response IS NOT NULL))
);
CREATE INDEX ON idempotency_keys (expires_at);

-- Background jobs
CREATE TABLE jobs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    queue text NOT NULL DEFAULT 'default',
    name text NOT NULL,
    payload jsonb NOT NULL DEFAULT '{}',
    status text NOT NULL DEFAULT 'QUEUED' CHECK (status IN ('QUEUED','RUNNING','SUCCEEDED','FAILED','RETRYING','DEAD','CANCELLED')),
    priority smallint NOT NULL DEFAULT 0,
    attempts int NOT NULL DEFAULT 0,
    max_attempts int NOT NULL DEFAULT 20 CHECK (max_attempts > 0),
    run_at timestamptz NOT NULL DEFAULT now(),
    locked_by text,
    locked_until timestamptz,
    progress smallint CHECK (progress BETWEEN 0 AND 100),
    unique_key text,
    last_error text,
    trace_parent text,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz,
    CHECK (attempts <= max_attempts)
);
CREATE INDEX jobs_ready ON jobs (queue, priority DESC, run_at) WHERE status IN ('QUEUED','RETRYING');
CREATE INDEX jobs_leases ON jobs (locked_until) WHERE status = 'RUNNING';
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE UNIQUE INDEX jobs_unique_live ON jobs (name, unique_key) WHERE unique_key IS NOT NULL AND status IN ('QUEUED','RUNNING','RETRYING');

CREATE TABLE scheduled_jobs (
    name text PRIMARY KEY,
    cron text NOT NULL,
    time_zone text NOT NULL DEFAULT 'UTC',
    enabled boolean NOT NULL DEFAULT true,
    last_run_at timestamptz,
    last_status text,
    next_run_at timestamptz NOT NULL
);

-- Shared rate-limit buckets (only for limits that must hold across processes)
CREATE UNLOGGED TABLE rate_buckets (
    key text PRIMARY KEY,
    tokens double precision NOT NULL,
    refilled_at timestamptz NOT NULL
);
