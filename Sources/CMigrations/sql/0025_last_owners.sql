-- Two who leave at the same time must not each see the other stay, and a team has its owner however it came to be.

CREATE OR REPLACE FUNCTION keep_super_admin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.role <> 'SUPER_ADMIN' THEN RETURN NULL; END IF;
  -- One transaction at a time, and what follows sees what those before it have committed.
  PERFORM pg_advisory_xact_lock(hashtextextended('user_roles:SUPER_ADMIN', 0));
  IF NOT EXISTS (SELECT 1 FROM user_roles WHERE role = 'SUPER_ADMIN') THEN
    RAISE EXCEPTION 'the last SUPER_ADMIN cannot be removed' USING ERRCODE = 'CX002'; END IF;
  RETURN NULL; END $$;

CREATE OR REPLACE FUNCTION team_keeps_owner() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE t uuid;
BEGIN
  IF TG_TABLE_NAME = 'teams' THEN
    t := NEW.id;
  ELSE
    t := COALESCE(OLD.team_id, NEW.team_id);
    -- Whoever restores or transfers the team meanwhile is waited for.
    IF OLD.role = 'OWNER' THEN PERFORM 1 FROM teams WHERE id = t FOR NO KEY UPDATE; END IF;
  END IF;
  IF EXISTS (SELECT 1 FROM teams WHERE id = t AND deleted_at IS NULL)
     AND NOT EXISTS (SELECT 1 FROM team_members m JOIN teams g ON g.id = m.team_id WHERE m.team_id = t AND m.role = 'OWNER' AND m.user_id = g.owner_id) THEN
    RAISE EXCEPTION 'team % would have no owner', t USING ERRCODE = 'CX003'; END IF;
  RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER team_has_owner AFTER INSERT OR UPDATE OF owner_id, deleted_at ON teams DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION team_keeps_owner();
