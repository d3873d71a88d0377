-- The last seal is remembered beside the chain. Seals that are cut off are missed, and what is sealed next goes on from the one
-- that is remembered: it does not hide that they are gone.
ALTER TABLE audit_seal_horizon ADD sealed_through bigint NOT NULL DEFAULT 0, ADD last_seal bytea;
UPDATE audit_seal_horizon SET (sealed_through, last_seal) = (
    SELECT through_sequence, seal FROM audit_seals ORDER BY through_sequence DESC LIMIT 1
) WHERE EXISTS (SELECT FROM audit_seals);
