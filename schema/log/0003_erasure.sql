-- Layout 3: an erasure stands behind an `erase` event that names the very event, and the file knows whether it is rid of
-- what was erased.
--
-- The names stand in the stored JSON first, before any text: {"type":"erase","events":["01860000-0000-7000-8000-00000000a001"],…
DROP TRIGGER erasure_is_recorded;
CREATE TRIGGER erasure_is_recorded BEFORE INSERT ON erasure
WHEN EXISTS (SELECT 1 FROM erasure WHERE seq = NEW.seq) OR NOT EXISTS (
  SELECT 1 FROM event AS record JOIN event AS named ON named.seq = NEW.seq
  WHERE record.seq = NEW.erased_by AND record.seq > named.seq
    AND substr(record.body, 1, 26) = '{"type":"erase","events":['
    AND instr(substr(record.body, 1, instr(record.body, ']')), lower(
      '"' || substr(hex(named.id), 1, 8) || '-' || substr(hex(named.id), 9, 4) || '-' || substr(hex(named.id), 13, 4)
      || '-' || substr(hex(named.id), 17, 4) || '-' || substr(hex(named.id), 21) || '"'
    )) > 0
)
BEGIN SELECT RAISE(FAIL, 'an erasure stands behind a recorded erase event that names the event'); END;

-- One row once the file was written anew after an erasure, so that nothing of what was erased is left in it: the last
-- `erase` event that had taken effect then. Where a later one has, text that it erased may still stand in free space or in
-- the journal, and whoever opens the log for writing next has to write it anew.
CREATE TABLE scrub (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  erased_by INTEGER NOT NULL
) STRICT;

CREATE TRIGGER scrub_follows_an_erasure BEFORE INSERT ON scrub
WHEN EXISTS (SELECT 1 FROM scrub) OR NEW.erased_by IS NOT (SELECT max(erased_by) FROM erasure)
BEGIN SELECT RAISE(FAIL, 'the file is written anew for the last erasure'); END;

CREATE TRIGGER scrub_goes_on BEFORE UPDATE ON scrub
WHEN NEW.one IS NOT OLD.one OR NEW.erased_by <= OLD.erased_by OR NEW.erased_by IS NOT (SELECT max(erased_by) FROM erasure)
BEGIN SELECT RAISE(FAIL, 'the file is written anew for the last erasure'); END;

CREATE TRIGGER scrub_is_never_deleted BEFORE DELETE ON scrub
BEGIN SELECT RAISE(FAIL, 'that the file was written anew stays on record'); END;
