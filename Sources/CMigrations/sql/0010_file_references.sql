-- Files know how many things refer to them, so that one that nothing refers to can be swept, and no other deleted.

CREATE FUNCTION count_file_reference() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before uuid; -- what the row referred to
  after uuid;
BEGIN
  IF TG_OP <> 'INSERT' THEN before := (to_jsonb(OLD) ->> TG_ARGV[0])::uuid; END IF;
  IF TG_OP <> 'DELETE' THEN after := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid; END IF;
  IF before IS NOT DISTINCT FROM after THEN RETURN NULL; END IF;
  -- updated_at: whatever loses its last reference is kept for a while from then on
  UPDATE files SET ref_count = ref_count - 1, updated_at = now() WHERE id = before;
  UPDATE files SET ref_count = ref_count + 1, updated_at = now(),
      visibility = CASE visibility WHEN 'PRIVATE' THEN 'ATTACHED' ELSE visibility END
    WHERE id = after;
  RETURN NULL;
END $$;

CREATE TRIGGER count_file AFTER INSERT OR DELETE OR UPDATE OF file_id ON message_attachments
  FOR EACH ROW EXECUTE FUNCTION count_file_reference('file_id');
CREATE TRIGGER count_file AFTER INSERT OR DELETE OR UPDATE OF avatar_file_id ON user_profiles
  FOR EACH ROW EXECUTE FUNCTION count_file_reference('avatar_file_id');
CREATE TRIGGER count_file AFTER INSERT OR DELETE OR UPDATE OF avatar_file_id ON teams
  FOR EACH ROW EXECUTE FUNCTION count_file_reference('avatar_file_id');
CREATE TRIGGER count_file AFTER INSERT OR DELETE OR UPDATE OF avatar_file_id ON groups
  FOR EACH ROW EXECUTE FUNCTION count_file_reference('avatar_file_id');
