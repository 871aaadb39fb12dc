-- What a call is to reports by the calls of its contact round it, kept as they
-- arrive like the gaps and the call back: reports that looked for them read
-- the contact's other calls for every row.
ALTER TABLE calls ADD COLUMN next_inbound_ms INTEGER;   -- when the contact's first inbound call after its end began
ALTER TABLE calls ADD COLUMN three_inbound_ms INTEGER;  -- the shortest time of three inbound calls in a row with it
ALTER TABLE calls ADD COLUMN begins_episode INTEGER NOT NULL DEFAULT 0;  -- of misses with no talk between

-- Of the calls that are there. Notes of so many changes would be of no use: the
-- columns kept beside the store are made anew for their new fields.
DROP TRIGGER calls_changed;
CREATE TEMP TABLE inbound(contact TEXT NOT NULL, started_ms INTEGER NOT NULL, PRIMARY KEY(contact, started_ms)) WITHOUT ROWID;
INSERT OR IGNORE INTO temp.inbound SELECT contact, started_ms FROM calls
  WHERE contact IS NOT NULL AND direction = 'in' AND is_over = 1 AND started_ms IS NOT NULL;

WITH three AS (
  SELECT row, NULLIF(MIN(COALESCE(started_ms - second_before, 9223372036854775807), COALESCE(after - before, 9223372036854775807),
                         COALESCE(second_after - started_ms, 9223372036854775807)), 9223372036854775807) AS within_ms
  FROM (SELECT rowid AS row, started_ms, LAG(started_ms) OVER of_contact AS before,
               LAG(started_ms, 2) OVER of_contact AS second_before, LEAD(started_ms) OVER of_contact AS after,
               LEAD(started_ms, 2) OVER of_contact AS second_after
        FROM calls
        WHERE contact IS NOT NULL AND direction = 'in' AND is_over = 1 AND started_ms IS NOT NULL
          AND quality IS NOT 'non_target'
        WINDOW of_contact AS (PARTITION BY contact ORDER BY started_ms, id))),
episodes AS (
  -- Where every miss before it has been answered by then; one that never was goes on for ever.
  SELECT rowid AS row, started_ms >= COALESCE(MAX(COALESCE(called_back_ms, 9223372036854775807)) OVER (
           PARTITION BY contact ORDER BY started_ms, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), started_ms)
           AS begins
  FROM calls
  WHERE contact IS NOT NULL AND outcome = 'missed' AND is_over = 1 AND started_ms IS NOT NULL
    AND client_number IS NOT NULL AND quality IS NOT 'non_target'),
found AS (
  SELECT c.rowid AS row, three.within_ms, COALESCE(episodes.begins, 0) AS begins,
         (SELECT n.started_ms FROM temp.inbound n WHERE n.contact = c.contact AND n.started_ms > c.ended_ms
          ORDER BY n.started_ms LIMIT 1) AS next_ms
  FROM calls c LEFT JOIN three ON three.row = c.rowid LEFT JOIN episodes ON episodes.row = c.rowid
  WHERE c.contact IS NOT NULL)
UPDATE calls SET next_inbound_ms = found.next_ms, three_inbound_ms = found.within_ms, begins_episode = found.begins
FROM found
WHERE calls.rowid = found.row
  AND (found.next_ms IS NOT NULL OR found.within_ms IS NOT NULL OR found.begins = 1);

DROP TABLE temp.inbound;
CREATE TRIGGER calls_changed AFTER UPDATE ON calls BEGIN
  INSERT INTO fact_changes(call_row, was_there, was_ms) VALUES(old.rowid, 1, old.started_ms);
END;
