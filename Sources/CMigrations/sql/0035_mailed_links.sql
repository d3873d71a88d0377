-- The secret of a mail's link is there when the mail is asked for, and ended with what asked for it; sending fills it in.
-- What an account had as its address is kept for it while the change can be undone.

ALTER TABLE one_time_tokens
    ADD number bigint GENERATED ALWAYS AS IDENTITY, -- of one account: the order of what was done
    ADD mail_id uuid UNIQUE, -- whose link it is
    ADD session_id uuid; -- who asked

CREATE INDEX one_time_tokens_former_address ON one_time_tokens (((data ->> 'email')::citext))
    WHERE purpose = 'EMAIL_UNDO';

CREATE FUNCTION email_is_reserved(address citext, asker uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM one_time_tokens t JOIN users u ON u.id = t.user_id
        WHERE t.purpose = 'EMAIL_UNDO' AND (t.data ->> 'email')::citext = address AND t.used_at IS NULL
            AND t.expires_at > now() AND u.status <> 'DELETED' AND u.id IS DISTINCT FROM asker
    )
$$;
