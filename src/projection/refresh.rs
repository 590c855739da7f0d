//! Refresh: the present standings of the pairs that a chunk made stale.

use std::collections::BTreeSet;

use rusqlite::{CachedStatement, Connection, OptionalExtension};

use super::entries::{ActRow, Span, Via};
use super::error::{Error, doing};
use super::intake::{Fresh, Stale};
use super::world::World;
use crate::event::{Day, Tier};
use crate::stance::{Fold, Rule};

/// Brings the standings up to date with what a chunk brought.
pub(super) struct Refresh<'a> {
    conn: &'a Connection,
    world: &'a World<'a>,
    find: CachedStatement<'a>,
    put: CachedStatement<'a>,
    /// A fold as it is stored: one place for all.
    bytes: Vec<u8>,
    /// Canonical pairs whose fold is to be made anew.
    anew: BTreeSet<(i64, i64)>,
}

const FIND: &str = "SELECT fold FROM standing WHERE actor = ?1 AND target = ?2";
const PUT: &str = "INSERT INTO standing VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20) \
                   ON CONFLICT DO UPDATE SET events = ?3, l_value = ?4, l_basis = ?5, l_since = ?6, l_last = ?7, l_gap = ?8, l_flips = ?9, \
                   l_unknown = ?10, l_decided = ?11, m_value = ?12, m_basis = ?13, m_since = ?14, m_last = ?15, m_gap = ?16, m_flips = ?17, \
                   m_unknown = ?18, m_decided = ?19, fold = ?20";

/// A new act, by its place in the chunk, for one canonical pair, as it is or as a vote on a motion that stands for the target.
struct Keyed {
    pair: (i64, i64),
    act: u32,
    via: Via,
}

impl<'a> Refresh<'a> {
    pub(super) fn new(conn: &'a Connection, world: &'a World<'a>) -> Result<Self, Error> {
        let prepare = |sql| conn.prepare_cached(sql).map_err(doing("preparing to store standings"));
        Ok(Self { conn, world, find: prepare(FIND)?, put: prepare(PUT)?, bytes: Vec::new(), anew: BTreeSet::new() })
    }

    /// Brings everything that is stale up to date. The merges have to have been settled (see [`settle_merges`]).
    pub(super) fn run(mut self, stale: &Stale, redefined: &BTreeSet<i64>) -> Result<(), Error> {
        for (actor, target) in &stale.pairs {
            let actor = self.world.canonical(*actor)?;
            self.stale_pair(actor, *target)?;
        }
        for action in redefined {
            self.stale_action(*action)?;
        }
        self.go_on_all(stale)?;
        for pair in std::mem::take(&mut self.anew) {
            self.make_anew(pair)?;
        }
        Ok(())
    }

    /// Marks what one actor's acts toward a slug count toward: its entity, and what it stands for.
    fn stale_pair(&mut self, actor: i64, target: i64) -> Result<(), Error> {
        self.anew.insert((actor, self.world.canonical(target)?));
        for (carried, _) in self.world.carries_to(target)? {
            self.anew.insert((actor, carried));
        }
        Ok(())
    }

    /// Marks every pair that has an act with this action.
    fn stale_action(&mut self, action: i64) -> Result<(), Error> {
        let pairs = self.pairs("SELECT DISTINCT actor, target FROM act WHERE action = ?1", action)?;
        for (actor, target) in pairs {
            let actor = self.world.canonical(actor)?;
            self.stale_pair(actor, target)?;
        }
        Ok(())
    }

