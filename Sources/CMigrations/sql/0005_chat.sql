-- Groups, rooms, channels, messages and calls.

CREATE TABLE groups (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    team_id uuid REFERENCES teams ON DELETE CASCADE,
    name citext NOT NULL,
    slug citext NOT NULL,
    description text NOT NULL DEFAULT '',
    avatar_file_id uuid,
    visibility text NOT NULL DEFAULT 'REQUEST_TO_JOIN' CHECK (visibility IN ('PUBLIC','REQUEST_TO_JOIN','INVITE_ONLY')),
    created_by uuid REFERENCES users ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    archived_at timestamptz,
    version int NOT NULL DEFAULT 1,
    UNIQUE NULLS NOT DISTINCT (team_id, name), -- groups.name unique (here: inside its team)
    UNIQUE (slug)
);
CREATE INDEX ON groups (created_by);
CREATE TRIGGER t BEFORE UPDATE ON groups FOR EACH ROW EXECUTE FUNCTION bump_version();

CREATE TABLE group_members (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    group_id uuid NOT NULL REFERENCES groups ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    role text NOT NULL DEFAULT 'MEMBER' CHECK (role IN ('OWNER','ADMIN','MODERATOR','MEMBER')),
    nickname text,
    joined_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (group_id, user_id)
);
CREATE INDEX ON group_members (user_id);
CREATE UNIQUE INDEX group_one_owner ON group_members (group_id) WHERE role = 'OWNER';

