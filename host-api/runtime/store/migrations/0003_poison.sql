-- Inputs that a plugin died of again and again, kept for a person to look at.
-- Not derived from the journal: a rebuild leaves it alone.
CREATE TABLE poison (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,    -- when it was set aside
  entry TEXT NOT NULL,       -- of the YAML
  plugin TEXT NOT NULL,
  version TEXT NOT NULL,     -- of the plugin that died
  function TEXT NOT NULL,    -- feed, rows, request, classify, review …
  subject TEXT NOT NULL,     -- the connection or file, the inquiry, the row
  reason TEXT NOT NULL,      -- how its process ended
  bytes BLOB                 -- what it was given; null where that may not be kept
);
