-- Drafts: what an author has not handed in yet. The one table whose rows change and go; the events of that stay.
PRAGMA user_version = 2;

CREATE TABLE draft (
    id      TEXT PRIMARY KEY,
    author  TEXT NOT NULL REFERENCES person (id),
    kind    TEXT NOT NULL CHECK (kind IN ('cap', 'slots')),
    body    BLOB NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    kept_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER draft_begins BEFORE INSERT ON draft
WHEN NEW.version <> 1 OR EXISTS (SELECT 1 FROM draft WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM person WHERE id = NEW.author)
BEGIN SELECT RAISE(ABORT, 'a draft begins with version 1, once, by a person'); END;

CREATE TRIGGER draft_goes_on BEFORE UPDATE ON draft
WHEN NEW.version <> OLD.version + 1 OR NEW.id <> OLD.id OR NEW.author <> OLD.author
BEGIN SELECT RAISE(ABORT, 'a draft changes version by version, and keeps its author'); END;
