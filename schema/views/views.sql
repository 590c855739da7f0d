-- The views: tables made from the log, which may be deleted at any moment. A change of this file needs no migration:
-- views that were made by another text of it are thrown away and made anew.
--
-- Times are microseconds since 1970-01-01T00:00:00Z, days are days since 1970-01-01; an open start is the smallest
-- number, an open end the largest. Tiers, sides, kinds, values … are numbers in the order of DOMAIN terms.

-- How far the views have come, the leaf of that event, by which another log is noticed, and the log's head when they
-- were begun: what a later `erase` destroys may stand in them. `swept`: the file was written anew since they were emptied,
-- so that nothing of what stood in them before is left in it.
CREATE TABLE cursor (
  one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, leaf BLOB, begun_at INTEGER NOT NULL, swept INTEGER NOT NULL
) STRICT;

-- Every slug that an event names, of entities and (as `claim:…`) claims. `canon` is the slug that stands for it after
-- the merges in force; `kind` and `name` are those in force, NULL where no definition is.
CREATE TABLE slug (
  id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, canon INTEGER NOT NULL, kind INTEGER, name TEXT
) STRICT;
CREATE INDEX slug_by_canon ON slug (canon) WHERE canon <> id;

-- The events that define a slug (entity, claim or source), and the names that they give it; `source` is empty for a
-- name that holds in every source.
CREATE TABLE definition (slug INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (slug, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE name (
  name TEXT NOT NULL, slug INTEGER NOT NULL, seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL,
  source TEXT NOT NULL, PRIMARY KEY (name, slug, seq, valid_from, valid_to, source)
) STRICT, WITHOUT ROWID;

-- The vocabulary: `meaning` packs tier, side and formal, or speech; NULL where no definition is in force.
CREATE TABLE action (id INTEGER PRIMARY KEY, action TEXT NOT NULL UNIQUE, label TEXT, meaning INTEGER) STRICT;
CREATE TABLE action_definition (
  action INTEGER NOT NULL, seq INTEGER NOT NULL, label TEXT NOT NULL, meaning INTEGER NOT NULL, PRIMARY KEY (action, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE merge (seq INTEGER PRIMARY KEY, from_slug INTEGER NOT NULL, into_slug INTEGER NOT NULL) STRICT;
CREATE INDEX merge_by_from ON merge (from_slug);
CREATE INDEX merge_by_into ON merge (into_slug);

-- Which events take back (how = 0) or supersede (1) which.
CREATE TABLE supersession (
  target INTEGER NOT NULL, by INTEGER NOT NULL, how INTEGER NOT NULL, PRIMARY KEY (target, by)
) STRICT, WITHOUT ROWID;

CREATE TABLE stands_for (
  motion INTEGER NOT NULL, seq INTEGER NOT NULL, place INTEGER NOT NULL, target INTEGER NOT NULL, side INTEGER NOT NULL,
  PRIMARY KEY (motion, seq, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX stands_for_by_target ON stands_for (target);

-- Stance events toward entities, once for the actor and once for each principal, under the slugs that they name.
-- `touched`: some later event retracts or replaces it, so that `supersession` must be asked.
CREATE TABLE act (
  actor INTEGER NOT NULL, target INTEGER NOT NULL, earliest INTEGER NOT NULL, latest INTEGER NOT NULL, seq INTEGER NOT NULL,
  action INTEGER NOT NULL, speaker INTEGER NOT NULL, touched INTEGER NOT NULL, PRIMARY KEY (actor, target, earliest, latest, seq)
) STRICT, WITHOUT ROWID;

-- Stance events toward claims, likewise.
CREATE TABLE speech (
  claim INTEGER NOT NULL, earliest INTEGER NOT NULL, latest INTEGER NOT NULL, seq INTEGER NOT NULL, actor INTEGER NOT NULL,
  action INTEGER NOT NULL, speaker INTEGER NOT NULL, touched INTEGER NOT NULL, PRIMARY KEY (claim, earliest, latest, seq, actor)
) STRICT, WITHOUT ROWID;
CREATE INDEX speech_by_actor ON speech (actor);

-- Whom a claim is about, with what it alleges, which others it names, and who reviewed it.
CREATE TABLE about (
  actor INTEGER NOT NULL, claim INTEGER NOT NULL, seq INTEGER NOT NULL, target INTEGER NOT NULL, action INTEGER NOT NULL,
  PRIMARY KEY (actor, claim, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX about_by_target ON about (target);
CREATE INDEX about_by_action ON about (action);
CREATE TABLE relation (claim INTEGER NOT NULL, seq INTEGER NOT NULL, other INTEGER NOT NULL, PRIMARY KEY (claim, seq, other)) STRICT, WITHOUT ROWID;
CREATE INDEX relation_by_other ON relation (other);
CREATE TABLE verdict (claim INTEGER NOT NULL, seq INTEGER NOT NULL, reviewer INTEGER NOT NULL, PRIMARY KEY (claim, seq)) STRICT, WITHOUT ROWID;
CREATE INDEX verdict_by_reviewer ON verdict (reviewer);

-- The events that are no stance events, by type.
CREATE TABLE other (type INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (type, seq)) STRICT, WITHOUT ROWID;

-- The present: one row a pair of canonical slugs, with the fold to go on from and its answers under both rules
-- (l_: latest, m_: majority).
CREATE TABLE standing (
  actor INTEGER NOT NULL, target INTEGER NOT NULL, events INTEGER NOT NULL,
  l_value INTEGER NOT NULL, l_basis INTEGER, l_since INTEGER, l_last INTEGER, l_gap INTEGER NOT NULL, l_flips INTEGER NOT NULL, l_unknown INTEGER NOT NULL, l_decided INTEGER NOT NULL,
  m_value INTEGER NOT NULL, m_basis INTEGER, m_since INTEGER, m_last INTEGER, m_gap INTEGER NOT NULL, m_flips INTEGER NOT NULL, m_unknown INTEGER NOT NULL, m_decided INTEGER NOT NULL,
  fold BLOB NOT NULL, PRIMARY KEY (actor, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX standing_by_target ON standing (target, actor);
CREATE INDEX standing_by_gap ON standing (actor, target) WHERE l_gap OR m_gap;

-- The flips of the present, confirmed or not.
CREATE TABLE flip (
  actor INTEGER NOT NULL, target INTEGER NOT NULL, rule INTEGER NOT NULL, day INTEGER NOT NULL, grade INTEGER NOT NULL,
  confirmed INTEGER NOT NULL, value_from INTEGER NOT NULL, value_to INTEGER NOT NULL, basis INTEGER NOT NULL,
  PRIMARY KEY (actor, target, rule, day)
) STRICT, WITHOUT ROWID;

-- The flips of the present are asked by day.
CREATE INDEX flip_by_day ON flip (rule, day);

-- The claims of the present.
CREATE TABLE claim (claim INTEGER PRIMARY KEY, status INTEGER NOT NULL, voices INTEGER NOT NULL) STRICT;

-- Full text of names (kind 0, ref: slug), claims (1, ref: slug) and notes (2, ref: seq).
CREATE VIRTUAL TABLE search USING fts5 (text, kind UNINDEXED, ref UNINDEXED, seq UNINDEXED, tokenize = 'unicode61 remove_diacritics 2');
