-- Files and what they take of a quota.

CREATE TABLE files (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    owner_id uuid REFERENCES users ON DELETE SET NULL,
    guest_id uuid REFERENCES guests,
    team_id uuid REFERENCES teams ON DELETE CASCADE,
    purpose text NOT NULL,
    filename text NOT NULL CHECK (filename !~ '[/\\[:cntrl:]]' AND length(filename) BETWEEN 1 AND 255),
    content_type text NOT NULL,
    byte_size bigint NOT NULL CHECK (byte_size >= 0),
    sha256 bytea,
    storage text NOT NULL DEFAULT 'local',
    storage_key text NOT NULL UNIQUE CHECK (storage_key ~ '^[a-z]+/[0-9a-f]{2}/[0-9a-f-]{36}$'),
    status text NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING','SCANNING','READY','REJECTED','DELETED')),
    rejection text,
    visibility text NOT NULL DEFAULT 'PRIVATE' CHECK (visibility IN ('PRIVATE','ATTACHED','PUBLIC')),
    width int,
    height int,
    blur_hash text,
    ref_count int NOT NULL DEFAULT 0 CHECK (ref_count >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    CHECK ((status = 'REJECTED') = (rejection IS NOT NULL))
);
CREATE INDEX ON files (owner_id, created_at DESC);
CREATE INDEX ON files (team_id, created_at DESC);
CREATE INDEX files_orphans ON files (created_at) WHERE ref_count = 0 OR status = 'PENDING';

CREATE TABLE storage_usage (
    principal text PRIMARY KEY,
    bytes bigint NOT NULL DEFAULT 0 CHECK (bytes >= 0),
    files int NOT NULL DEFAULT 0 CHECK (files >= 0),
    limit_bytes bigint,
    CHECK (limit_bytes IS NULL OR bytes <= limit_bytes)
);

ALTER TABLE user_profiles ADD FOREIGN KEY (avatar_file_id) REFERENCES files ON DELETE SET NULL;
ALTER TABLE teams ADD FOREIGN KEY (avatar_file_id) REFERENCES files ON DELETE SET NULL;
CREATE INDEX ON user_profiles (avatar_file_id) WHERE avatar_file_id IS NOT NULL;
CREATE INDEX ON teams (avatar_file_id) WHERE avatar_file_id IS NOT NULL;
