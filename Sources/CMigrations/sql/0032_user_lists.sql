-- People are listed and searched by those who manage accounts: each order has its index, and one finds parts of names.

-- Both columns in one direction, so that a page can be read from either end.
DROP INDEX users_created_at_id_idx;
CREATE INDEX users_created ON users (created_at, id);
CREATE INDEX users_named ON users (lower(username::text), id);

-- A part of the user name, the name or the address, in any case.
DROP INDEX users_name_idx;
CREATE INDEX users_searched ON users
    USING gin ((username::text || ' ' || name || ' ' || coalesce(email::text, '')) gin_trgm_ops);

-- Suspensions that end by themselves.
CREATE INDEX users_suspended ON users (suspended_until) WHERE status = 'SUSPENDED';
