//! Replay: the views made again event by event, with what each event changed.

use std::path::Path;

use super::catch_up;
use super::error::{Error, doing};
use super::views::Views;
use crate::log::{Reader, Seq};
use crate::stance::{Rule, Status, Value};

/// A stance that an event changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Moved {
    /// The actor's slug.
    pub actor: String,
    /// The target's slug.
    pub target: String,
    /// The stance before.
    pub from: Value,
    /// The stance after.
    pub to: Value,
}

/// A claim whose status an event changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClaimMoved {
    /// The claim's slug, as a target is written.
    pub claim: String,
    /// The status before; nothing for a claim that was not there.
    pub from: Option<Status>,
    /// The status after; nothing for one that is not there any more.
    pub to: Option<Status>,
}

/// Views that are made again event by event.
pub struct Replay<'a> {
    views: Views,
    reader: Reader<'a>,
    rule: Rule,
}

/// Notes what a standing or claim was before an event first touched it.
const WATCH: &str = "
CREATE TEMP TABLE moved (actor INTEGER, target INTEGER, l_value INTEGER, m_value INTEGER, PRIMARY KEY (actor, target));
CREATE TEMP TABLE claim_moved (claim INTEGER PRIMARY KEY, status INTEGER);
CREATE TEMP TRIGGER standing_comes BEFORE INSERT ON main.standing
WHEN NOT EXISTS (SELECT 1 FROM moved WHERE actor = NEW.actor AND target = NEW.target) BEGIN
  INSERT INTO moved SELECT NEW.actor, NEW.target, max(l_value), max(m_value) FROM main.standing WHERE actor = NEW.actor AND target = NEW.target;
END;
CREATE TEMP TRIGGER standing_goes BEFORE DELETE ON main.standing
WHEN NOT EXISTS (SELECT 1 FROM moved WHERE actor = OLD.actor AND target = OLD.target) BEGIN
  INSERT INTO moved VALUES (OLD.actor, OLD.target, OLD.l_value, OLD.m_value);
END;
CREATE TEMP TRIGGER claim_comes BEFORE INSERT ON main.claim
WHEN NOT EXISTS (SELECT 1 FROM claim_moved WHERE claim = NEW.claim) BEGIN
  INSERT INTO claim_moved VALUES (NEW.claim, NULL);
END;
CREATE TEMP TRIGGER claim_goes BEFORE DELETE ON main.claim
WHEN NOT EXISTS (SELECT 1 FROM claim_moved WHERE claim = OLD.claim) BEGIN
  INSERT INTO claim_moved VALUES (OLD.claim, OLD.status);
END;
PRAGMA synchronous = OFF;";

impl<'a> Replay<'a> {
    /// Begins before the first event, with views of its own at `path`.
    ///
    /// # Errors
    /// [`Error::Open`], [`Error::Sqlite`].
    pub fn begin(path: &Path, reader: Reader<'a>, rule: Rule) -> Result<Self, Error> {
        let views = Views::open(path)?;
        views.conn.execute_batch(WATCH).map_err(doing("beginning a replay"))?;
        Ok(Self { views, reader, rule })
    }

    /// Takes in the next event; nothing at the end of the log. What it changed is told by [`Replay::moved`].
    ///
    /// # Errors
    /// [`Error::Sqlite`], [`Error::Log`].
    pub fn step(&self) -> Result<Option<Seq>, Error> {
        self.views.conn.execute_batch("DELETE FROM moved; DELETE FROM claim_moved;").map_err(doing("going on with a replay"))?;
        catch_up::step(&self.views, self.reader)
    }

    /// The stances and claims that the last event changed, by slugs.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn moved(&self) -> Result<(Vec<Moved>, Vec<ClaimMoved>), Error> {
        Ok((self.stances_moved()?, self.claims_moved()?))
    }

    fn stances_moved(&self) -> Result<Vec<Moved>, Error> {
        let reads = doing("reading what an event changed");
        let value = match self.rule {
            Rule::Latest => "l_value",
            Rule::Majority => "m_value",
        };
        let sql = format!(
            "SELECT a.slug, t.slug, ifnull(moved.{value}, ?1), ifnull(standing.{value}, ?1) FROM moved \
             JOIN slug a ON a.id = moved.actor JOIN slug t ON t.id = moved.target \
             LEFT JOIN standing ON standing.actor = moved.actor AND standing.target = moved.target ORDER BY 1, 2"
        );
        let mut statement = self.views.conn.prepare_cached(&sql).map_err(reads)?;
        let mut rows = statement.query([Value::None.number()]).map_err(reads)?;
        let mut moved = Vec::new();
        while let Some(row) = rows.next().map_err(reads)? {
            let values = (Value::from_number(row.get(2).map_err(reads)?), Value::from_number(row.get(3).map_err(reads)?));
            let (Some(from), Some(to)) = values else { return Err(Error::Unreadable { what: "a stance" }) };
            if from != to {
                moved.push(Moved { actor: row.get(0).map_err(reads)?, target: row.get(1).map_err(reads)?, from, to });
            }
        }
        Ok(moved)
    }

    fn claims_moved(&self) -> Result<Vec<ClaimMoved>, Error> {
        let reads = doing("reading what an event changed");
        let sql = "SELECT slug.slug, claim_moved.status, claim.status FROM claim_moved JOIN slug ON slug.id = claim_moved.claim \
                   LEFT JOIN claim ON claim.claim = claim_moved.claim ORDER BY 1";
        let mut statement = self.views.conn.prepare_cached(sql).map_err(reads)?;
        let mut rows = statement.query([]).map_err(reads)?;
        let mut moved = Vec::new();
        while let Some(row) = rows.next().map_err(reads)? {
            let status = |column: usize| -> Result<Option<Status>, Error> {
                Ok(row.get::<_, Option<i64>>(column).map_err(reads)?.and_then(Status::from_number))
            };
            let (from, to) = (status(1)?, status(2)?);
            if from != to {
                moved.push(ClaimMoved { claim: row.get(0).map_err(reads)?, from, to });
            }
        }
        Ok(moved)
    }
}
