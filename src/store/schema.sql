-- The hub's record: state with its constraints, hash-chained events, outbox. The rules that people's lives hang on are
-- triggers, so that they hold on a bare connection too, where foreign keys are off.
PRAGMA user_version = 1;

CREATE TABLE person (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    token_sha256 BLOB NOT NULL UNIQUE CHECK (length(token_sha256) = 32)
) STRICT, WITHOUT ROWID;

CREATE TABLE warning (
    id           TEXT PRIMARY KEY,
    author       TEXT NOT NULL REFERENCES person (id),
    class        TEXT NOT NULL CHECK (class IN ('live', 'drill')),
    sender       TEXT NOT NULL,
    identifier   TEXT NOT NULL,
    sent         TEXT NOT NULL,
    cap          BLOB NOT NULL,
    hash         BLOB NOT NULL CHECK (length(hash) = 32),
    prepared     TEXT NOT NULL,
    expires_ms   INTEGER NOT NULL,
    submitted_ms INTEGER NOT NULL,
    -- The warning it takes the place of, if it is an update.
    updates      TEXT REFERENCES warning (id),
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'updated', 'cancelled', 'expired')),
    UNIQUE (sender, identifier, sent)
) STRICT, WITHOUT ROWID;

CREATE INDEX warning_open ON warning (expires_ms) WHERE state IN ('waiting', 'approved');

