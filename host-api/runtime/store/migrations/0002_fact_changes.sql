-- What changed of the rows that reports count, in order and without gaps, for
-- the columns kept beside the store (runtime/columns). Kept by triggers, so
-- that no writer can forget; the newest note is never taken away, so numbers
-- are not given twice. Legs, credits and tags change with their call alone.
CREATE TABLE fact_changes(
  seq INTEGER PRIMARY KEY,
  call_row INTEGER,              -- rowid of a call; null: a lead changed
  was_there INTEGER NOT NULL,    -- 0: the call came with this change
  was_ms INTEGER,                -- when it had started, before the change
  lead TEXT,
  -- Tells this history from another that went on from the same backup.
  mark INTEGER NOT NULL DEFAULT (random()));

CREATE TRIGGER calls_came AFTER INSERT ON calls BEGIN
  INSERT INTO fact_changes(call_row, was_there) VALUES(new.rowid, 0);
END;
CREATE TRIGGER calls_changed AFTER UPDATE ON calls BEGIN
  INSERT INTO fact_changes(call_row, was_there, was_ms) VALUES(old.rowid, 1, old.started_ms);
END;
CREATE TRIGGER calls_gone AFTER DELETE ON calls BEGIN
  INSERT INTO fact_changes(call_row, was_there, was_ms) VALUES(old.rowid, 1, old.started_ms);
END;

-- A lead that comes is seen by its calls when they are told of it.
CREATE TRIGGER leads_came AFTER INSERT ON leads BEGIN
  INSERT INTO fact_changes(was_there, lead) VALUES(0, new.id);
END;
CREATE TRIGGER leads_changed AFTER UPDATE ON leads
WHEN old.id IS NOT new.id OR old.stage IS NOT new.stage OR old.stage_groups IS NOT new.stage_groups BEGIN
  INSERT INTO fact_changes(was_there, lead) VALUES(1, new.id), (1, old.id);
END;
CREATE TRIGGER leads_gone AFTER DELETE ON leads BEGIN
  INSERT INTO fact_changes(was_there, lead) VALUES(1, old.id);
END;
