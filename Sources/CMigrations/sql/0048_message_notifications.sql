-- Messages that speak of nobody and answer nobody: the people of direct rooms and conversations are told of them, and of those of
-- a channel who has asked for all of it.

-- So far ALL was what those had who had said nothing, and they were told of no such message: that is DEFAULT from now on.
ALTER TABLE room_preferences DROP CONSTRAINT room_preferences_level_check;
UPDATE room_preferences SET level = 'DEFAULT' WHERE level = 'ALL';
ALTER TABLE room_preferences ALTER COLUMN level SET DEFAULT 'DEFAULT',
    ADD CONSTRAINT room_preferences_level_check CHECK (level IN ('DEFAULT','ALL','MENTIONS','NONE'));
-- Each message of a channel asks whether there is anybody.
CREATE INDEX room_preferences_of_all ON room_preferences (room_id, user_id) WHERE level = 'ALL';

CREATE OR REPLACE FUNCTION is_silenced(p_level text, p_muted_until timestamptz, p_category text, p_now timestamptz)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(p_muted_until > p_now, false) OR coalesce(p_level, 'DEFAULT') = 'NONE'
        OR (coalesce(p_level, 'DEFAULT') = 'MENTIONS' AND p_category IN ('CHAT_REPLY', 'CHAT_DIRECT'))
        OR (coalesce(p_level, 'DEFAULT') <> 'ALL' AND p_category = 'CHAT_CHANNEL')
$$;
