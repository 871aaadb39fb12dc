-- Calls that go on or are not whole, of a PBX: looked at again whenever it tells of itself (a gap, a restart, an end of
-- input). Without those that are not whole in the index all calls of the PBX were read for it.
DROP INDEX calls_open;
CREATE INDEX calls_not_settled ON calls(pbx) WHERE is_over = 0 OR incomplete = 1;
