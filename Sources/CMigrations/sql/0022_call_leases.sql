-- Calls: who is on the line, and signals in the order of each listener's topic.

-- A participant is on the line until then; what listens for them moves it on.
ALTER TABLE call_participants ADD COLUMN alive_until timestamptz;
CREATE INDEX call_participants_of_user ON call_participants (user_id, call_id);
CREATE INDEX call_participants_alive ON call_participants (alive_until) WHERE state = 'JOINED';
CREATE INDEX calls_ringing ON calls (ring_expires_at) WHERE status = 'RINGING';
CREATE INDEX calls_of_room ON calls (room_id, ringing_at DESC);

-- A signal has the number of the event that tells of it: 1, 2, 3, … for each call and listener, in the order of commits.
ALTER TABLE call_signals ALTER COLUMN seq DROP IDENTITY;
ALTER TABLE call_signals ADD CONSTRAINT call_signals_payload_bytes CHECK (octet_length(payload) <= 65536);
CREATE INDEX ON call_signals (created_at);
