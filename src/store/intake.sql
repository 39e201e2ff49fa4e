-- Alerts of other authorities as they came: each once, none of them a warning.
PRAGMA user_version = 3;

CREATE TABLE intake (
    id         TEXT PRIMARY KEY,
    by         TEXT NOT NULL REFERENCES person (id),
    sender     TEXT NOT NULL,
    identifier TEXT NOT NULL,
    -- The instant, whatever its offset: another spelling of the same message is the same message.
    sent_ms    INTEGER NOT NULL,
    cap        BLOB NOT NULL,
    at_ms      INTEGER NOT NULL,
    UNIQUE (sender, identifier, sent_ms)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER intake_fixed BEFORE UPDATE ON intake BEGIN SELECT RAISE(ABORT, 'what came is kept as it is'); END;
CREATE TRIGGER intake_kept BEFORE DELETE ON intake BEGIN SELECT RAISE(ABORT, 'what came is kept'); END;
CREATE TRIGGER intake_once BEFORE INSERT ON intake
WHEN EXISTS (SELECT 1 FROM intake WHERE id = NEW.id
             OR (sender = NEW.sender AND identifier = NEW.identifier AND sent_ms = NEW.sent_ms))
BEGIN SELECT RAISE(ABORT, 'an alert comes once'); END;
