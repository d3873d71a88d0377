-- Each step of a broadcast begins at its place in the index, and reads nobody before it again.

CREATE OR REPLACE FUNCTION broadcast_audience(p_audience jsonb, p_after uuid, p_limit bigint) RETURNS SETOF uuid
LANGUAGE sql STABLE AS $$
  SELECT u.id FROM users u
  WHERE u.id > coalesce(p_after, '00000000-0000-0000-0000-000000000000')
      AND u.status IN ('ACTIVE', 'PENDING_VERIFICATION') AND (
      p_audience ->> 'everyone' = 'true'
      OR EXISTS (SELECT FROM user_roles r WHERE r.user_id = u.id AND p_audience -> 'roles' ? r.role)
      OR EXISTS (SELECT FROM team_members m WHERE m.user_id = u.id AND m.team_id = (p_audience ->> 'team')::uuid))
  ORDER BY u.id LIMIT p_limit
$$;
