-- A broadcast that has failed goes on when its job is given another life.
INSERT INTO state_transitions VALUES ('broadcast', 'FAILED', 'SENDING');
