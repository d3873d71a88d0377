-- What people, teams and the platform have set; what there is to set is in the program. A row that is not there has the
-- standard value, and its version is 0.

CREATE TABLE settings (
    key text NOT NULL CHECK (length(key) <= 100),
    user_id uuid REFERENCES users ON DELETE CASCADE,
    team_id uuid REFERENCES teams ON DELETE CASCADE,
    -- Null where it was set back: the version goes on.
    value text CHECK (length(value) <= 10000),
    version int NOT NULL DEFAULT 1,
    updated_by uuid REFERENCES users ON DELETE SET NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT settings_of_one CHECK (num_nonnulls(user_id, team_id) <= 1),
    CONSTRAINT settings_once UNIQUE NULLS NOT DISTINCT (user_id, team_id, key)
);
CREATE INDEX settings_team ON settings (team_id) WHERE team_id IS NOT NULL;
CREATE INDEX settings_updated_by ON settings (updated_by);
