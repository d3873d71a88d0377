-- Indexes of chat behind references and lists that had none: deleting a message, a thread or a room read tables through, and
-- the messages that speak of somebody were all read to find the newest.

CREATE INDEX messages_replies ON messages (room_id, reply_to_id) WHERE reply_to_id IS NOT NULL;
CREATE INDEX message_stars_of_message ON message_stars (message_id);
CREATE INDEX message_drafts_of_room ON message_drafts (room_id, reply_to_id);
CREATE INDEX thread_states_of_root ON thread_states (root_id);

-- When the message was written: that never changes.
ALTER TABLE message_mentions ADD COLUMN created_at timestamptz;
UPDATE message_mentions own SET created_at = m.created_at FROM messages m WHERE m.id = own.message_id;
ALTER TABLE message_mentions ALTER COLUMN created_at SET NOT NULL;
CREATE INDEX message_mentions_in_order ON message_mentions (user_id, created_at DESC, message_id DESC);
