-- What goes with an account is found by whose it is, however much there is of others.

CREATE INDEX message_reactions_of_user ON message_reactions (user_id);
CREATE INDEX moderation_reports_of_reporter ON moderation_reports (reporter_id);
CREATE INDEX group_bans_of_user ON group_bans (user_id);
CREATE INDEX group_join_requests_of_user ON group_join_requests (user_id);
CREATE INDEX room_timeouts_of_user ON room_timeouts (user_id);
CREATE INDEX team_invites_to ON team_invites (email);

-- The job that sends a mail, and those of mails about somebody that go to another address than theirs.
CREATE INDEX jobs_of_mail ON jobs ((payload ->> 'message')) WHERE name = 'mail.send';
CREATE INDEX jobs_of_mails_about ON jobs ((payload -> 'values' ->> 'user'))
    WHERE name = 'mail.send' AND payload -> 'values' ->> 'user' IS NOT NULL;
