-- Accounts are erased some time after somebody has asked for it.

CREATE TABLE privacy_requests (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('ERASURE')),
    status text NOT NULL DEFAULT 'SCHEDULED' CHECK (status IN ('SCHEDULED','COMPLETED','REJECTED','CANCELLED')),
    user_id uuid NOT NULL REFERENCES users,
    -- Whose doing it is: the user's own can be undone by them, another's cannot.
    requested_by uuid NOT NULL REFERENCES users,
    note text CHECK (length(note) <= 500),
    scheduled_for timestamptz NOT NULL,
    completed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT privacy_request_ends CHECK ((status = 'COMPLETED') = (completed_at IS NOT NULL))
);
CREATE UNIQUE INDEX one_open_privacy_request ON privacy_requests (user_id, kind) WHERE status = 'SCHEDULED';
CREATE INDEX privacy_requests_due ON privacy_requests (scheduled_for) WHERE status = 'SCHEDULED';
CREATE INDEX privacy_requests_of_user ON privacy_requests (user_id, created_at DESC, id DESC);
CREATE INDEX ON privacy_requests (requested_by);
CREATE TRIGGER g BEFORE UPDATE ON privacy_requests FOR EACH ROW EXECUTE FUNCTION guard_status('privacy_request');
INSERT INTO state_transitions VALUES ('privacy_request','SCHEDULED','COMPLETED'),('privacy_request','SCHEDULED','REJECTED'),
  ('privacy_request','SCHEDULED','CANCELLED');

-- What names somebody in the lists of others is found by who it is.
CREATE INDEX notifications_of_actor ON notifications (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX email_messages_of_user ON email_messages (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX email_messages_to ON email_messages (to_address);
