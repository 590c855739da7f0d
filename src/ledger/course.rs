//! Questions about the course of time: an actor's stances, the numbers toward a target, what became of a claim.

use super::Ledger;
use super::ask::find;
use super::compare::{claimed, found, not_known};
use super::error::Error;
use super::when::Asked;
use crate::query::{Course, Lanes, Numbers};

impl Ledger {
    /// An actor's stances through time, toward one target or toward those with the most events, at most `limit`: what was
    /// held from when on, and the events that it follows from.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a name that nobody registered, [`Error::Refused`] for one that fits several.
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, ledger::Asked, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// let vote = |action: &str, day: &str| parse(&format!(r#"{{"actor":"Ann","action":"{action}","target":"Tax","occurred":"{day}"}}"#)).unwrap();
    /// ledger.append([vote("votes-for", "2023-05-01"), vote("votes-against", "2024-05-01")])?;
    /// let lanes = ledger.lanes("Ann", None, 10, &Asked::default())?;
    /// let held: Vec<String> = lanes.lanes[0].turns.iter().map(|turn| format!("{} {}", turn.at, turn.to)).collect();
    /// assert_eq!(held, ["2023-05-01 favor", "2024-05-01 against"]);
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn lanes(&self, actor: &str, target: Option<&str>, limit: usize, asked: &Asked) -> Result<Lanes, Error> {
        self.ask(asked, |snapshot| Ok(snapshot.lanes(find(snapshot, actor)?, found(snapshot, target)?, limit)?))
    }

    /// How many actors held which stance toward a target, after each day on which that changed, and who does in the end: at
    /// most `names` of each side by name.
    ///
    /// # Errors
    /// As for [`Ledger::lanes`].
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, ledger::Asked, stance::Value, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// let backs = |actor: &str, day: &str| parse(&format!(r#"{{"actor":"{actor}","action":"backs","target":"Tax","occurred":"{day}"}}"#)).unwrap();
    /// ledger.append([backs("Ann", "2023"), backs("Bea", "2024")])?;
    /// let numbers = ledger.numbers("Tax", 1, &Asked::default())?;
    /// let favor: Vec<u64> = numbers.points.iter().map(|point| point.count(Value::Favor)).collect();
    /// assert_eq!(favor, [1, 2]);
    /// assert_eq!((numbers.holders[0].count, &numbers.holders[0].names[..]), (2, &["Ann".to_owned()][..]));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn numbers(&self, target: &str, names: usize, asked: &Asked) -> Result<Numbers, Error> {
        self.ask(asked, |snapshot| Ok(snapshot.numbers_toward(find(snapshot, target)?, names)?))
    }

    /// What was said of a claim, by which voice, and where it stood after each day on which that changed.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a claim that nobody registered, or not by then.
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, ledger::Asked, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// let says = |actor: &str, action: &str, day: &str| parse(&format!(r#"{{"actor":"{actor}","action":"{action}","target":"claim:rain","occurred":"{day}"}}"#)).unwrap();
    /// let claim = parse(r#"{"type":"claim","claim":"rain","text":"It rained"}"#).unwrap();
    /// ledger.append([claim, says("Ann", "asserts", "2023-05-01"), says("Bea", "denies", "2023-05-02")])?;
    /// let course = ledger.course("rain", &Asked::default())?;
    /// let stood: Vec<String> = course.statuses.iter().map(|point| format!("{} {}", point.at, point.status)).collect();
    /// assert_eq!(stood, ["2023-05-01 asserted", "2023-05-02 disputed"]);
    /// assert_eq!(course.voices[1].names, ["Bea"]);
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn course(&self, claim: &str, asked: &Asked) -> Result<Course, Error> {
        self.ask(asked, |snapshot| snapshot.course(claimed(snapshot, claim)?)?.ok_or_else(|| not_known(claim)))
    }
}
