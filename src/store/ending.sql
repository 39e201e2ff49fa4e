-- What expired is cancelled all the same while something it took the place of may be on air: an operator may have refused
-- a shorter update, and go on with what was there before. The event of the expiry stays.
PRAGMA user_version = 5;

DROP TRIGGER ending_fixed;
CREATE TRIGGER ending_fixed BEFORE UPDATE ON ending
WHEN OLD.kind <> 'expired' OR NEW.kind <> 'cancelled' OR NEW.warning <> OLD.warning
  OR NOT EXISTS (SELECT 1 FROM person WHERE id = NEW.by)
  OR NOT EXISTS (SELECT 1 FROM warning w JOIN approval a ON a.warning = w.id WHERE w.id = NEW.warning AND w.updates IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'an ending is kept as it is, but for an update that expired and is cancelled by a person'); END;

DROP TRIGGER warning_never_goes_back;
CREATE TRIGGER warning_never_goes_back BEFORE UPDATE OF state ON warning
WHEN NEW.state <> OLD.state
 AND (OLD.state IN ('updated', 'cancelled') OR (OLD.state = 'expired' AND NEW.state <> 'cancelled') OR NEW.state = 'waiting'
      OR (OLD.state = 'waiting' AND NEW.state = 'updated'))
BEGIN SELECT RAISE(ABORT, 'a warning never goes back: an approval is not undone, an end is the end'); END;
