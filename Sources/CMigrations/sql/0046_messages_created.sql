-- Nothing looks for the messages of a room by their moment: they are listed and found by their number. Each message had to be put
-- in place in this index too.

DROP INDEX messages_created;
