-- What people say of messages that should not stand, and what was decided. The table was there, and nothing wrote to it.

ALTER TABLE moderation_reports
    -- A report outlives the message, which goes with its room: its author would take the report away by deleting that.
    ALTER COLUMN message_id DROP NOT NULL,
    DROP CONSTRAINT moderation_reports_message_id_fkey,
    ADD CONSTRAINT moderation_reports_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages ON DELETE SET NULL,
    -- Of the message.
    ADD COLUMN author_id uuid REFERENCES users ON DELETE SET NULL,
    -- Of the message's room; none where it is of no group, or the group is gone.
    ADD COLUMN group_id uuid REFERENCES groups ON DELETE SET NULL,
    -- What the message said when it was reported, until that is decided.
    ADD COLUMN body text,
    ADD COLUMN resolution text,
    ADD CHECK (reason IN ('SPAM','HARASSMENT','HATE','NUDITY','SCAM','OTHER')),
    ADD CONSTRAINT moderation_report_ends CHECK ((status = 'OPEN') = (resolved_at IS NULL));
CREATE INDEX moderation_reports_in_order ON moderation_reports (status, created_at, id);
-- What goes with an account is found by whose it is.
CREATE INDEX moderation_reports_of_author ON moderation_reports (author_id);
CREATE INDEX moderation_reports_of_group ON moderation_reports (group_id, status, created_at, id);
