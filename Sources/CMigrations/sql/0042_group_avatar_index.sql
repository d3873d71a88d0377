-- A file that goes is looked for in what refers to it: groups were read whole for each.

CREATE INDEX groups_by_avatar ON groups (avatar_file_id) WHERE avatar_file_id IS NOT NULL;
