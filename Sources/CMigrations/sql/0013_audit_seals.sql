-- The audit log is numbered, hashed and guarded by the database itself, and its numbers say when no earlier one can come.

-- The number is taken when the transaction has its own: whoever sees a number and knows that all transactions up to then
-- are done knows that every smaller number is there, or will never be. Seals rely on that.
ALTER TABLE audit_logs ALTER COLUMN sequence DROP IDENTITY;
CREATE SEQUENCE audit_logs_sequence OWNED BY audit_logs.sequence;
SELECT setval('audit_logs_sequence', (SELECT coalesce(max(sequence), 1) FROM audit_logs),
    EXISTS (SELECT FROM audit_logs));

-- All columns as a JSON array, so that no part of one can be moved to the next; the time in it is a number, which no
-- setting of a session changes.
CREATE FUNCTION stamp_audit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_current_xact_id();
  NEW.sequence := nextval('audit_logs_sequence');
  NEW.row_hash := sha256(convert_to(jsonb_build_array(NEW.sequence, NEW.id, extract(epoch FROM NEW.occurred_at),
    NEW.action, NEW.outcome, NEW.actor_kind, NEW.actor_id, NEW.impersonator_id, NEW.team_id, NEW.resource_type,
    NEW.resource_id, NEW.changes, NEW.request_id, NEW.operation_name, NEW.ip, NEW.user_agent, NEW.error_code,
    NEW.duration_ms, NEW.metadata)::text, 'UTF8'));
  RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT ON audit_logs FOR EACH ROW EXECUTE FUNCTION stamp_audit_entry();

-- What was hashed otherwise before there were seals.
ALTER TABLE audit_logs DISABLE TRIGGER a;
UPDATE audit_logs SET row_hash = sha256(convert_to(jsonb_build_array(sequence, id, extract(epoch FROM occurred_at),
    action, outcome, actor_kind, actor_id, impersonator_id, team_id, resource_type, resource_id, changes, request_id,
    operation_name, ip, user_agent, error_code, duration_ms, metadata)::text, 'UTF8'));
ALTER TABLE audit_logs ENABLE TRIGGER a;

-- Emptying a table fires no trigger for its rows.
CREATE TRIGGER keep BEFORE TRUNCATE ON audit_logs EXECUTE FUNCTION forbid_change();
CREATE TRIGGER keep BEFORE TRUNCATE ON audit_logs_default EXECUTE FUNCTION forbid_change();
CREATE TRIGGER keep BEFORE TRUNCATE ON audit_seals EXECUTE FUNCTION forbid_change();
CREATE TRIGGER a BEFORE UPDATE OR DELETE ON audit_seals FOR EACH ROW EXECUTE FUNCTION forbid_change();

-- How many entries a seal is over.
ALTER TABLE audit_seals ADD entries bigint NOT NULL;

-- Up to where the log was written when it was looked at, and the first transaction that had not begun then: once all
-- before it are done, the log can be sealed up to there.
CREATE TABLE audit_seal_horizon (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    sequence bigint NOT NULL DEFAULT 0,
    next_transaction xid8 NOT NULL DEFAULT '0'
);
INSERT INTO audit_seal_horizon DEFAULT VALUES;

CREATE INDEX audit_logs_newest ON audit_logs (occurred_at DESC, sequence DESC);
CREATE INDEX audit_logs_id ON audit_logs (id);
