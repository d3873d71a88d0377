-- Whose job it is: they see how far it is, and what it says of itself.
ALTER TABLE jobs ADD COLUMN owner_id uuid REFERENCES users ON DELETE SET NULL, ADD COLUMN message text;
CREATE INDEX jobs_of_owner ON jobs (owner_id) WHERE owner_id IS NOT NULL;
