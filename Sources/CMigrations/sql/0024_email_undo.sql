-- An address that was changed can be given back, and mails are looked for by their time when they are forgotten.

ALTER TABLE one_time_tokens DROP CONSTRAINT one_time_tokens_purpose_check;
ALTER TABLE one_time_tokens ADD CONSTRAINT one_time_tokens_purpose_check CHECK (purpose IN ('EMAIL_VERIFY',
    'PASSWORD_RESET', 'MAGIC_LINK', 'EMAIL_CHANGE', 'EMAIL_UNDO', 'MFA_CHALLENGE', 'OAUTH_STATE', 'GUEST_ACCESS'));

CREATE INDEX email_messages_created_at ON email_messages (created_at);
