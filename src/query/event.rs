//! Events by their parts, in the order of the log or against it: found by the tables, or by reading the log where that is
//! less to read.

use std::ops::ControlFlow;

use rusqlite::ToSql;

use super::criteria::Criteria;
use super::error::Error;
use super::snapshot::Snapshot;
use crate::event::EventType;
use crate::log::{Row, Seq};
use crate::projection::doing;

/// In which order events are visited.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Direction {
    /// In the order of the log.
    #[default]
    OldestFirst,
    /// The last one first.
    NewestFirst,
}

/// Which events are asked for; what is not given does not limit.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct EventFilter {
    /// Only those that this slug did, spoke for or had done on its behalf (numbers of slugs).
    pub actor: Option<i64>,
    /// Only those toward this.
    pub target: Option<i64>,
    /// Only those of this type.
    pub event_type: Option<EventType>,
    /// Only those that do this, allege it, or say what it means.
    pub action: Option<String>,
    /// Only those after this place.
    pub after: Option<Seq>,
    /// Only those before this place.
    pub before: Option<Seq>,
    /// In which order.
    pub direction: Direction,
    /// At most so many.
    pub limit: Option<usize>,
}

/// So few events are sooner read than looked for: this many, or so small a part of the log.
const FEW: i64 = 16;
const FEW_PART: i64 = 500;

/// Between which two places events are looked for, both excluded.
#[derive(Clone, Copy)]
struct Between {
    after: Seq,
    before: Seq,
}

