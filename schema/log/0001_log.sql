-- The log of stances: append-only. Layout 1.
--
-- One row an event, in log order. What is hashed stands here byte for byte:
--   body    the event as canonical JSON (without id, seq and recorded_at); NULL once its content was erased
--   salt    16 random bytes; NULL once the content was erased
--   header  65 bytes: format (1 byte), seq (8, big-endian), id (16), recorded_at (8, big-endian, microseconds since
--           1970-01-01T00:00:00Z), SHA-256(salt || body) (32)
--   leaf    SHA-256(0x00 || header): the event's leaf in an RFC 6962 tree, at index seq - 1
-- seq begins at 1 and has no holes; recorded_at never decreases.
CREATE TABLE event (
  seq INTEGER PRIMARY KEY CHECK (seq >= 1),
  id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  recorded_at INTEGER NOT NULL,
  header BLOB NOT NULL CHECK (length(header) = 65),
  leaf BLOB NOT NULL CHECK (length(leaf) = 32),
  salt BLOB CHECK (length(salt) = 16),
  body TEXT,
  CHECK ((salt IS NULL) = (body IS NULL))
) STRICT;

-- Which events' content was destroyed, and by which recorded `erase` event.
CREATE TABLE erasure (
  seq INTEGER PRIMARY KEY REFERENCES event (seq),
  erased_by INTEGER NOT NULL REFERENCES event (seq)
) STRICT;

-- The file itself refuses to change what was recorded, through any client; an INSERT OR REPLACE would be a change.
CREATE TRIGGER event_grows_at_its_end BEFORE INSERT ON event
WHEN NEW.seq IS NOT (SELECT ifnull(max(seq), 0) + 1 FROM event) OR EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
BEGIN SELECT RAISE(FAIL, 'the log grows at its end only, and only with new ids'); END;

CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(FAIL, 'the log is append-only: events are never deleted'); END;

-- The one change there is: the body and salt of an event that an erasure names become NULL.
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
WHEN NOT (
  NEW.seq IS OLD.seq AND NEW.id IS OLD.id AND NEW.recorded_at IS OLD.recorded_at AND NEW.header IS OLD.header
  AND NEW.leaf IS OLD.leaf AND NEW.body IS NULL AND NEW.salt IS NULL
  AND EXISTS (SELECT 1 FROM erasure WHERE seq = OLD.seq)
)
BEGIN SELECT RAISE(FAIL, 'the log is append-only: events are never changed'); END;

-- An erasure stands only behind a recorded `erase` event.
CREATE TRIGGER erasure_is_recorded BEFORE INSERT ON erasure
WHEN EXISTS (SELECT 1 FROM erasure WHERE seq = NEW.seq) OR NOT EXISTS (
  SELECT 1 FROM event WHERE seq = NEW.erased_by AND seq > NEW.seq AND body LIKE '{"type":"erase",%'
)
BEGIN SELECT RAISE(FAIL, 'an erasure stands behind a recorded erase event'); END;

CREATE TRIGGER erasure_is_never_deleted BEFORE DELETE ON erasure
BEGIN SELECT RAISE(FAIL, 'the log is append-only: erasures are never deleted'); END;

CREATE TRIGGER erasure_is_never_changed BEFORE UPDATE ON erasure
BEGIN SELECT RAISE(FAIL, 'the log is append-only: erasures are never changed'); END;
