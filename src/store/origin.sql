-- The draft that became a warning, which is no more: by it an approver finds what came from another authority.
PRAGMA user_version = 7;

-- Null in rows of before, and where no draft was.
ALTER TABLE warning ADD COLUMN draft TEXT;

CREATE TRIGGER warning_origin_fixed BEFORE UPDATE OF draft ON warning
BEGIN SELECT RAISE(ABORT, 'what a warning came of stays as it is'); END;
