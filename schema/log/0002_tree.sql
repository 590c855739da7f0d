-- Layout 2: the log's Merkle tree (RFC 6962), in tiles as C2SP tlog-tiles has them.
--
-- The leaf of the event at seq is leaf seq - 1 of the tree. A tile holds up to 256 neighbouring hashes of 32 bytes each:
--   level   0: leaves; 1: each hash is the root over a full tile of level 0; and so on
--   place   the tile's number within its level, from 0
--   hashes  32 to 8,192 bytes; only the last tile of a level may be partial
-- Tiles are written in the transaction that appends the events.
CREATE TABLE tile (
  level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 7),
  place INTEGER NOT NULL CHECK (place >= 0),
  hashes BLOB NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0),
  PRIMARY KEY (level, place)
) STRICT, WITHOUT ROWID;

-- Tiles only grow, through any client: the next tile of a level follows a full one, a partial one takes more hashes at
-- its end, a full one never changes.
CREATE TRIGGER tile_follows_a_full_one BEFORE INSERT ON tile
WHEN NEW.place IS NOT (SELECT ifnull(max(place), -1) + 1 FROM tile WHERE level = NEW.level)
  OR (NEW.place > 0 AND 8192 IS NOT (SELECT length(hashes) FROM tile WHERE level = NEW.level AND place = NEW.place - 1))
BEGIN SELECT RAISE(FAIL, 'the log is append-only: a tile follows a full one'); END;

CREATE TRIGGER tile_only_grows BEFORE UPDATE ON tile
WHEN NOT (
  NEW.level IS OLD.level AND NEW.place IS OLD.place AND length(NEW.hashes) > length(OLD.hashes)
  AND substr(NEW.hashes, 1, length(OLD.hashes)) IS OLD.hashes
)
BEGIN SELECT RAISE(FAIL, 'the log is append-only: tiles only grow'); END;

CREATE TRIGGER tile_is_never_deleted BEFORE DELETE ON tile
BEGIN SELECT RAISE(FAIL, 'the log is append-only: tiles are never deleted'); END;

-- By which texts the file was laid out, is recorded once and for all, too.
CREATE TRIGGER migration_follows_the_last BEFORE INSERT ON migration
WHEN NEW.version IS NOT (SELECT ifnull(max(version), 0) + 1 FROM migration)
BEGIN SELECT RAISE(FAIL, 'the log is append-only: a layout follows the last one'); END;

CREATE TRIGGER migration_is_never_changed BEFORE UPDATE ON migration
BEGIN SELECT RAISE(FAIL, 'the log is append-only: its layouts are never changed'); END;

CREATE TRIGGER migration_is_never_deleted BEFORE DELETE ON migration
BEGIN SELECT RAISE(FAIL, 'the log is append-only: its layouts are never deleted'); END;