CREATE TABLE approval (
    warning TEXT PRIMARY KEY REFERENCES warning (id),
    person  TEXT NOT NULL REFERENCES person (id),
    hash    BLOB NOT NULL CHECK (length(hash) = 32),
    at_ms   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How a warning ended. `by`: the newer warning, or the person; nobody makes a warning expire.
CREATE TABLE ending (
    warning TEXT PRIMARY KEY REFERENCES warning (id),
    kind    TEXT NOT NULL CHECK (kind IN ('updated', 'cancelled', 'expired')),
    by      TEXT CHECK ((by IS NULL) = (kind = 'expired')),
    at_ms   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row a code ever given out: its last update number and until when it may not be given to another content.
CREATE TABLE serial (
    class         TEXT NOT NULL CHECK (class IN ('live', 'drill')),
    code          INTEGER NOT NULL CHECK (code BETWEEN 0 AND 1023),
    update_number INTEGER NOT NULL CHECK (update_number BETWEEN 0 AND 15),
    ends_ms       INTEGER NOT NULL,
    warning       TEXT NOT NULL REFERENCES warning (id),
    PRIMARY KEY (class, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    delivery   TEXT PRIMARY KEY,
    warning    TEXT NOT NULL REFERENCES warning (id),
    operator   TEXT NOT NULL,
    class      TEXT NOT NULL CHECK (class IN ('live', 'drill')),
    kind       TEXT NOT NULL CHECK (kind IN ('alert', 'update', 'cancel')),
    sequence   INTEGER NOT NULL CHECK (sequence >= 1),
    body       BLOB NOT NULL,
    expires_ms INTEGER NOT NULL,
    queued_ms  INTEGER,
    UNIQUE (operator, class, sequence),
    UNIQUE (warning, operator, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_unsent ON outbox (operator, sequence) WHERE queued_ms IS NULL;

CREATE TABLE receipt (
    id       TEXT PRIMARY KEY,
    delivery TEXT NOT NULL REFERENCES outbox (delivery),
    body     BLOB NOT NULL,
    grade    TEXT NOT NULL,
    -- Since the commit of the approval, by the hub's clock.
    after_ms REAL NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_of ON receipt (delivery);

CREATE TABLE event (
    seq  INTEGER PRIMARY KEY CHECK (seq >= 1),
    prev BLOB NOT NULL CHECK (length(prev) = 32),
    body BLOB NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- Two persons ---------------------------------------------------------------------------------------------------------

CREATE TRIGGER approval_by_another BEFORE INSERT ON approval
WHEN NOT EXISTS (SELECT 1 FROM warning w JOIN person p ON p.id = NEW.person
                 WHERE w.id = NEW.warning AND w.author <> NEW.person AND w.hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'two persons: an approval is of this hash and by someone other than the author'); END;

CREATE TRIGGER outbox_needs_approval BEFORE INSERT ON outbox
WHEN NEW.kind <> 'cancel'
 AND NOT EXISTS (SELECT 1 FROM approval a JOIN warning w ON w.id = a.warning
                 WHERE w.id = NEW.warning AND a.hash = w.hash AND a.person <> w.author AND w.class = NEW.class)
BEGIN SELECT RAISE(ABORT, 'two persons: nothing leaves without an approval of its hash by another person'); END;

-- The rules judge columns and the relay sends the body: they are one.
CREATE TRIGGER outbox_body_is_its_row BEFORE INSERT ON outbox
WHEN json_extract(CAST(NEW.body AS TEXT), '$.delivery') IS NOT NEW.delivery
  OR json_extract(CAST(NEW.body AS TEXT), '$.warning') IS NOT NEW.warning
  OR json_extract(CAST(NEW.body AS TEXT), '$.operator') IS NOT NEW.operator
  OR json_extract(CAST(NEW.body AS TEXT), '$.class') IS NOT NEW.class
  OR json_extract(CAST(NEW.body AS TEXT), '$.kind') IS NOT NEW.kind
  OR json_extract(CAST(NEW.body AS TEXT), '$.sequence') IS NOT NEW.sequence
BEGIN SELECT RAISE(ABORT, 'an order is what its row says'); END;

CREATE TRIGGER outbox_cancel_needs_cancellation BEFORE INSERT ON outbox
WHEN NEW.kind = 'cancel'
 AND NOT EXISTS (SELECT 1 FROM ending WHERE warning = NEW.warning AND kind = 'cancelled')
BEGIN SELECT RAISE(ABORT, 'a cancel leaves only with a cancellation'); END;

-- The state follows the rows ------------------------------------------------------------------------------------------

CREATE TRIGGER warning_approved_needs_approval BEFORE UPDATE OF state ON warning
WHEN NEW.state = 'approved' AND NOT EXISTS (SELECT 1 FROM approval WHERE warning = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a warning is approved by its approval'); END;

CREATE TRIGGER warning_ended_needs_ending BEFORE UPDATE OF state ON warning
WHEN NEW.state IN ('updated', 'cancelled', 'expired')
 AND NOT EXISTS (SELECT 1 FROM ending WHERE warning = NEW.id AND kind = NEW.state)
BEGIN SELECT RAISE(ABORT, 'a warning ends by its ending'); END;

CREATE TRIGGER ending_by_a_person_or_an_approved_update BEFORE INSERT ON ending
WHEN (NEW.kind = 'cancelled' AND NOT EXISTS (SELECT 1 FROM person WHERE id = NEW.by))
  OR (NEW.kind = 'updated' AND NOT EXISTS (SELECT 1 FROM warning n JOIN approval a ON a.warning = n.id
                                           WHERE n.id = NEW.by AND n.updates = NEW.warning))
  OR NOT EXISTS (SELECT 1 FROM warning WHERE id = NEW.warning)
BEGIN SELECT RAISE(ABORT, 'a warning ends by a person who cancels it, or by an approved update of it'); END;

CREATE TRIGGER warning_born_waiting BEFORE INSERT ON warning
WHEN NEW.state <> 'waiting' OR EXISTS (SELECT 1 FROM warning WHERE id = NEW.id
     OR (sender = NEW.sender AND identifier = NEW.identifier AND sent = NEW.sent))
BEGIN SELECT RAISE(ABORT, 'a warning begins waiting, once'); END;

CREATE TRIGGER warning_never_goes_back BEFORE UPDATE OF state ON warning
WHEN NEW.state <> OLD.state
 AND (OLD.state IN ('updated', 'cancelled', 'expired') OR NEW.state = 'waiting'
      OR (OLD.state = 'waiting' AND NEW.state = 'updated'))
BEGIN SELECT RAISE(ABORT, 'a warning never goes back: an approval is not undone, an end is the end'); END;

CREATE TRIGGER warning_content_fixed
BEFORE UPDATE OF id, author, class, sender, identifier, sent, cap, hash, prepared, expires_ms, submitted_ms, updates ON warning
BEGIN SELECT RAISE(ABORT, 'what was submitted does not change'); END;

CREATE TRIGGER warning_kept BEFORE DELETE ON warning
BEGIN SELECT RAISE(ABORT, 'a warning is kept'); END;

-- Append only: neither UPDATE nor DELETE nor INSERT OR REPLACE ----------------------------------------------------------

CREATE TRIGGER person_fixed BEFORE UPDATE ON person BEGIN SELECT RAISE(ABORT, 'a person is kept as they are'); END;
CREATE TRIGGER person_kept BEFORE DELETE ON person BEGIN SELECT RAISE(ABORT, 'a person is kept'); END;
CREATE TRIGGER person_once BEFORE INSERT ON person
WHEN EXISTS (SELECT 1 FROM person WHERE id = NEW.id OR token_sha256 = NEW.token_sha256)
BEGIN SELECT RAISE(ABORT, 'a person is added once'); END;

CREATE TRIGGER approval_fixed BEFORE UPDATE ON approval BEGIN SELECT RAISE(ABORT, 'an approval is kept as it is'); END;
CREATE TRIGGER approval_kept BEFORE DELETE ON approval BEGIN SELECT RAISE(ABORT, 'an approval is kept'); END;
CREATE TRIGGER approval_once BEFORE INSERT ON approval WHEN EXISTS (SELECT 1 FROM approval WHERE warning = NEW.warning)
BEGIN SELECT RAISE(ABORT, 'an approval is given once'); END;

CREATE TRIGGER ending_fixed BEFORE UPDATE ON ending BEGIN SELECT RAISE(ABORT, 'an ending is kept as it is'); END;
CREATE TRIGGER ending_kept BEFORE DELETE ON ending BEGIN SELECT RAISE(ABORT, 'an ending is kept'); END;
CREATE TRIGGER ending_once BEFORE INSERT ON ending WHEN EXISTS (SELECT 1 FROM ending WHERE warning = NEW.warning)
BEGIN SELECT RAISE(ABORT, 'a warning ends once'); END;

CREATE TRIGGER outbox_fixed
BEFORE UPDATE OF delivery, warning, operator, class, kind, sequence, body, expires_ms ON outbox
BEGIN SELECT RAISE(ABORT, 'an order does not change'); END;
CREATE TRIGGER outbox_kept BEFORE DELETE ON outbox BEGIN SELECT RAISE(ABORT, 'an order is kept'); END;
CREATE TRIGGER outbox_once BEFORE INSERT ON outbox
WHEN EXISTS (SELECT 1 FROM outbox WHERE delivery = NEW.delivery
             OR (operator = NEW.operator AND class = NEW.class AND sequence = NEW.sequence)
             OR (warning = NEW.warning AND operator = NEW.operator AND kind = NEW.kind))
BEGIN SELECT RAISE(ABORT, 'an order is written once'); END;

CREATE TRIGGER receipt_fixed BEFORE UPDATE ON receipt BEGIN SELECT RAISE(ABORT, 'a receipt is kept as it is'); END;
CREATE TRIGGER receipt_kept BEFORE DELETE ON receipt BEGIN SELECT RAISE(ABORT, 'a receipt is kept'); END;
CREATE TRIGGER receipt_once BEFORE INSERT ON receipt WHEN EXISTS (SELECT 1 FROM receipt WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a receipt is written once'); END;

CREATE TRIGGER event_fixed BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
CREATE TRIGGER event_kept BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
CREATE TRIGGER event_chained BEFORE INSERT ON event
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM event)
  OR NEW.prev <> coalesce((SELECT hash FROM event ORDER BY seq DESC LIMIT 1), zeroblob(32))
BEGIN SELECT RAISE(ABORT, 'the record is a chain: the next number, and the hash of the one before'); END;
