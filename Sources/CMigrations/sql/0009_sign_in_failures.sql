-- Failed sign-ins in a row, by account, by unknown name and by address: what locks them, and for how long.
-- The key is a hash, so that the table holds no list of names that somebody tried.

CREATE TABLE sign_in_failures (
    key bytea PRIMARY KEY,
    failures int NOT NULL DEFAULT 1,
    locked_until timestamptz,
    last_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON sign_in_failures (last_at);
