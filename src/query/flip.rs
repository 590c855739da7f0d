//! Flips and gaps: who changed sides, and where words and deeds part.

use serde::Serialize;
use utoipa::ToSchema;

use super::error::Error;
use super::snapshot::Snapshot;
use crate::event::{Day, EventId, Tier};
use crate::projection::{Span, doing};
use crate::stance::{Fold, Grade, Order, Rule, StanceValue, Value};

/// A flip: a change of side on the same basis.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct FlipItem {
    /// Whose.
    pub actor: String,
    /// Toward whom or what.
    pub target: String,
    /// From one side to the other, or half of that.
    pub grade: Grade,
    /// Whether the new side was taken on two days, or by a formal act.
    pub confirmed: bool,
    /// The stance before.
    #[schema(value_type = StanceValue)]
    pub from: Value,
    /// The stance after.
    #[schema(value_type = StanceValue)]
    pub to: Value,
    /// The day.
    #[schema(value_type = Day)]
    pub at: String,
    /// The tier that decides on both sides.
    pub basis: Tier,
    /// Whether what decided before certainly came before; a flip's always did.
    pub order: Order,
    /// The events that made it.
    pub events: Vec<EventId>,
}

/// Which flips are asked for; what is not given does not limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FlipFilter {
    /// Only this entity's (number of a slug).
    pub actor: Option<i64>,
    /// Only those toward this one.
    pub target: Option<i64>,
    /// Only those on this day or later.
    pub from: Option<Day>,
    /// Only those on this day or earlier.
    pub to: Option<Day>,
    /// Only confirmed ones.
    pub confirmed: bool,
}

/// A gap: words on one side, deeds on the other.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct GapItem {
    /// Whose.
    pub actor: String,
    /// Toward whom or what.
    pub target: String,
    /// What is declared.
    #[schema(value_type = StanceValue)]
    pub declared: Value,
    /// What is enacted.
    #[schema(value_type = StanceValue)]
    pub enacted: Value,
    /// The last day of the words that decide.
    #[schema(value_type = Day)]
    pub declared_last: String,
    /// The last day of the deeds that decide.
    #[schema(value_type = Day)]
    pub enacted_last: String,
    /// The words that decide.
    pub declared_by: Vec<EventId>,
    /// The deeds that decide.
    pub enacted_by: Vec<EventId>,
}

/// A flip as the table has it.
struct FlipRow {
    actor: i64,
    target: i64,
    day: Day,
    grade: Grade,
    confirmed: bool,
    from: Value,
    to: Value,
    basis: Tier,
}

