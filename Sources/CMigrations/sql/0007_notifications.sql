-- Notifications, their delivery, and e-mail.

CREATE TABLE notifications (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    category text NOT NULL,
    type text NOT NULL,
    priority text NOT NULL DEFAULT 'NORMAL' CHECK (priority IN ('LOW','NORMAL','HIGH','CRITICAL')),
    title text NOT NULL,
    body text NOT NULL DEFAULT '',
    actor_id uuid REFERENCES users ON DELETE SET NULL,
    subject_type text,
    subject_id uuid,
    action_url text,
    group_key text,
    event_count int NOT NULL DEFAULT 1 CHECK (event_count > 0),
    seen_at timestamptz,
    read_at timestamptz,
    archived_at timestamptz,
    snoozed_until timestamptz,
    deleted_at timestamptz,
    broadcast_id uuid,
    dedupe_key text,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (user_id, dedupe_key)
);
CREATE INDEX notifications_inbox ON notifications (user_id, created_at DESC, id) WHERE deleted_at IS NULL;
CREATE INDEX notifications_unread ON notifications (user_id, category) WHERE read_at IS NULL AND deleted_at IS NULL;
CREATE UNIQUE INDEX notifications_group ON notifications (user_id, group_key) WHERE group_key IS NOT NULL AND read_at IS NULL AND deleted_at IS NULL; -- events of one thread collapse while unread
CREATE TABLE notification_deliveries (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    notification_id uuid NOT NULL REFERENCES notifications ON DELETE CASCADE,
    channel text NOT NULL CHECK (channel IN ('IN_APP','EMAIL','PUSH')),
    status text NOT NULL DEFAULT 'QUEUED' CHECK (status IN ('QUEUED','SENDING','SENT','FAILED','SUPPRESSED')),
    attempts int NOT NULL DEFAULT 0,
    last_error text,
    sent_at timestamptz,
    delivered_at timestamptz,
    opened_at timestamptz,
    UNIQUE (notification_id, channel)
);

CREATE TABLE notification_preferences (
    user_id uuid REFERENCES users ON DELETE CASCADE,
    category text NOT NULL,
    channel text NOT NULL,
    enabled boolean NOT NULL,
    PRIMARY KEY (user_id, category, channel),
    CHECK (NOT (category = 'SECURITY' AND enabled = false AND channel IN ('IN_APP','EMAIL')))
); -- security notices cannot be switched off
CREATE TABLE notification_schedules (
    user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    quiet_enabled boolean NOT NULL DEFAULT false,
    quiet_start time,
    quiet_end time,
    time_zone text NOT NULL DEFAULT 'UTC',
    weekdays smallint[] NOT NULL DEFAULT '{1,2,3,4,5,6,7}',
    allow_critical boolean NOT NULL DEFAULT true,
    email_digest text NOT NULL DEFAULT 'IMMEDIATE',
    muted_until timestamptz
);

CREATE TABLE push_subscriptions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    provider text NOT NULL,
    endpoint text NOT NULL UNIQUE,
    keys_enc bytea,
    device_name text,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    failures int NOT NULL DEFAULT 0
);

CREATE TABLE broadcasts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    title text NOT NULL,
    body text NOT NULL,
    channels text[] NOT NULL,
    audience jsonb NOT NULL,
    status text NOT NULL DEFAULT 'DRAFT' CHECK (status IN ('DRAFT','SCHEDULED','SENDING','SENT','CANCELLED','FAILED')),
    send_at timestamptz,
    recipient_count int NOT NULL DEFAULT 0,
    last_user_id uuid,
    created_by uuid REFERENCES users,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE email_templates (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    key citext NOT NULL,
    locale text NOT NULL DEFAULT 'en',
    subject text NOT NULL,
    html text NOT NULL,
    text text NOT NULL DEFAULT '',
    updated_at timestamptz NOT NULL DEFAULT now(),
    version int NOT NULL DEFAULT 1,
    UNIQUE (key, locale)
);

CREATE TABLE email_messages (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    to_address citext NOT NULL,
    user_id uuid REFERENCES users ON DELETE SET NULL,
    template_key text,
    subject text NOT NULL,
    html text,
    text text,
    provider text NOT NULL,
    provider_id text,
    status text NOT NULL DEFAULT 'QUEUED' CHECK (status IN ('QUEUED','SENDING','SENT','FAILED','SUPPRESSED')),
    attempts int NOT NULL DEFAULT 0,
    last_error text,
    dedupe_key text UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz
);

CREATE TABLE email_suppressions (
    address citext PRIMARY KEY,
    reason text NOT NULL CHECK (reason IN ('BOUNCE','COMPLAINT','UNSUBSCRIBED','MANUAL')),
    created_at timestamptz NOT NULL DEFAULT now()
);
