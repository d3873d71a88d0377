-- A dead job may get another life. Attempts go on being counted, as the number of one is what a lease is of.

ALTER TABLE jobs
  -- Those of the lives before.
  ADD COLUMN earlier_attempts int NOT NULL DEFAULT 0,
  DROP CONSTRAINT jobs_check,
  ADD CONSTRAINT jobs_check CHECK (earlier_attempts >= 0 AND attempts >= earlier_attempts
    AND attempts - earlier_attempts <= max_attempts);
CREATE INDEX jobs_dead ON jobs (finished_at, id) WHERE status = 'DEAD';
