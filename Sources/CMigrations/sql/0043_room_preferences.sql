-- How somebody wants to be told of a room, apart from who is in it: nobody need be noted in an open channel, and whoever
-- manages a private one is not in it. The columns for it were never used.

ALTER TABLE room_members DROP COLUMN notify, DROP COLUMN muted_until, DROP COLUMN is_favourite;
CREATE TABLE room_preferences (
    room_id uuid NOT NULL REFERENCES rooms ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    level text NOT NULL DEFAULT 'ALL' CHECK (level IN ('ALL','MENTIONS','NONE')),
    muted_until timestamptz,
    is_favourite boolean NOT NULL DEFAULT false,
    PRIMARY KEY (room_id, user_id)
);
CREATE INDEX room_preferences_of_user ON room_preferences (user_id, room_id);

-- Whether somebody is told nothing of this category by a room of which they want this; all is told where nothing is noted.
CREATE FUNCTION is_silenced(p_level text, p_muted_until timestamptz, p_category text, p_now timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(p_muted_until > p_now, false) OR coalesce(p_level, 'ALL') = 'NONE'
        OR (coalesce(p_level, 'ALL') = 'MENTIONS' AND p_category = 'CHAT_REPLY')
$$;
