-- Time-outs apart from who is in a room: leaving and coming back ends none.

ALTER TABLE room_members DROP COLUMN timeout_until;
CREATE TABLE room_timeouts (
    room_id uuid NOT NULL REFERENCES rooms ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    until timestamptz NOT NULL,
    reason text NOT NULL,
    set_by uuid REFERENCES users ON DELETE SET NULL,
    PRIMARY KEY (room_id, user_id)
);
CREATE INDEX group_bans_in_order ON group_bans (group_id, created_at DESC, id DESC);
CREATE INDEX group_join_requests_in_order ON group_join_requests (group_id, status, created_at, id);
