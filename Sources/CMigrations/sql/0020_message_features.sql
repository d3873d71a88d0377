-- Drafts of their own, so that having one makes nobody a member; search in messages; lists of stars, mentions and pins.

ALTER TABLE room_members DROP COLUMN draft;
CREATE TABLE message_drafts (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    room_id uuid NOT NULL REFERENCES rooms ON DELETE CASCADE,
    body text NOT NULL CHECK (length(body) BETWEEN 1 AND 20000),
    reply_to_id uuid,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, room_id),
    FOREIGN KEY (room_id, reply_to_id) REFERENCES messages (room_id, id) ON DELETE SET NULL (reply_to_id)
);

CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE INDEX messages_text ON messages USING gin (room_id, to_tsvector('simple', body)) WHERE deleted_at IS NULL;
CREATE INDEX message_stars_in_order ON message_stars (user_id, created_at DESC, message_id DESC);
CREATE INDEX message_mentions_of_message ON message_mentions (message_id);
