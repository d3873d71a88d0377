-- Who wants nothing to do with whom, and by what broadcasts are brought.

-- Lists of those whom somebody has blocked, and what PostgreSQL asks for when an account goes.
CREATE INDEX user_blocks_in_order ON user_blocks (user_id, created_at DESC, blocked_id DESC);
CREATE INDEX user_blocks_of_blocked ON user_blocks (blocked_id, user_id);

-- So far all were brought by everything, whatever was noted.
UPDATE broadcasts SET channels = '{IN_APP,EMAIL,PUSH}';
