-- What names a message, and what lists and chains need of a document without reading the document.
PRAGMA user_version = 4;

-- A message is named by sender, identifier and the instant it was sent, however its offset is written. Two rows of one
-- instant that an older version let in stay as they are; a third is refused.
DROP TRIGGER warning_born_waiting;
CREATE TRIGGER warning_born_waiting BEFORE INSERT ON warning
WHEN NEW.state <> 'waiting' OR unixepoch(NEW.sent) IS NULL OR EXISTS (SELECT 1 FROM warning WHERE id = NEW.id
     OR (sender = NEW.sender AND identifier = NEW.identifier AND unixepoch(sent) = unixepoch(NEW.sent)))
BEGIN SELECT RAISE(ABORT, 'a warning begins waiting, once'); END;

-- Null in rows of before: there the document is read.
ALTER TABLE intake ADD COLUMN sent TEXT;
ALTER TABLE intake ADD COLUMN msg_type TEXT;
-- As CAP writes them: triples, spaces between.
ALTER TABLE intake ADD COLUMN named TEXT;
-- Null also where the alert does not say.
ALTER TABLE intake ADD COLUMN expires_ms INTEGER;

-- Null in rows of before.
ALTER TABLE draft ADD COLUMN title_ar TEXT;
ALTER TABLE draft ADD COLUMN title_en TEXT;
