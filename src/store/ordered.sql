-- The events that name orders, found at once: the relay looks for the one that names what it is about to send.
PRAGMA user_version = 6;

CREATE INDEX event_ordered ON event (seq) WHERE instr(body, CAST('"event":"ordered"' AS BLOB)) > 0;