impl Snapshot<'_> {
    /// Flips, by day, then by slugs: a part, and how many there are. What made them is looked up for the part alone.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn flips(&self, filter: FlipFilter, mut skip: usize, limit: usize) -> Result<(Vec<FlipItem>, usize), Error> {
        let mut rows = if self.is_present { self.stored_flips(filter)? } else { self.folded_flips(filter)? };
        rows.sort_by_key(|row| row.day);
        let mut part = Vec::new();
        for of_day in rows.chunk_by(|a, b| a.day == b.day) {
            if part.len() == limit {
                break;
            }
            if skip >= of_day.len() {
                skip -= of_day.len();
                continue;
            }
            let mut named = Vec::new();
            for row in of_day {
                named.push((self.slug(row.actor)?, self.slug(row.target)?, row));
            }
            named.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
            let room = limit - part.len();
            for (_, _, row) in named.into_iter().skip(skip).take(room) {
                part.push(self.flip_item(row)?);
            }
            skip = 0;
        }
        Ok((part, rows.len()))
    }

    fn stored_flips(&self, filter: FlipFilter) -> Result<Vec<FlipRow>, Error> {
        let reads = doing("reading flips");
        let sql = "SELECT actor, target, day, grade, confirmed, value_from, value_to, basis FROM flip WHERE rule = ?1 AND day BETWEEN ?2 AND ?3 \
                   AND (?4 IS NULL OR actor = ?4) AND (?5 IS NULL OR target = ?5) AND confirmed >= ?6";
        let mut statement = self.views.connection().prepare_cached(sql).map_err(reads)?;
        let canonical = |slug: Option<i64>| slug.map(|slug| self.world.canonical(slug)).transpose();
        let (actor, target) = (canonical(filter.actor)?, canonical(filter.target)?);
        let (from, to) = (filter.from.map_or(i32::MIN, |day| day.0), filter.to.map_or(i32::MAX, |day| day.0));
        let mut rows = statement.query((self.when.rule.number(), from, to, actor, target, filter.confirmed)).map_err(reads)?;
        let mut flips = Vec::new();
        while let Some(row) = rows.next().map_err(reads)? {
            flips.push(flip_row(row).map_err(reads)?);
        }
        Ok(flips.into_iter().flatten().collect())
    }

    fn folded_flips(&self, filter: FlipFilter) -> Result<Vec<FlipRow>, Error> {
        let mut flips = Vec::new();
        self.every_fold(filter.actor, filter.target, |actor, target, fold| {
            for change in fold.changes(self.when.rule) {
                let (Some(grade), Some(basis)) = (change.flip, change.basis.1) else { continue };
                let in_time = filter.from.is_none_or(|from| from <= change.at) && filter.to.is_none_or(|to| change.at <= to);
                if in_time && (change.confirmed() || !filter.confirmed) {
                    let (day, confirmed) = (change.at, change.confirmed());
                    flips.push(FlipRow { actor, target, day, grade, confirmed, from: change.from, to: change.to, basis });
                }
            }
            Ok(())
        })?;
        Ok(flips)
    }

    fn flip_item(&self, row: &FlipRow) -> Result<FlipItem, Error> {
        let (actor, target) = (self.world.class(row.actor)?, self.world.class(row.target)?);
        let entries = self.entries(&actor, &target, Span::days(row.day, row.day))?;
        let made_it = entries.iter().filter(|entry| entry.tier == row.basis && entry.day() == row.day);
        Ok(FlipItem {
            actor: self.slug(row.actor)?,
            target: self.slug(row.target)?,
            grade: row.grade,
            confirmed: row.confirmed,
            from: row.from,
            to: row.to,
            at: row.day.to_string(),
            basis: row.basis,
            order: Order::Certain,
            events: made_it.map(|entry| self.id(entry.seq)).collect::<Result<_, _>>()?,
        })
    }

    /// Gaps, by slugs.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`].
    pub fn gaps(&self, actor: Option<i64>, target: Option<i64>) -> Result<Vec<GapItem>, Error> {
        let mut items = Vec::new();
        if self.is_present {
            for (of, toward) in self.stored_gaps(actor, target)? {
                let fold = self.fold(&*self.world.class(of)?, &*self.world.class(toward)?)?;
                items.extend(self.gap_item(of, toward, &fold)?);
            }
        } else {
            self.every_fold(actor, target, |of, toward, fold| {
                items.extend(self.gap_item(of, toward, fold)?);
                Ok(())
            })?;
        }
        items.sort_by(|a, b| (&a.actor, &a.target).cmp(&(&b.actor, &b.target)));
        Ok(items)
    }

    fn stored_gaps(&self, actor: Option<i64>, target: Option<i64>) -> Result<Vec<(i64, i64)>, Error> {
        let reads = doing("reading gaps");
        let column = match self.when.rule {
            Rule::Latest => "l_gap",
            Rule::Majority => "m_gap",
        };
        let sql = format!(
            "SELECT actor, target FROM standing WHERE (l_gap OR m_gap) AND {column} AND (?1 IS NULL OR actor = ?1) AND (?2 IS NULL OR target = ?2)"
        );
        let mut statement = self.views.connection().prepare_cached(&sql).map_err(reads)?;
        let canonical = |slug: Option<i64>| slug.map(|slug| self.world.canonical(slug)).transpose();
        let key = (canonical(actor)?, canonical(target)?);
        Ok(statement.query_map(key, |row| Ok((row.get(0)?, row.get(1)?))).and_then(Iterator::collect).map_err(reads)?)
    }

    fn gap_item(&self, actor: i64, target: i64, fold: &Fold) -> Result<Option<GapItem>, Error> {
        let [words, deeds] = [Tier::Declared, Tier::Enacted].map(|tier| fold.tier_alone(tier, self.when.rule));
        let (Some((declared, words)), Some((enacted, deeds))) = (words, deeds) else { return Ok(None) };
        if !declared.opposes(enacted) {
            return Ok(None);
        }
        let (of, toward) = (self.world.class(actor)?, self.world.class(target)?);
        let ids = |deciding| -> Result<Vec<EventId>, Error> {
            self.deciding_entries(&of, &toward, Some(deciding))?.iter().map(|entry| self.id(entry.seq)).collect()
        };
        Ok(Some(GapItem {
            actor: self.slug(actor)?,
            target: self.slug(target)?,
            declared,
            enacted,
            declared_last: words.to.to_string(),
            enacted_last: deeds.to.to_string(),
            declared_by: ids(words)?,
            enacted_by: ids(deeds)?,
        }))
    }
}

fn flip_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Option<FlipRow>> {
    let number = |column: usize| row.get::<_, i64>(column);
    let parts =
        (Grade::from_number(number(3)?), Value::from_number(number(5)?), Value::from_number(number(6)?), Tier::from_number(number(7)?));
    let (Some(grade), Some(from), Some(to), Some(basis)) = parts else { return Ok(None) };
    Ok(Some(FlipRow { actor: row.get(0)?, target: row.get(1)?, day: Day(row.get(2)?), grade, confirmed: row.get(4)?, from, to, basis }))
}