    /// Marks, for everybody who acted toward a motion, everything that it ever stood for. To be called before
    /// [`Refresh::settle_merges`], as that empties the standings where the voters are found.
    pub(super) fn settle_motions(&mut self, motions: &BTreeSet<i64>) -> Result<(), Error> {
        for motion in motions {
            let stood_for = self.pairs("SELECT target, target FROM stands_for WHERE motion = ?1", *motion)?;
            for member in &self.world.class(*motion)?.members {
                for (voter, _) in self.pairs("SELECT actor, target FROM standing WHERE target = ?1", *member)? {
                    for voter in self.heirs(voter)? {
                        for (target, _) in &stood_for {
                            self.anew.insert((voter, self.world.canonical(*target)?));
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn pairs(&self, sql: &str, key: i64) -> Result<Vec<(i64, i64)>, Error> {
        let reads = doing("looking for the pairs that a change concerns");
        let mut statement = self.conn.prepare_cached(sql).map_err(reads)?;
        statement.query_map([key], |row| Ok((row.get(0)?, row.get(1)?))).and_then(Iterator::collect).map_err(reads)
    }

    /// Lets the folds of all pairs go on to which new acts belong.
    fn go_on_all(&mut self, stale: &Stale) -> Result<(), Error> {
        if self.world.is_plain() {
            // They stand pair by pair already.
            for of_pair in stale.fresh.chunk_by(|a, b| a.pair() == b.pair()) {
                self.go_on(of_pair[0].pair(), of_pair.iter().map(|one| (one.act(stale), None)))?;
            }
            return Ok(());
        }
        let mut keyed = self.keyed(&stale.fresh)?;
        keyed.sort_unstable_by_key(|one| one.pair);
        for of_pair in keyed.chunk_by(|a, b| a.pair == b.pair) {
            self.go_on(of_pair[0].pair, of_pair.iter().map(|one| (stale.fresh[one.act as usize].act(stale), one.via)))?;
        }
        Ok(())
    }

    /// The new acts by the canonical pairs that they may count toward.
    fn keyed(&self, fresh: &[Fresh]) -> Result<Vec<Keyed>, Error> {
        let mut keyed = Vec::with_capacity(fresh.len());
        for (act, one) in (0..).zip(fresh) {
            let (actor, target) = one.pair();
            let actor = self.world.canonical(actor)?;
            keyed.push(Keyed { pair: (actor, self.world.canonical(target)?), act, via: None });
            for (target, side) in self.world.carries_to(target)? {
                keyed.push(Keyed { pair: (actor, target), act, via: Some(side) });
            }
        }
        Ok(keyed)
    }

    /// Lets a pair's fold go on with new acts where none of them belongs before what it has seen.
    fn go_on(&mut self, pair: (i64, i64), acts: impl Iterator<Item = (ActRow, Via)>) -> Result<(), Error> {
        if self.anew.contains(&pair) {
            return Ok(());
        }
        let mut of_pair = Vec::new();
        for (act, via) in acts {
            of_pair.extend(self.world.entry(act, via)?.map(|entry| (entry, via.is_some())));
        }
        of_pair.sort_unstable_by_key(|(entry, is_carried)| (entry.order(), *is_carried));
        let entries = || of_pair.iter().map(|(entry, _)| entry);
        let repeats = entries().zip(entries().skip(1)).any(|(one, next)| one.seq == next.seq);
        let stored = self.stored(pair)?;
        let known = stored.is_some();
        let mut fold = stored.unwrap_or_default();
        let late = entries().next().is_some_and(|first| !fold.accepts(first.day()));
        if late || repeats {
            self.anew.insert(pair);
            return Ok(());
        }
        // Of the flips stored before, only those since the last settled change may come out otherwise now.
        let open_from = [Rule::Latest, Rule::Majority].map(|rule| {
            let may_differ = known && fold.changes(rule).iter().any(|change| change.flip.is_some());
            may_differ.then(|| fold.open_from(rule).unwrap_or(Day::BEFORE_ALL))
        });
        entries().for_each(|entry| fold.add(entry));
        self.store(pair, &fold, open_from)
    }

    fn stored(&mut self, pair: (i64, i64)) -> Result<Option<Fold>, Error> {
        let read = |row: &rusqlite::Row<'_>| Ok(postcard::from_bytes(row.get_ref(0)?.as_blob()?));
        let fold = self.find.query_row(pair, read).optional().map_err(doing("reading a standing"))?;
        fold.transpose().map_err(|_| Error::Unreadable { what: "a fold" })
    }

    /// Folds a pair from its first entry on.
    fn make_anew(&mut self, (actor, target): (i64, i64)) -> Result<(), Error> {
        let (of, toward) = (self.world.class(actor)?, self.world.class(target)?);
        let mut fold = Fold::default();
        self.world.entries(&of, &toward, Span::ALL, |entry| fold.add(&entry))?;
        if fold.events() == 0 && !self.world.has_acts(&of, &toward)? {
            return self.forget((actor, target));
        }
        self.store((actor, target), &fold, [Some(Day::BEFORE_ALL); 2])
    }

    /// Removes a pair from the present.
    fn forget(&self, pair: (i64, i64)) -> Result<(), Error> {
        self.execute("DELETE FROM standing WHERE actor = ?1 AND target = ?2", pair)?;
        self.execute("DELETE FROM flip WHERE actor = ?1 AND target = ?2", pair)
    }

    /// Stores a pair's fold and answers. `open_from`: from which day on, under each rule, the flips stored before are
    /// replaced; nothing where none was.
    fn store(&mut self, (actor, target): (i64, i64), fold: &Fold, open_from: [Option<Day>; 2]) -> Result<(), Error> {
        self.bytes.clear();
        let unwritable = |_| Error::Unreadable { what: "a fold to be stored" };
        self.bytes = postcard::to_extend(fold, std::mem::take(&mut self.bytes)).map_err(unwritable)?;
        let [l, m] = [Rule::Latest, Rule::Majority].map(|rule| fold.standing(rule));
        let number = |tier: Option<Tier>| tier.map(|tier| tier.number());
        let day = |day: Option<Day>| day.map(|day| day.0);
        let row = rusqlite::params![
            actor,
            target,
            fold.events() as i64,
            l.value.number(),
            number(l.basis),
            day(l.since),
            day(l.last()),
            l.gap,
            l.flips,
            l.unknown,
            l.decided,
            m.value.number(),
            number(m.basis),
            day(m.since),
            day(m.last()),
            m.gap,
            m.flips,
            m.unknown,
            m.decided,
            self.bytes,
        ];
        self.put.execute(row).map_err(doing("storing a standing"))?;
        for rule in [Rule::Latest, Rule::Majority] {
            self.store_flips((actor, target), fold, rule, open_from[rule.index()])?;
        }
        Ok(())
    }

    fn store_flips(&self, (actor, target): (i64, i64), fold: &Fold, rule: Rule, open_from: Option<Day>) -> Result<(), Error> {
        if let Some(from) = open_from {
            let sql = "DELETE FROM flip WHERE actor = ?1 AND target = ?2 AND rule = ?3 AND day >= ?4";
            self.execute(sql, (actor, target, rule.number(), from.0))?;
        }
        for change in fold.changes(rule) {
            let (Some(grade), Some(basis)) = (change.flip, change.basis.1) else { continue };
            let row = (
                actor,
                target,
                rule.number(),
                change.at.0,
                grade.number(),
                change.confirmed(),
                change.from.number(),
                change.to.number(),
                basis.number(),
            );
            self.execute("INSERT INTO flip VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)", row)?;
        }
        Ok(())
    }

    fn execute(&self, sql: &str, row: impl rusqlite::Params) -> Result<(), Error> {
        let stores = doing("storing a standing");
        self.conn.prepare_cached(sql).and_then(|mut s| s.execute(row)).map(|_| ()).map_err(stores)
    }

    /// Brings canonical slugs up to date with the merges in force, and marks every pair of the entities concerned.
    pub(super) fn settle_merges(&mut self, merged: &BTreeSet<i64>) -> Result<(), Error> {
        let mut concerned = BTreeSet::new();
        for slug in merged {
            let around = self.world.merges_around(*slug)?;
            concerned.extend(around.iter().flat_map(|(_, from, into)| [*from, *into]));
        }
        let before = self.standings_of(&concerned)?;
        for slug in &concerned {
            self.execute("UPDATE slug SET canon = ?2 WHERE id = ?1", (slug, self.world.canonical(*slug)?))?;
        }
        self.settle_merged_motions(&concerned, &before)?;
        for pair @ (actor, target) in before {
            self.forget(pair)?;
            // The pair's acts may stand under any slug that hangs together with its own.
            let actors = if concerned.contains(&actor) { self.canonicals(&concerned)? } else { BTreeSet::from([actor]) };
            let targets = if concerned.contains(&target) { self.canonicals(&concerned)? } else { BTreeSet::from([target]) };
            for actor in &actors {
                self.anew.extend(targets.iter().map(|target| (*actor, *target)));
            }
        }
        Ok(())
    }

    /// Marks what votes on merged motions count toward: by the merge, others may have voted on them.
    fn settle_merged_motions(&mut self, concerned: &BTreeSet<i64>, before: &BTreeSet<(i64, i64)>) -> Result<(), Error> {
        let mut stood_for = BTreeSet::new();
        for motion in concerned {
            for (target, _) in self.pairs("SELECT target, target FROM stands_for WHERE motion = ?1", *motion)? {
                stood_for.insert(self.world.canonical(target)?);
            }
        }
        for (voter, _) in before.iter().filter(|(_, target)| concerned.contains(target)) {
            for voter in self.heirs(*voter)? {
                self.anew.extend(stood_for.iter().map(|target| (voter, *target)));
            }
        }
        Ok(())
    }

    /// Those whose acts may have stood under a slug so far: its entity, and all that were ever merged with it, which may be
    /// parted by what the chunk took back.
    fn heirs(&self, slug: i64) -> Result<BTreeSet<i64>, Error> {
        let around = self.world.merges_around(slug)?;
        self.canonicals(&around.iter().flat_map(|(_, from, into)| [*from, *into]).chain([slug]).collect())
    }

    fn canonicals(&self, slugs: &BTreeSet<i64>) -> Result<BTreeSet<i64>, Error> {
        slugs.iter().map(|slug| self.world.canonical(*slug)).collect()
    }

    fn standings_of(&self, slugs: &BTreeSet<i64>) -> Result<BTreeSet<(i64, i64)>, Error> {
        let mut pairs = BTreeSet::new();
        for slug in slugs {
            pairs.extend(self.pairs("SELECT actor, target FROM standing WHERE actor = ?1", *slug)?);
            pairs.extend(self.pairs("SELECT actor, target FROM standing WHERE target = ?1", *slug)?);
        }
        Ok(pairs)
    }
}