CREATE TABLE group_join_requests (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    group_id uuid NOT NULL REFERENCES groups ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    message text,
    status text NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING','APPROVED','REJECTED','CANCELLED')),
    decided_by uuid REFERENCES users,
    decided_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX one_pending_join ON group_join_requests (group_id, user_id) WHERE status = 'PENDING';
CREATE TRIGGER g BEFORE UPDATE ON group_join_requests FOR EACH ROW EXECUTE FUNCTION guard_status('join_request');
INSERT INTO state_transitions VALUES ('join_request','PENDING','APPROVED'),('join_request','PENDING','REJECTED'),('join_request','PENDING','CANCELLED');

CREATE TABLE group_bans (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    group_id uuid NOT NULL REFERENCES groups ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    reason text NOT NULL,
    banned_by uuid REFERENCES users,
    expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (group_id, user_id)
);

CREATE TABLE rooms (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kind text NOT NULL CHECK (kind IN ('CHANNEL','DIRECT','CONVERSATION','LESSON','APPLICATION')),
    title text NOT NULL DEFAULT '',
    direct_key text UNIQUE,
    last_seq bigint NOT NULL DEFAULT 0,
    last_message_at timestamptz,
    archived_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (id, kind), -- exactly one direct room per set of people
    CHECK ((kind = 'DIRECT') = (direct_key IS NOT NULL))
);

CREATE TABLE channels (
    id uuid PRIMARY KEY,
    kind text NOT NULL DEFAULT 'CHANNEL' CHECK (kind = 'CHANNEL'),
    group_id uuid NOT NULL REFERENCES groups ON DELETE CASCADE,
    name citext NOT NULL,
    channel_kind text NOT NULL DEFAULT 'TEXT' CHECK (channel_kind IN ('TEXT','ANNOUNCEMENT','VOICE')),
    topic text NOT NULL DEFAULT '',
    is_private boolean NOT NULL DEFAULT false,
    position int NOT NULL DEFAULT 0,
    slow_mode_seconds int NOT NULL DEFAULT 0 CHECK (slow_mode_seconds BETWEEN 0 AND 21600),
    created_by uuid REFERENCES users ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version int NOT NULL DEFAULT 1,
    UNIQUE (group_id, name),
    FOREIGN KEY (id, kind) REFERENCES rooms (id, kind) ON DELETE CASCADE
);
CREATE TRIGGER t BEFORE UPDATE ON channels FOR EACH ROW EXECUTE FUNCTION bump_version();

CREATE TABLE room_members (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    room_id uuid NOT NULL REFERENCES rooms ON DELETE CASCADE,
    user_id uuid REFERENCES users ON DELETE CASCADE,
    guest_id uuid REFERENCES guests ON DELETE CASCADE,
    last_read_seq bigint NOT NULL DEFAULT 0 CHECK (last_read_seq >= 0),
    last_read_at timestamptz,
    notify text NOT NULL DEFAULT 'ALL' CHECK (notify IN ('ALL','MENTIONS','NONE')),
    muted_until timestamptz,
    timeout_until timestamptz,
    is_favourite boolean NOT NULL DEFAULT false,
    draft jsonb,
    last_posted_at timestamptz,
    joined_at timestamptz NOT NULL DEFAULT now(),
    CHECK (num_nonnulls(user_id, guest_id) = 1)
);
CREATE UNIQUE INDEX ON room_members (room_id, user_id) WHERE user_id IS NOT NULL;
CREATE UNIQUE INDEX ON room_members (room_id, guest_id) WHERE guest_id IS NOT NULL;
CREATE INDEX ON room_members (user_id);

CREATE TABLE messages (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    room_id uuid NOT NULL REFERENCES rooms ON DELETE CASCADE,
    seq bigint NOT NULL,
    kind text NOT NULL DEFAULT 'TEXT' CHECK (kind IN ('TEXT','MEDIA','SYSTEM','CALL','PRODUCT')),
    author_id uuid REFERENCES users ON DELETE SET NULL,
    guest_id uuid REFERENCES guests ON DELETE SET NULL,
    body text NOT NULL DEFAULT '' CHECK (length(body) <= 20000),
    body_html text NOT NULL DEFAULT '',
    nonce text CHECK (length(nonce) BETWEEN 8 AND 64),
    reply_to_id uuid,
    thread_root_id uuid,
    meta jsonb NOT NULL DEFAULT '{}',
    edited_at timestamptz,
    deleted_at timestamptz,
    deleted_by uuid REFERENCES users,
    pinned_at timestamptz,
    pinned_by uuid REFERENCES users,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (room_id, seq),
    UNIQUE (room_id, id),
    FOREIGN KEY (room_id, reply_to_id) REFERENCES messages (room_id, id),
    -- replies and threads stay inside their room
    FOREIGN KEY (room_id, thread_root_id) REFERENCES messages (room_id, id)
);
CREATE UNIQUE INDEX messages_nonce ON messages (room_id, author_id, nonce) WHERE nonce IS NOT NULL;
CREATE INDEX messages_created ON messages (room_id, created_at);
CREATE INDEX messages_thread ON messages (thread_root_id, seq) WHERE thread_root_id IS NOT NULL;
CREATE INDEX messages_pinned ON messages (room_id, pinned_at DESC) WHERE pinned_at IS NOT NULL;
CREATE INDEX messages_author ON messages (author_id, created_at DESC);
-- chronological, gap-free numbering per room; an archived room takes no messages
CREATE FUNCTION number_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE rooms SET last_seq = last_seq + 1, last_message_at = clock_timestamp() WHERE id = NEW.room_id AND archived_at IS NULL RETURNING last_seq INTO NEW.seq;
  IF NOT FOUND THEN RAISE EXCEPTION 'room % is archived or missing', NEW.room_id USING ERRCODE = 'CX004'; END IF;
  NEW.created_at := clock_timestamp(); NEW.updated_at := NEW.created_at;
  RETURN NEW; END $$;
CREATE TRIGGER number_message BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION number_message();

CREATE TABLE message_revisions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    message_id uuid NOT NULL REFERENCES messages ON DELETE CASCADE,
    revision int NOT NULL,
    body text NOT NULL,
    edited_by uuid REFERENCES users,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (message_id, revision)
);

CREATE TABLE message_attachments (
    message_id uuid REFERENCES messages ON DELETE CASCADE,
    file_id uuid NOT NULL REFERENCES files,
    position smallint NOT NULL,
    caption text,
    PRIMARY KEY (message_id, position)
);

CREATE TABLE message_mentions (
    room_id uuid NOT NULL,
    seq bigint NOT NULL,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    message_id uuid NOT NULL REFERENCES messages ON DELETE CASCADE,
    PRIMARY KEY (user_id, room_id, seq)
);

CREATE TABLE message_reactions (
    message_id uuid REFERENCES messages ON DELETE CASCADE,
    user_id uuid REFERENCES users ON DELETE CASCADE,
    emoji text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (message_id, emoji, user_id)
);

CREATE TABLE message_stars (
    user_id uuid REFERENCES users ON DELETE CASCADE,
    message_id uuid REFERENCES messages ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, message_id)
);

CREATE TABLE thread_states (
    root_id uuid REFERENCES messages ON DELETE CASCADE,
    user_id uuid REFERENCES users ON DELETE CASCADE,
    following boolean NOT NULL DEFAULT true,
    last_read_seq bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, root_id)
);

