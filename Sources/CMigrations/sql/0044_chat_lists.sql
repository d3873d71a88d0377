-- Groups that everybody finds, by name, and by a part of what is known of them.

CREATE INDEX groups_listed ON groups ((name::text), id) WHERE archived_at IS NULL AND visibility <> 'INVITE_ONLY';
CREATE INDEX groups_searched ON groups USING gin ((name::text || ' ' || description) gin_trgm_ops)
    WHERE archived_at IS NULL AND visibility <> 'INVITE_ONLY';
