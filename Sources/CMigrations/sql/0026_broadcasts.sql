-- Broadcasts go their way in steps, each of which begins where the last one ended.

INSERT INTO state_transitions VALUES ('broadcast','SCHEDULED','SENDING'),('broadcast','SCHEDULED','CANCELLED'),
  ('broadcast','SENDING','SENT'),('broadcast','SENDING','CANCELLED'),('broadcast','SCHEDULED','FAILED'),
  ('broadcast','SENDING','FAILED');
CREATE TRIGGER g BEFORE UPDATE ON broadcasts FOR EACH ROW EXECUTE FUNCTION guard_status('broadcast');
ALTER TABLE broadcasts ADD COLUMN audience_count bigint NOT NULL DEFAULT 0, ADD COLUMN job_id uuid,
  ADD COLUMN finished_at timestamptz;
CREATE INDEX broadcasts_newest ON broadcasts (created_at DESC, id DESC);
CREATE INDEX notifications_of_broadcast ON notifications (broadcast_id) WHERE broadcast_id IS NOT NULL;

-- Whom a broadcast is for, behind a place in the order of their ids; all of them where there is no limit.
CREATE FUNCTION broadcast_audience(p_audience jsonb, p_after uuid, p_limit bigint) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
  SELECT u.id FROM users u
  WHERE u.status IN ('ACTIVE', 'PENDING_VERIFICATION') AND (p_after IS NULL OR u.id > p_after) AND (
      p_audience ->> 'everyone' = 'true'
      OR EXISTS (SELECT FROM user_roles r WHERE r.user_id = u.id AND p_audience -> 'roles' ? r.role)
      OR EXISTS (SELECT FROM team_members m WHERE m.user_id = u.id AND m.team_id = (p_audience ->> 'team')::uuid))
  ORDER BY u.id LIMIT p_limit
$$;
