//! The review: weak spots of what is recorded, kind by kind, for an editor to look at.

use serde::Serialize;

use super::error::Error;
use super::snapshot::Snapshot;
use crate::event::{CLAIM_PREFIX, words};
use crate::projection::doing;
use crate::stance::{Rule, Status};
use schemars::JsonSchema;
use serde::Deserialize;

words! {
    /// The kinds of weak spot.
    WeakSpot {
        /// A stance by words or deeds that rests on one event.
        OneVoice = "one-voice",
        /// A claim on which only one voice takes a side.
        OneVoiceClaim = "one-voice-claim",
        /// A name that fits several entities.
        AmbiguousName = "ambiguous-name",
        /// A stance with a change whose order the dates do not tell.
        UnknownOrder = "unknown-order",
        /// An entity of which nobody said what it is.
        Unregistered = "unregistered",
        /// A word that events use and no definition in force explains.
        UndefinedAction = "undefined-action",
    }
}

/// One weak spot.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ReviewItem {
    /// Its kind.
    pub kind: WeakSpot,
    /// What it concerns: a pair, a name with the entities that it fits, a claim, an entity, a word.
    pub subject: Vec<String>,
}

/// The weak spots of one kind.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ReviewPart {
    /// The kind.
    pub kind: WeakSpot,
    /// How many there are.
    pub count: u64,
    /// The first of them.
    pub items: Vec<ReviewItem>,
}

impl Snapshot<'_> {
    /// Weak spots kind by kind, at most `limit` of each, as of the present.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn review(&self, limit: usize) -> Result<Vec<ReviewPart>, Error> {
        WeakSpot::ALL.iter().map(|kind| self.review_part(*kind, limit)).collect()
    }

    fn review_part(&self, kind: WeakSpot, limit: usize) -> Result<ReviewPart, Error> {
        let (decided, basis, unknown) = match self.when.rule {
            Rule::Latest => ("l_decided", "l_basis", "l_unknown"),
            Rule::Majority => ("m_decided", "m_basis", "m_unknown"),
        };
        let pair = "SELECT a.slug, t.slug FROM standing JOIN slug a ON a.id = standing.actor JOIN slug t ON t.id = standing.target WHERE";
        let from = match kind {
            WeakSpot::OneVoice => format!("{pair} {decided} = 1 AND {basis} <= 1"),
            WeakSpot::UnknownOrder => format!("{pair} {unknown} > 0"),
            WeakSpot::OneVoiceClaim => {
                let open = [Status::Asserted, Status::Denied].map(Status::number);
                let cut = CLAIM_PREFIX.len() + 1;
                format!(
                    "SELECT substr(slug, {cut}), '' FROM claim JOIN slug ON slug.id = claim.claim WHERE voices = 1 AND status IN ({}, {})",
                    open[0], open[1]
                )
            }
            WeakSpot::AmbiguousName => {
                "SELECT name.name, group_concat(DISTINCT c.slug) FROM name JOIN slug s ON s.id = name.slug JOIN slug c ON c.id = s.canon \
                 WHERE s.kind IS NOT NULL GROUP BY name.name HAVING count(DISTINCT s.canon) > 1"
                    .to_owned()
            }
            WeakSpot::Unregistered => format!(
                "SELECT slug, '' FROM slug WHERE canon = id AND (kind IS NULL OR kind = {}) AND slug NOT LIKE 'claim:%' AND slug NOT LIKE 'source:%'",
                crate::event::Kind::Unknown.number()
            ),
            WeakSpot::UndefinedAction => "SELECT action, '' FROM action WHERE meaning IS NULL".to_owned(),
        };
        let reads = doing("reviewing what is recorded");
        let conn = self.views.connection();
        let count =
            conn.prepare_cached(&format!("SELECT count(*) FROM ({from})")).and_then(|mut s| s.query_row([], |row| row.get::<_, i64>(0)));
        let mut statement = conn.prepare_cached(&format!("{from} ORDER BY 1, 2 LIMIT ?1")).map_err(reads)?;
        let item = |row: &rusqlite::Row<'_>| {
            let (first, second): (String, String) = (row.get(0)?, row.get(1)?);
            let subject = std::iter::once(first).chain(second.split(',').filter(|one| !one.is_empty()).map(str::to_owned)).collect();
            Ok(ReviewItem { kind, subject })
        };
        let items = statement.query_map([limit as i64], item).and_then(Iterator::collect).map_err(reads)?;
        Ok(ReviewPart { kind, count: count.map_err(reads)?.unsigned_abs(), items })
    }
}
