-- Accounts, sessions, tokens, blocks.

CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email citext UNIQUE,
    username citext NOT NULL UNIQUE CHECK (username ~ '^[A-Za-z0-9_]([A-Za-z0-9_.-]{1,28})[A-Za-z0-9_]$'),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    password_hash text, -- $2b$… ; null for OAuth-only accounts
    status text NOT NULL DEFAULT 'PENDING_VERIFICATION' CHECK (status IN ('PENDING_VERIFICATION','ACTIVE','SUSPENDED','DEACTIVATED','DELETED')),
    email_verified_at timestamptz,
    locale text NOT NULL DEFAULT 'en',
    time_zone text NOT NULL DEFAULT 'UTC',
    failed_logins int NOT NULL DEFAULT 0,
    locked_until timestamptz,
    suspended_until timestamptz,
    session_epoch int NOT NULL DEFAULT 0, -- raising it kills every access token at once
    last_active_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    CHECK (email IS NOT NULL OR status = 'DELETED')
);
CREATE TRIGGER t BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch_row();
CREATE INDEX ON users (created_at DESC, id);
CREATE INDEX ON users USING gin (name gin_trgm_ops);

CREATE TABLE user_profiles (
    user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    headline text,
    bio text NOT NULL DEFAULT '',
    avatar_file_id uuid,
    links text[] NOT NULL DEFAULT '{}' CHECK (cardinality(links) <= 10),
    phone_enc bytea,
    phone_index bytea UNIQUE, -- AES-256-GCM + HMAC blind index
    preferences jsonb NOT NULL DEFAULT '{}',
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE user_roles (
    user_id uuid REFERENCES users ON DELETE CASCADE,
    role text NOT NULL CHECK (role IN ('MEMBER','STUDENT','TUTOR','RECRUITER','MODERATOR','SUPPORT','ADMIN','SUPER_ADMIN')),
    granted_by uuid REFERENCES users,
    granted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, role)
);
CREATE INDEX ON user_roles (role);
-- the last SUPER_ADMIN can not be taken away
CREATE FUNCTION keep_super_admin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.role = 'SUPER_ADMIN' AND NOT EXISTS (SELECT 1 FROM user_roles WHERE role = 'SUPER_ADMIN') THEN
    RAISE EXCEPTION 'the last SUPER_ADMIN cannot be removed' USING ERRCODE = 'CX002'; END IF;
  RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER keep_super_admin AFTER DELETE OR UPDATE ON user_roles DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_super_admin();

CREATE TABLE auth_sessions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    method text NOT NULL CHECK (method IN ('PASSWORD','OAUTH','MAGIC_LINK','IMPERSONATION')),
    impersonator_id uuid REFERENCES users,
    device_name text,
    user_agent text NOT NULL DEFAULT '',
    ip inet,
    verified_at timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoke_reason text,
    CHECK (expires_at > created_at),
    CHECK ((method = 'IMPERSONATION') = (impersonator_id IS NOT NULL))
);
CREATE INDEX ON auth_sessions (user_id, last_used_at DESC) WHERE revoked_at IS NULL;

CREATE TABLE refresh_tokens (
    -- one family per session; presenting a used token revokes the session
    token_hash bytea PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES auth_sessions ON DELETE CASCADE,
    generation int NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz,
    replaced_by bytea,
    expires_at timestamptz NOT NULL,
    UNIQUE (session_id, generation)
);
CREATE UNIQUE INDEX one_live_refresh_token ON refresh_tokens (session_id) WHERE used_at IS NULL;

CREATE TABLE one_time_tokens (
    token_hash bytea PRIMARY KEY,
    purpose text NOT NULL CHECK (purpose IN ('EMAIL_VERIFY','PASSWORD_RESET','MAGIC_LINK','EMAIL_CHANGE','MFA_CHALLENGE','OAUTH_STATE','GUEST_ACCESS')),
    user_id uuid REFERENCES users ON DELETE CASCADE,
    data jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX ON one_time_tokens (user_id, purpose);
CREATE INDEX ON one_time_tokens (expires_at);

CREATE TABLE oauth_identities (
    provider text NOT NULL CHECK (provider IN ('GOOGLE','GITHUB')),
    subject text NOT NULL,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    email citext,
    token_enc bytea,
    linked_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    PRIMARY KEY (provider, subject),
    UNIQUE (user_id, provider)
);

CREATE TABLE mfa_factors (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('TOTP','RECOVERY_CODE')),
    name text NOT NULL,
    secret_enc bytea,
    code_hash bytea,
    last_step bigint,
    confirmed_at timestamptz,
    used_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE user_blocks (
    user_id uuid REFERENCES users ON DELETE CASCADE,
    blocked_id uuid REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, blocked_id),
    CHECK (user_id <> blocked_id)
);

CREATE TABLE guests (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    email citext,
    created_at timestamptz NOT NULL DEFAULT now()
);
