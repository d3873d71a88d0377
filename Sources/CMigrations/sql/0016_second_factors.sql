-- Second factors are found by their owner, and a recovery code is there once.
CREATE INDEX mfa_factors_user ON mfa_factors (user_id, kind);
CREATE UNIQUE INDEX mfa_recovery_codes ON mfa_factors (user_id, code_hash) WHERE kind = 'RECOVERY_CODE';
ALTER TABLE mfa_factors ADD CONSTRAINT mfa_factor_has_its_secret
    CHECK ((kind = 'TOTP') = (secret_enc IS NOT NULL) AND (kind = 'RECOVERY_CODE') = (code_hash IS NOT NULL));
