-- A guest goes with the room: what refers to guests is looked at for each of them.

CREATE INDEX files_of_guest ON files (guest_id) WHERE guest_id IS NOT NULL;
CREATE INDEX guest_links_of_guest ON guest_links (guest_id);
CREATE INDEX room_members_of_guest ON room_members (guest_id) WHERE guest_id IS NOT NULL;