CREATE TABLE scheduled_messages (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    room_id uuid NOT NULL REFERENCES rooms ON DELETE CASCADE,
    author_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    input jsonb NOT NULL,
    send_at timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'SCHEDULED' CHECK (status IN ('SCHEDULED','SENT','CANCELLED','FAILED')),
    failure text
);
CREATE INDEX ON scheduled_messages (send_at) WHERE status = 'SCHEDULED';

CREATE TABLE moderation_reports (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    message_id uuid NOT NULL REFERENCES messages ON DELETE CASCADE,
    reporter_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    reason text NOT NULL,
    note text,
    status text NOT NULL DEFAULT 'OPEN' CHECK (status IN ('OPEN','DISMISSED','ACTIONED')),
    resolved_by uuid REFERENCES users,
    resolved_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (message_id, reporter_id)
);

CREATE UNLOGGED TABLE presence (
    user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    chosen text,
    connections int NOT NULL DEFAULT 0 CHECK (connections >= 0),
    last_active_at timestamptz,
    custom_text text,
    custom_emoji text,
    custom_expires_at timestamptz
);

CREATE TABLE calls (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    room_id uuid NOT NULL REFERENCES rooms ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('AUDIO','VIDEO')),
    caller_id uuid NOT NULL REFERENCES users,
    receiver_id uuid REFERENCES users,
    status text NOT NULL DEFAULT 'RINGING' CHECK (status IN ('RINGING','ACTIVE','ENDED','MISSED','DECLINED','CANCELLED','FAILED','BUSY')),
    end_reason text,
    ringing_at timestamptz NOT NULL DEFAULT now(),
    ring_expires_at timestamptz NOT NULL DEFAULT now() + interval '45 seconds',
    answered_at timestamptz,
    ended_at timestamptz,
    CHECK (answered_at IS NULL OR answered_at >= ringing_at),
    CHECK (ended_at IS NULL OR ended_at >= COALESCE(answered_at, ringing_at)),
    CHECK ((status IN ('RINGING','ACTIVE')) = (ended_at IS NULL)),
    CHECK (receiver_id IS DISTINCT FROM caller_id)
);
CREATE INDEX ON calls (caller_id, ringing_at DESC);
CREATE INDEX ON calls (receiver_id, ringing_at DESC);
CREATE INDEX ON calls (status);
CREATE UNIQUE INDEX one_live_call_per_room ON calls (room_id) WHERE status IN ('RINGING','ACTIVE');
CREATE TRIGGER g BEFORE UPDATE ON calls FOR EACH ROW EXECUTE FUNCTION guard_status('call');
INSERT INTO state_transitions SELECT 'call','RINGING',x FROM unnest('{ACTIVE,MISSED,DECLINED,CANCELLED,FAILED,BUSY,ENDED}'::text[]) x UNION ALL SELECT 'call','ACTIVE',x FROM unnest('{ENDED,FAILED}'::text[]) x;

CREATE TABLE call_participants (
    call_id uuid REFERENCES calls ON DELETE CASCADE,
    user_id uuid REFERENCES users ON DELETE CASCADE,
    device_id text,
    state text NOT NULL DEFAULT 'INVITED' CHECK (state IN ('INVITED','RINGING','JOINED','LEFT','DECLINED','MISSED')),
    joined_at timestamptz,
    left_at timestamptz,
    audio_muted boolean NOT NULL DEFAULT false,
    video_muted boolean NOT NULL DEFAULT false,
    screen_sharing boolean NOT NULL DEFAULT false,
    PRIMARY KEY (call_id, user_id)
);
CREATE UNIQUE INDEX one_joined_call_per_user ON call_participants (user_id) WHERE state = 'JOINED';

CREATE UNLOGGED TABLE call_signals (
    call_id uuid NOT NULL,
    to_user_id uuid NOT NULL,
    seq bigint GENERATED ALWAYS AS IDENTITY,
    from_user_id uuid NOT NULL,
    from_device_id text NOT NULL,
    kind text NOT NULL,
    payload text NOT NULL CHECK (length(payload) <= 65536),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (call_id, to_user_id, seq)
);

CREATE INDEX ON message_attachments (file_id);
ALTER TABLE groups ADD FOREIGN KEY (avatar_file_id) REFERENCES files ON DELETE SET NULL;
