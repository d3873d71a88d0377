-- Sessions that ended long ago are found by when that was.
CREATE INDEX auth_sessions_ended ON auth_sessions (coalesce(revoked_at, expires_at));
