-- Who is connected to which process, for a while: a process that ends without a word is forgotten by itself.

ALTER TABLE presence DROP COLUMN connections;
ALTER TABLE presence ADD CHECK (chosen IN ('ONLINE', 'IDLE', 'DO_NOT_DISTURB', 'OFFLINE'));
CREATE UNLOGGED TABLE presence_leases (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    holder uuid NOT NULL,
    alive_until timestamptz NOT NULL,
    PRIMARY KEY (user_id, holder)
);
CREATE INDEX ON presence_leases (alive_until);

-- Whether two people share a group or a direct room, or are one: what people may know of others' comings and goings.
CREATE FUNCTION know_each_other(p_one uuid, p_other uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT p_one = p_other
        OR EXISTS (
            SELECT FROM group_members a JOIN group_members b USING (group_id)
            WHERE a.user_id = p_one AND b.user_id = p_other)
        OR EXISTS (
            SELECT FROM room_members a JOIN room_members b USING (room_id) JOIN rooms r ON r.id = a.room_id
            WHERE a.user_id = p_one AND b.user_id = p_other AND r.kind = 'DIRECT')
$$;