impl Snapshot<'_> {
    /// Visits the events that a filter lets through, in the order that it asks for.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`], and the visitor's own.
    pub fn events<E>(&self, filter: &EventFilter, mut visit: impl FnMut(Row) -> Result<(), E>) -> Result<(), E>
    where
        E: From<Error> + From<crate::log::Error>,
    {
        let end = self.world.known.next();
        let between = Between { after: filter.after.unwrap_or(Seq::START), before: filter.before.map_or(end, |before| before.min(end)) };
        let criteria = self.criteria(filter).map_err(<E as From<Error>>::from)?;
        let mut left = filter.limit.unwrap_or(usize::MAX);
        let visit = |row: Row| {
            if left == 0 {
                return Ok::<_, E>(ControlFlow::Break(()));
            }
            // The tables tell where to look; whether an event is meant, its own words tell.
            let event = if criteria.is_empty() { None } else { row.event().map_err(<E as From<crate::log::Error>>::from)? };
            if criteria.is_empty() || event.is_some_and(|event| criteria.are_met_by(&event.body)) {
                left -= 1;
                visit(row)?;
            }
            Ok(ControlFlow::Continue(()))
        };
        let is_few = between.before.0.saturating_sub(between.after.0) <= FEW.max(self.head().0 / FEW_PART);
        match places(filter).filter(|_| !is_few) {
            Some(sql) => self.listed(&sql, filter, between, visit),
            None => self.read(between, filter.direction, visit),
        }
    }

    /// Visits what the log holds between two places.
    fn read<E>(&self, between: Between, direction: Direction, mut visit: impl FnMut(Row) -> Result<ControlFlow<()>, E>) -> Result<(), E>
    where
        E: From<crate::log::Error>,
    {
        let Between { after, before } = between;
        match direction {
            Direction::OldestFirst => {
                let is_over = |row: &Row| row.seq >= before;
                self.reader.after(after, |row| if is_over(&row) { Ok(ControlFlow::Break(())) } else { visit(row) })
            }
            Direction::NewestFirst => {
                let is_over = |row: &Row| row.seq <= after;
                self.reader.before(before, |row| if is_over(&row) { Ok(ControlFlow::Break(())) } else { visit(row) })
            }
        }
        .map(|_| ())
    }

    /// Visits the events at the places that the tables list.
    fn listed<E>(
        &self,
        sql: &str,
        filter: &EventFilter,
        between: Between,
        mut visit: impl FnMut(Row) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E>
    where
        E: From<Error> + From<crate::log::Error>,
    {
        let reads = |e: rusqlite::Error| Error::from(doing("looking for events")(e));
        let (actors, targets) = (self.numbers_of(filter.actor)?, self.numbers_of(filter.target)?);
        let mut statement = self.views.connection().prepare_cached(sql).map_err(reads)?;
        let event_type = filter.event_type.map(EventType::number);
        let sought: [(&str, &dyn ToSql); 6] = [
            (":after", &between.after.0),
            (":before", &between.before.0),
            (":actors", &actors),
            (":targets", &targets),
            (":action", &filter.action),
            (":type", &event_type),
        ];
        for (name, value) in sought {
            // A list names what it looks for, and no more.
            if let Some(index) = statement.parameter_index(name).map_err(reads)? {
                statement.raw_bind_parameter(index, value).map_err(reads)?;
            }
        }
        let mut places = statement.raw_query();
        while let Some(place) = places.next().map_err(reads)? {
            let seq: i64 = place.get(0).map_err(reads)?;
            if visit(self.row(seq)?)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn criteria(&self, filter: &EventFilter) -> Result<Criteria, Error> {
        let slugs = |slug: Option<i64>| slug.map(|slug| self.slugs_of(slug)).transpose();
        let (actors, targets) = (slugs(filter.actor)?, slugs(filter.target)?);
        Ok(Criteria { actors, targets, event_type: filter.event_type, action: filter.action.clone() })
    }

    /// The numbers of all slugs of an entity, as a JSON array that a statement reads.
    fn numbers_of(&self, slug: Option<i64>) -> Result<Option<String>, Error> {
        let Some(slug) = slug else { return Ok(None) };
        let members: Vec<String> = self.world.class(slug)?.members.iter().map(i64::to_string).collect();
        Ok(Some(format!("[{}]", members.join(","))))
    }
}

/// Places of stance events by actor and target, by actor, by target, by action. The acts toward a target are found by the
/// pairs of the present, whatever slugs they were told under; for those with an action, all acts are looked through, as an
/// index would cost every import more than it saves.
const BY_PAIR: &[&str] = &[
    "json_each(:actors) a CROSS JOIN json_each(:targets) t CROSS JOIN act e ON e.actor = a.value AND e.target = t.value",
    "json_each(:targets) t CROSS JOIN speech e ON e.claim = t.value AND e.actor IN (SELECT value FROM json_each(:actors))",
];
const BY_ACTOR: &[&str] =
    &["json_each(:actors) a CROSS JOIN act e ON e.actor = a.value", "json_each(:actors) a CROSS JOIN speech e ON e.actor = a.value"];
const BY_TARGET: &[&str] = &[
    "json_each(:targets) t CROSS JOIN slug s ON s.id = t.value CROSS JOIN standing p ON p.target = s.canon \
     CROSS JOIN act e ON e.actor = p.actor AND e.target = t.value",
    "json_each(:targets) t CROSS JOIN slug s ON s.id = t.value CROSS JOIN standing p ON p.target = s.canon \
     CROSS JOIN slug o ON o.canon = p.actor AND o.canon <> o.id CROSS JOIN act e ON e.actor = o.id AND e.target = t.value",
    "json_each(:targets) t CROSS JOIN speech e ON e.claim = t.value",
];
const BY_ACTION: &[&str] = &[
    "action w CROSS JOIN act e ON w.action = :action AND e.action = w.id",
    "action w CROSS JOIN speech e ON w.action = :action AND e.action = w.id",
];

/// Places of the other events that name an actor, a target or an action, and of those of a type.
const NAMING_ACTOR: &[&str] = &[
    "json_each(:actors) a CROSS JOIN definition e ON e.slug = a.value",
    "json_each(:actors) a CROSS JOIN merge e ON e.from_slug = a.value",
    "json_each(:actors) a CROSS JOIN merge e ON e.into_slug = a.value",
    "json_each(:actors) a CROSS JOIN about e ON e.actor = a.value",
    "json_each(:actors) a CROSS JOIN verdict e ON e.reviewer = a.value",
];
const NAMING_TARGET: &[&str] = &[
    "json_each(:targets) t CROSS JOIN definition e ON e.slug = t.value",
    "json_each(:targets) t CROSS JOIN merge e ON e.from_slug = t.value",
    "json_each(:targets) t CROSS JOIN merge e ON e.into_slug = t.value",
    "json_each(:targets) t CROSS JOIN about e ON e.target = t.value",
    "json_each(:targets) t CROSS JOIN verdict e ON e.claim = t.value",
];
const NAMING_ACTION: &[&str] = &[
    "action w CROSS JOIN action_definition e ON w.action = :action AND e.action = w.id",
    "action w CROSS JOIN about e ON w.action = :action AND e.action = w.id",
];
const OF_TYPE: &[&str] = &["(SELECT seq FROM other WHERE type = :type) e"];

/// The statement that lists where to look, each place once and in order; nothing where the log itself is to be read.
fn places(filter: &EventFilter) -> Option<String> {
    let EventFilter { actor, target, event_type, action, .. } = filter;
    let (stances, others) = match (actor, target, action) {
        (Some(_), Some(_), _) => (BY_PAIR, NAMING_ACTOR),
        (Some(_), None, _) => (BY_ACTOR, NAMING_ACTOR),
        (None, Some(_), _) => (BY_TARGET, NAMING_TARGET),
        (None, None, Some(_)) => (BY_ACTION, NAMING_ACTION),
        (None, None, None) => (&[][..], OF_TYPE),
    };
    let sources: Vec<&str> = match event_type {
        None => [stances, others].concat(),
        Some(EventType::Stance) => stances.to_vec(),
        Some(_) => others.to_vec(),
    };
    let is_any = actor.is_none() && target.is_none() && action.is_none() && event_type.is_none();
    if sources.is_empty() || is_any {
        return None;
    }
    let list: Vec<String> =
        sources.iter().map(|from| format!("SELECT e.seq FROM {from} WHERE e.seq > :after AND e.seq < :before")).collect();
    let order = match filter.direction {
        Direction::OldestFirst => "ASC",
        Direction::NewestFirst => "DESC",
    };
    Some(format!("{} ORDER BY 1 {order}", list.join(" UNION ")))
}
