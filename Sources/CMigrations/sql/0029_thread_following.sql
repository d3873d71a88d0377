-- Who follows threads, and who is still to be told of replies.

ALTER TABLE thread_states ADD COLUMN followed_at timestamptz NOT NULL DEFAULT now();
-- Whoever has written in a thread follows it, as does whoever wrote what it stands below.
INSERT INTO thread_states (root_id, user_id)
SELECT thread_root_id, author_id FROM messages WHERE thread_root_id IS NOT NULL AND author_id IS NOT NULL
UNION
SELECT root.id, root.author_id FROM messages m JOIN messages root ON root.id = m.thread_root_id
WHERE root.author_id IS NOT NULL
ON CONFLICT (user_id, root_id) DO NOTHING;

-- In the order in which they are told.
DROP INDEX thread_states_of_root;
CREATE INDEX thread_states_of_root ON thread_states (root_id, user_id);
CREATE INDEX thread_states_in_order ON thread_states (user_id, followed_at DESC, root_id DESC) WHERE following;

-- Replies of which somebody may still have to be told; those who follow the thread are told in the order of their ids.
CREATE TABLE reply_notices (
    message_id uuid PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
    -- The last of those who were told.
    told_through uuid
);
