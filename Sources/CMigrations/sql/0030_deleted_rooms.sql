-- Channels that were deleted are gone at once; their rooms, which nobody sees without them, are emptied in steps.

ALTER TABLE rooms ADD COLUMN deleted_at timestamptz;
CREATE INDEX rooms_deleted ON rooms (deleted_at, id) WHERE deleted_at IS NOT NULL;

-- What PostgreSQL asks for when a room goes; those of the members were each of a part of the table.
CREATE INDEX room_members_in_order ON room_members (room_id, joined_at, id);
CREATE INDEX scheduled_messages_of_room ON scheduled_messages (room_id);
-- In the order in which they are to be sent, and those that wait no more.
CREATE INDEX scheduled_messages_in_order ON scheduled_messages (author_id, send_at, id);
CREATE INDEX scheduled_messages_done ON scheduled_messages (send_at) WHERE status <> 'SCHEDULED';
