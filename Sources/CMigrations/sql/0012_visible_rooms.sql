-- Who sees a room, in one place: every read of rooms and messages for somebody goes through this function.

CREATE INDEX room_members_of_user ON room_members (user_id, room_id) WHERE user_id IS NOT NULL;
CREATE INDEX group_members_in_order ON group_members (group_id, joined_at, id);

-- Those of these rooms that the user sees, with what the user is there.
CREATE FUNCTION visible_rooms(p_rooms uuid[], p_user uuid) RETURNS TABLE (
    id uuid, kind text, title text, last_seq bigint, active_at timestamptz, archived_at timestamptz,
    created_at timestamptz, group_id uuid, name text, channel_kind text, topic text, is_private boolean,
    "position" int, updated_at timestamptz, version int, group_role text, is_member boolean,
    last_read_seq bigint, last_read_at timestamptz
) LANGUAGE sql STABLE AS $$
    SELECT r.id, r.kind, r.title, r.last_seq, coalesce(r.last_message_at, r.created_at), r.archived_at,
        r.created_at, c.group_id, c.name::text, c.channel_kind, c.topic, c.is_private, coalesce(c.position, 0),
        c.updated_at, c.version, g.role, m.id IS NOT NULL, coalesce(m.last_read_seq, 0), m.last_read_at
    FROM rooms r
    LEFT JOIN channels c ON c.id = r.id
    LEFT JOIN group_members g ON g.group_id = c.group_id AND g.user_id = p_user
    LEFT JOIN room_members m ON m.room_id = r.id AND m.user_id = p_user
    WHERE r.id = ANY (p_rooms) AND CASE
        WHEN r.kind = 'CHANNEL'
        THEN g.role IS NOT NULL AND (NOT c.is_private OR g.role IN ('OWNER', 'ADMIN') OR m.id IS NOT NULL)
        ELSE m.id IS NOT NULL END
$$;
