//! Full-text search over names, claims and notes, and the titles that people hold by date.

use serde::Serialize;
use utoipa::ToSchema;

use super::error::Error;
use super::snapshot::Snapshot;
use crate::event::{EventId, Micros, Occurred, Role};
use crate::projection::doing;

/// What a search found.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Hit {
    /// An entity, by one of its names.
    Entity {
        /// Its slug.
        entity: String,
        /// Its name.
        name: String,
    },
    /// A claim, by its text.
    Claim {
        /// Its slug.
        claim: String,
        /// Its text.
        text: String,
    },
    /// An event, by its note.
    Event {
        /// Its place.
        seq: i64,
        /// Its id.
        id: EventId,
        /// Its note.
        note: String,
    },
}

impl Snapshot<'_> {
    /// Names, claims and notes that have all the words (as beginnings of words), best first, at most `limit`.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<Hit>, Error> {
        // Each word is quoted, so that nothing in it is an operator of the search language.
        let words: Vec<String> = text
            .split(|c: char| c.is_whitespace() || c == '\0')
            .filter(|word| !word.is_empty())
            .map(|word| format!("\"{}\"*", word.replace('"', "\"\"")))
            .collect();
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let reads = doing("searching");
        let sql = "SELECT kind, ref, seq FROM search WHERE search MATCH ?1 AND seq <= ?2 ORDER BY rank, seq";
        let mut statement = self.views.connection().prepare_cached(sql).map_err(reads)?;
        let mut rows = statement.query((words.join(" "), self.world.known.0)).map_err(reads)?;
        let mut hits = Vec::new();
        while let Some(row) = rows.next().map_err(reads)? {
            let (kind, of, seq): (i64, i64, i64) = (row.get(0).map_err(reads)?, row.get(1).map_err(reads)?, row.get(2).map_err(reads)?);
            if self.world.out(seq)? {
                continue;
            }
            if let Some(hit) = self.hit(kind, of)?.filter(|hit| !hits.contains(hit)) {
                hits.push(hit);
            }
            if hits.len() == limit {
                break;
            }
        }
        Ok(hits)
    }

    fn hit(&self, kind: i64, of: i64) -> Result<Option<Hit>, Error> {
        match kind {
            0 => Ok(self.entity(of)?.map(|item| Hit::Entity { entity: item.entity, name: item.name })),
            1 => Ok(self.claim(of)?.map(|item| Hit::Claim { claim: item.claim, text: item.text })),
            _ => {
                let note = |(row, event): (crate::log::Row, crate::event::Event)| {
                    event.common.note.map(|note| Hit::Event { seq: row.seq.0, id: row.id, note })
                };
                Ok(self.event(of)?.and_then(note))
            }
        }
    }

    /// The title that an entity holds at a point in time: "Prime Minister of X", or, after it ended, "former …".
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn title(&self, slug: i64, at: Micros) -> Result<Option<String>, Error> {
        let Some(entity) = self.entity(slug)? else { return Ok(None) };
        let began = |role: &&Role| role.from.as_ref().map_or(Micros::MIN, Occurred::earliest) <= at;
        let ended = |role: &Role| role.to.as_ref().map_or(Micros::MAX, Occurred::latest) < at;
        let mut roles: Vec<&Role> = entity.roles.iter().filter(began).collect();
        roles.sort_by_key(|role| {
            (!ended(role), role.to.as_ref().map_or(Micros::MAX, Occurred::latest), role.from.as_ref().map(Occurred::earliest))
        });
        let Some(role) = roles.last() else { return Ok(None) };
        let former = if ended(role) { "former " } else { "" };
        let of = role.of.as_deref().map(|of| self.display_name(of)).transpose()?;
        // Many titles say themselves of what they are.
        let of = of.filter(|of| !role.title.contains(of.as_str())).map(|of| format!(" of {of}"));
        Ok(Some(format!("{former}{}{}", role.title, of.unwrap_or_default())))
    }

    /// The name of what a slug stands for, as known at K; the text itself where nobody had registered it.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn display_name(&self, slug: &str) -> Result<String, Error> {
        self.registry().slug(slug)?.map_or_else(|| Ok(slug.to_owned()), |known| self.called(known.number))
    }
}
