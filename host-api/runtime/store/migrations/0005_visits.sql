-- Which visit led to a call, by the classifiers.

-- The visitor who was shown the line that the call came on, where that visit
-- is credited: one of the contact's from then on. Null where another rule
-- decided, so that what is concluded from it never proves itself.
ALTER TABLE calls ADD COLUMN visitor TEXT;
ALTER TABLE calls ADD COLUMN visit_why TEXT;  -- which classifier and rule named the visit
CREATE INDEX calls_of_visitor ON calls(visitor) WHERE visitor IS NOT NULL;

-- A visit that comes late looks for the calls on its number, a call for the
-- visits that were shown its line. Times in bodies are ISO 8601 in UTC with
-- milliseconds, which sort as text.
CREATE INDEX calls_on_line ON calls(line, started_ms) WHERE line IS NOT NULL AND direction = 'in';
CREATE INDEX visits_shown_line ON records(json_extract(body, '$.line'), json_extract(body, '$.at'))
  WHERE type = 'visit' AND deleted_ms IS NULL AND json_extract(body, '$.line') IS NOT NULL;
