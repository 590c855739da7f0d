//! Kinds: what kind of thing entities are, as known at K, told of all of them at once.

use std::collections::HashMap;

use super::error::Error;
use super::snapshot::Snapshot;
use crate::event::Kind;
use crate::projection::doing;

impl Snapshot<'_> {
    /// The kinds of all entities that a definition in force at K tells of, by the numbers of the slugs that stand for them.
    pub(super) fn kinds(&self) -> Result<HashMap<i64, Kind>, Error> {
        let reads = doing("reading what kind of thing entities are");
        // The table tells the present. It tells K as well where nothing was defined after K, and nothing was ever taken back
        // or replaced; elsewhere the definitions themselves are read.
        let sql = "SELECT d.slug, s.kind, max(d.seq) > ?1 OR count(x.target) > 0 FROM definition d JOIN slug s ON s.id = d.slug \
                   LEFT JOIN supersession x ON x.target = d.seq GROUP BY d.slug HAVING min(d.seq) <= ?1";
        let mut statement = self.views.connection().prepare_cached(sql).map_err(reads)?;
        let mut rows = statement.query([self.world.known.0]).map_err(reads)?;
        let tangled = self.world.tangled()?;
        let mut kinds = HashMap::new();
        while let Some(row) = rows.next().map_err(reads)? {
            let (slug, kind): (i64, Option<i64>) = (row.get(0).map_err(reads)?, row.get(1).map_err(reads)?);
            let may_differ: bool = row.get(2).map_err(reads)?;
            if !may_differ && !tangled.contains(&slug) {
                kinds.extend(kind.and_then(Kind::from_number).map(|kind| (slug, kind)));
                continue;
            }
            let entity = self.world.canonical(slug)?;
            if !kinds.contains_key(&entity) {
                kinds.extend(self.entity(entity)?.map(|item| (entity, item.kind)));
            }
        }
        Ok(kinds)
    }
}
