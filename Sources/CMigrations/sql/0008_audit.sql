-- The audit log, which is only added to.

CREATE TABLE audit_logs (
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    action text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('INITIATED','SUCCEEDED','REFUSED','FAILED')),
    actor_kind text NOT NULL,
    actor_id uuid,
    impersonator_id uuid,
    team_id uuid,
    resource_type text,
    resource_id text,
    changes jsonb NOT NULL DEFAULT '[]',
    request_id text,
    operation_name text,
    ip inet,
    user_agent text,
    error_code text,
    duration_ms int,
    metadata jsonb NOT NULL DEFAULT '{}',
    row_hash bytea NOT NULL,
    tsv tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, action || ' ' || outcome || ' ' || coalesce(resource_type,'') || ' ' || coalesce(resource_id,'') || ' ' || coalesce(operation_name,'') || ' ' || coalesce(user_agent,'') || ' ' || changes::text || ' ' || metadata::text)) STORED,
    PRIMARY KEY (sequence, occurred_at)
) PARTITION BY RANGE (occurred_at);
CREATE TABLE audit_logs_default PARTITION OF audit_logs DEFAULT;
CREATE INDEX ON audit_logs USING gin (tsv);
CREATE INDEX ON audit_logs (actor_id, occurred_at DESC);
CREATE INDEX ON audit_logs (team_id, occurred_at DESC);
CREATE INDEX ON audit_logs (resource_type, resource_id, occurred_at DESC);
CREATE INDEX ON audit_logs (action, occurred_at DESC);
CREATE TRIGGER a BEFORE UPDATE OR DELETE ON audit_logs FOR EACH ROW EXECUTE FUNCTION forbid_change();

CREATE TABLE audit_seals (
    through_sequence bigint PRIMARY KEY,
    from_sequence bigint NOT NULL,
    previous_seal bytea,
    seal bytea NOT NULL UNIQUE,
    sealed_at timestamptz NOT NULL DEFAULT now()
); -- sha256(previous seal || row hashes), written by a job
