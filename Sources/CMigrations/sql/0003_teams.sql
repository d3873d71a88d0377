-- Teams, their members, roles and invites, and API keys.

CREATE TABLE teams (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL CHECK (length(name) BETWEEN 2 AND 80),
    slug citext NOT NULL,
    description text NOT NULL DEFAULT '',
    avatar_file_id uuid,
    owner_id uuid NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    archived_at timestamptz,
    deleted_at timestamptz,
    version int NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX teams_slug ON teams (slug) WHERE deleted_at IS NULL;
CREATE INDEX ON teams (owner_id);
CREATE TRIGGER t BEFORE UPDATE ON teams FOR EACH ROW EXECUTE FUNCTION bump_version();

CREATE TABLE team_roles (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    team_id uuid NOT NULL REFERENCES teams ON DELETE CASCADE,
    name citext NOT NULL,
    permissions text[] NOT NULL,
    UNIQUE (team_id, name),
    UNIQUE (team_id, id)
);

CREATE TABLE team_members (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    team_id uuid NOT NULL REFERENCES teams ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    role text NOT NULL CHECK (role IN ('OWNER','ADMIN','BILLING','MEMBER','GUEST')),
    custom_role_id uuid,
    invited_by uuid REFERENCES users,
    joined_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (team_id, user_id), -- a role of another team cannot be used
    FOREIGN KEY (team_id, custom_role_id) REFERENCES team_roles (team_id, id)
);
CREATE INDEX ON team_members (user_id);
CREATE UNIQUE INDEX team_one_owner ON team_members (team_id) WHERE role = 'OWNER';
-- a live team always has its owner among its members
CREATE FUNCTION team_keeps_owner() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE t uuid := COALESCE(NEW.team_id, OLD.team_id);
BEGIN
  IF EXISTS (SELECT 1 FROM teams WHERE id = t AND deleted_at IS NULL)
     AND NOT EXISTS (SELECT 1 FROM team_members m JOIN teams g ON g.id = m.team_id WHERE m.team_id = t AND m.role = 'OWNER' AND m.user_id = g.owner_id) THEN
    RAISE EXCEPTION 'team % would have no owner', t USING ERRCODE = 'CX003'; END IF;
  RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER team_keeps_owner AFTER INSERT OR UPDATE OR DELETE ON team_members DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION team_keeps_owner();

CREATE TABLE team_invites (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    team_id uuid NOT NULL REFERENCES teams ON DELETE CASCADE,
    email citext NOT NULL,
    role text NOT NULL CHECK (role IN ('ADMIN','BILLING','MEMBER','GUEST')),
    custom_role_id uuid,
    token_hash bytea NOT NULL UNIQUE,
    message text,
    status text NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING','ACCEPTED','DECLINED','REVOKED','EXPIRED')),
    invited_by uuid REFERENCES users,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL DEFAULT now() + interval '7 days',
    responded_at timestamptz,
    FOREIGN KEY (team_id, custom_role_id) REFERENCES team_roles (team_id, id)
);
CREATE UNIQUE INDEX one_pending_invite ON team_invites (team_id, email) WHERE status = 'PENDING';
CREATE TRIGGER g BEFORE UPDATE ON team_invites FOR EACH ROW EXECUTE FUNCTION guard_status('team_invite');
INSERT INTO state_transitions VALUES ('team_invite','PENDING','ACCEPTED'),('team_invite','PENDING','DECLINED'),('team_invite','PENDING','REVOKED'),('team_invite','PENDING','EXPIRED');

CREATE TABLE api_keys (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    team_id uuid REFERENCES teams ON DELETE CASCADE,
    name text NOT NULL,
    prefix text NOT NULL UNIQUE,
    key_hash bytea NOT NULL UNIQUE,
    previous_hash bytea,
    previous_valid_until timestamptz,
    scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
    allowed_ranges cidr[] NOT NULL DEFAULT '{}',
    status text NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE','REVOKED','EXPIRED')),
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    expires_at timestamptz
);
CREATE INDEX ON api_keys (user_id);
CREATE INDEX ON api_keys (team_id);
