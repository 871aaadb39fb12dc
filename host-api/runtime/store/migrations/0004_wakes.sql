-- Moments at which a plugin wants to be asked again about a contact. Made anew
-- by a rebuild, as it is told by the plugins themselves.
CREATE TABLE wakes(
  contact TEXT NOT NULL,         -- the one that stood for it when it was asked for
  entry TEXT NOT NULL,           -- of the YAML
  key TEXT NOT NULL,             -- the plugin's own
  at_ms INTEGER NOT NULL,
  PRIMARY KEY(contact, entry, key)) WITHOUT ROWID;
CREATE INDEX wakes_by_time ON wakes(at_ms);

-- The latest such moment that has come, by contact: it is journalled, and time
-- stands no earlier for whoever is asked about the contact.
CREATE TABLE woken(contact TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) WITHOUT ROWID;
