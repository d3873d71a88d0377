-- Sign-ins by accounts elsewhere that are under way, for some minutes each. Of every secret there is the hash alone; what
-- the provider is asked with is derived from what only the browser has.
CREATE TABLE oauth_attempts (
    state_hash bytea PRIMARY KEY, -- of what whoever began it keeps, and shows at its end
    provider text NOT NULL CHECK (provider IN ('GOOGLE','GITHUB')),
    intent text NOT NULL CHECK (intent IN ('SIGN_IN','LINK')),
    user_id uuid REFERENCES users ON DELETE CASCADE, -- who is to be linked
    return_to text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ticket_hash bytea NOT NULL UNIQUE, -- by which a browser goes on with it
    browser_hash bytea, -- of that browser's cookie
    return_hash bytea UNIQUE, -- what the browser comes back with
    returned_at timestamptz,
    code_hash bytea UNIQUE, -- what it is handed then
    fault text CHECK (fault IN ('DENIED','REFUSED','UNTRUSTED','UNAVAILABLE')),
    subject text,
    email citext,
    name text,
    CHECK ((intent = 'LINK') = (user_id IS NOT NULL)),
    CHECK ((browser_hash IS NULL) = (return_hash IS NULL)),
    CHECK (code_hash IS NULL OR (fault IS NULL) <> (subject IS NULL))
);
CREATE INDEX ON oauth_attempts (expires_at);
CREATE INDEX ON oauth_attempts (user_id);
