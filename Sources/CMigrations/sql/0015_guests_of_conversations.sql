-- Conversations as rooms: what closes them, what they are called, and guests who come by a link.

CREATE INDEX sellers_in_order ON sellers (conversation_id, created_at, id);
CREATE INDEX seller_products_in_order ON seller_products (seller_id, created_at, id);
CREATE INDEX ON vendors (user_id);
CREATE INDEX ON vendors (guest_id);
CREATE INDEX ON sellers (user_id);
CREATE INDEX ON sellers (guest_id);
CREATE INDEX ON messages (guest_id) WHERE guest_id IS NOT NULL;
CREATE UNIQUE INDEX messages_guest_nonce ON messages (room_id, guest_id, nonce) WHERE guest_id IS NOT NULL AND nonce IS NOT NULL;

-- A link lets somebody without an account into one conversation. Of its token only the hash is kept.
CREATE TABLE guest_links (
    id uuid PRIMARY KEY,
    conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
    guest_id uuid NOT NULL REFERENCES guests ON DELETE CASCADE,
    token_hash bytea NOT NULL UNIQUE,
    invited_by uuid REFERENCES users ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CHECK (expires_at > created_at)
);
CREATE UNIQUE INDEX one_live_link_per_guest ON guest_links (guest_id) WHERE revoked_at IS NULL;
CREATE INDEX guest_links_in_order ON guest_links (conversation_id, created_at, id);
CREATE INDEX ON guest_links (invited_by);

-- Whatever closes a conversation closes its room: the trigger that numbers messages refuses them from then on.
CREATE FUNCTION close_conversation_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE rooms SET archived_at = CASE WHEN NEW.status <> 'OPEN' THEN coalesce(archived_at, now()) END WHERE id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER close_room AFTER UPDATE OF status ON conversations FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION close_conversation_room();

-- A conversation without a title is called by how it began.
CREATE FUNCTION name_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE rooms SET title = btrim(left(split_part(NEW.body, E'\n', 1), 80))
    WHERE id = NEW.room_id AND kind = 'CONVERSATION' AND title = '';
    RETURN NULL;
END $$;
CREATE TRIGGER name_conversation AFTER INSERT ON messages FOR EACH ROW WHEN (NEW.seq = 1) EXECUTE FUNCTION name_conversation();

-- Lists of names and values, as jsonb and back.
CREATE FUNCTION named_texts(p_names text[], p_values text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('name', e.name, 'value', e.value) ORDER BY e.n), '[]')
    FROM unnest(p_names, p_values) WITH ORDINALITY AS e (name, value, n)
$$;
CREATE FUNCTION json_texts(p_list jsonb, p_key text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY(SELECT e.item ->> p_key FROM jsonb_array_elements(p_list) WITH ORDINALITY AS e (item, n) ORDER BY e.n)
$$;

-- Those of these rooms that somebody sees, with what they are there: a user, or a guest whose link is good.
DROP FUNCTION visible_rooms(uuid[], uuid);
CREATE FUNCTION visible_rooms(p_rooms uuid[], p_viewer uuid) RETURNS TABLE (
    id uuid, kind text, title text, last_seq bigint, active_at timestamptz, archived_at timestamptz,
    created_at timestamptz, group_id uuid, name text, channel_kind text, topic text, is_private boolean,
    "position" int, updated_at timestamptz, version int, group_role text, is_member boolean,
    last_read_seq bigint, last_read_at timestamptz, conversation_uuid uuid, owner_id uuid, conversation_status text,
    closed_at timestamptz, is_guest boolean
) LANGUAGE sql STABLE AS $$
    SELECT r.id, r.kind, r.title, r.last_seq, coalesce(r.last_message_at, r.created_at), r.archived_at,
        r.created_at, c.group_id, c.name::text, c.channel_kind, c.topic, c.is_private, coalesce(c.position, 0),
        coalesce(c.updated_at, v.updated_at), coalesce(c.version, v.version), g.role,
        m.id IS NOT NULL OR guest.id IS NOT NULL, coalesce(m.last_read_seq, guest.last_read_seq, 0),
        coalesce(m.last_read_at, guest.last_read_at), v.uuid, v.owner_id, v.status, v.closed_at, guest.id IS NOT NULL
    FROM rooms r
    LEFT JOIN channels c ON c.id = r.id
    LEFT JOIN group_members g ON g.group_id = c.group_id AND g.user_id = p_viewer
    LEFT JOIN room_members m ON m.room_id = r.id AND m.user_id = p_viewer
    LEFT JOIN conversations v ON v.id = r.id
    LEFT JOIN guest_links l ON l.guest_id = p_viewer AND l.conversation_id = r.id AND l.revoked_at IS NULL
        AND l.expires_at > now()
    LEFT JOIN room_members guest ON guest.room_id = r.id AND guest.guest_id = l.guest_id
    WHERE r.id = ANY (p_rooms) AND CASE
        WHEN r.kind = 'CHANNEL'
        THEN g.role IS NOT NULL AND (NOT c.is_private OR g.role IN ('OWNER', 'ADMIN') OR m.id IS NOT NULL)
        ELSE m.id IS NOT NULL OR guest.id IS NOT NULL END
$$;
