//! Votes by roll call: one row for each voter, with a header that names `rcid`, `date`, `country` (or `voter`) and `vote`.
//!
//! Each motion is an entity that comes with its votes. Where the members are known, those of whom a roll call has no row were
//! absent: that comes with its last vote, for it is no row. The rows of a roll call stand together; where they do not, absence
//! would be told of too early, and is refused.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::io::{self, Read};

use csv::ByteRecord;

use super::fact::{Fact, Flaw, Told, Trouble};
use super::input::Encoding;
use super::roll_call::{Header, RollCalls, header_of, value};
use super::row::Rows;
use crate::event::{Body, Common, Draft, Entity, EventId, Evidence, Kind, Micros, Occurred, Stance, nearest, slug_of};

/// The words for a vote, and the actions that they are.
const WORDS: [(&str, &str); 8] = [
    ("yes", "votes-for"),
    ("no", "votes-against"),
    ("abstain", "abstains-on"),
    ("absent", "absent-from"),
    ("y", "votes-for"),
    ("n", "votes-against"),
    ("abstention", "abstains-on"),
    ("not voting", "absent-from"),
];

/// Reads the votes of a file.
pub fn facts<'a>(input: impl Read + Send + 'a, encoding: Encoding, calls: &'a RollCalls) -> impl Iterator<Item = Told> + Send + 'a {
    let mut votes = Votes {
        rows: Rows::of(input, encoding, None),
        calls,
        header: None,
        record: ByteRecord::new(),
        now: None,
        closed: HashSet::new(),
        ready: VecDeque::new(),
        is_done: false,
    };
    std::iter::from_fn(move || votes.next())
}

struct Votes<'a> {
    rows: Rows<'a>,
    calls: &'a RollCalls,
    header: Option<Header>,
    record: ByteRecord,
    /// The roll call being read, where absence is told of.
    now: Option<Open>,
    /// Roll calls whose absence was told of.
    closed: HashSet<String>,
    ready: VecDeque<Told>,
    is_done: bool,
}

/// A roll call that may go on.
struct Open {
    number: String,
    date: Occurred,
    voters: HashSet<String>,
    /// Its last vote so far.
    last: Fact,
}

/// A row, read.
struct Vote {
    number: String,
    date: Occurred,
    voter: String,
    action: &'static str,
}

impl Votes<'_> {
    fn next(&mut self) -> Option<Told> {
        loop {
            if let Some(told) = self.ready.pop_front() {
                return Some(told);
            }
            if self.is_done {
                return None;
            }
            self.read();
        }
    }

    fn read(&mut self) {
        let line = match self.rows.read(&mut self.record) {
            Ok(Some(line)) => line,
            Ok(None) => {
                self.is_done = true;
                return self.close();
            }
            Err(trouble) => {
                self.is_done = matches!(trouble, Trouble::File(_));
                return self.ready.push_back(Err(trouble));
            }
        };
        let Some(header) = &self.header else {
            match header_of(&self.record, &["rcid"]).and_then(has_all) {
                Ok(header) => self.header = Some(header),
                Err(error) => {
                    self.is_done = true;
                    self.ready.push_back(Err(Trouble::File(error)));
                }
            }
            return;
        };
        match vote(&self.record, header, self.calls) {
            Ok(vote) if self.closed.contains(&vote.number) => {
                let said = format!("the rows of roll call {} do not stand together: who was absent was told of before", vote.number);
                self.refuse(Flaw::new("roll call in pieces", "rcid", said), line);
            }
            Ok(vote) => self.take(vote, line),
            Err(flaw) => {
                // Whoever has a row was there, whatever the row says.
                let voter = ["voter", "country"].into_iter().find_map(|name| header.get(name)).and_then(|at| self.record.get(*at));
                if let (Some(open), Some(voter)) = (&mut self.now, voter) {
                    open.voters.insert(String::from_utf8_lossy(voter).trim().to_owned());
                }
                self.refuse(flaw, line);
            }
        }
    }

    fn refuse(&mut self, flaw: Flaw, line: u64) {
        self.ready.push_back(Err(Trouble::Row(flaw.of_row(line, &self.record))));
    }

    fn take(&mut self, vote: Vote, line: u64) {
        let fact = Fact {
            draft: stance(&vote.number, &vote.date, &vote.voter, vote.action, self.calls),
            beside: vec![motion(&vote.number, &vote.date, self.calls)],
            line,
            rows: 1,
            record: self.record.clone(),
        };
        if !self.calls.knows_members() {
            return self.ready.push_back(Ok(fact));
        }
        match &mut self.now {
            Some(open) if open.number == vote.number => {
                open.voters.insert(vote.voter);
                let before = std::mem::replace(&mut open.last, fact);
                self.ready.push_back(Ok(before));
            }
            Some(_) | None => {
                self.close();
                let Vote { number, date, voter, .. } = vote;
                self.now = Some(Open { number, date, voters: HashSet::from([voter]), last: fact });
            }
        }
    }

    /// The roll call being read is at its end: those of whom it has no row were absent.
    fn close(&mut self) {
        let Some(Open { number, date, voters, mut last }) = self.now.take() else { return };
        for member in self.calls.members_on(&date).filter(|member| !voters.contains(*member)) {
            last.beside.push(stance(&number, &date, member, "absent-from", self.calls));
        }
        self.closed.insert(number);
        self.ready.push_back(Ok(last));
    }
}

/// The header, if it has all that a vote needs.
fn has_all(header: Header) -> io::Result<Header> {
    let missing = if !header.contains_key("country") && !header.contains_key("voter") {
        "country` or `voter"
    } else if !header.contains_key("vote") {
        "vote"
    } else {
        return Ok(header);
    };
    Err(io::Error::new(io::ErrorKind::InvalidData, format!("line 1: the header has no column `{missing}`")))
}

fn vote(record: &ByteRecord, header: &Header, calls: &RollCalls) -> Result<Vote, Flaw> {
    if record.len() != header.len() {
        return Err(Flaw::new("column count", "", format!("{} columns, expected {}", record.len(), header.len())));
    }
    let value = |name: &str| value(record, header, name);
    let at = |name: &str| header.get(name).copied().unwrap_or_default();
    let number = value("rcid")?;
    if number.is_empty() {
        return Err(Flaw::new("no roll call", "rcid", "the row has no rcid").at(at("rcid")));
    }
    let voter_column = if header.contains_key("voter") { "voter" } else { "country" };
    let voter = value(voter_column)?;
    if voter.is_empty() {
        return Err(Flaw::new("no voter", voter_column, format!("the row has no {voter_column}")).at(at(voter_column)));
    }
    let date = match value("date")? {
        "" => calls.called(number).date.ok_or_else(|| Flaw::new("no date", "date", "neither the row nor the roll calls have a date"))?,
        date => Occurred::parse(date).map_err(|e| Flaw::new("bad date", "date", e.to_string()).at(at("date")))?,
    };
    let word = value("vote")?;
    let action = WORDS.iter().find(|(known, _)| word.eq_ignore_ascii_case(known)).map(|(_, action)| *action);
    let action = action.ok_or_else(|| {
        let near = nearest(word, WORDS.iter().map(|(known, _)| *known));
        let said = format!("`{word}` is no vote; expected yes, no, abstain or absent");
        Flaw::new("unknown vote", "vote", said).at(at("vote")).with_nearest(near)
    })?;
    Ok(Vote { number: number.to_owned(), date, voter: voter.to_owned(), action })
}

/// The slug of a motion.
fn slug(number: &str, calls: &RollCalls) -> String {
    slug_of(&format!("{} roll call {number}", calls.assembly))
}

/// The motion that a roll call decides, as an entity.
fn motion(number: &str, date: &Occurred, calls: &RollCalls) -> Draft {
    let (call, stands_for) = (calls.called(number), calls.stands_for(number));
    let title = if call.title.is_empty() { String::new() } else { format!(": {}", call.title) };
    let name = format!("{} roll call {number}{title}", calls.assembly.to_uppercase());
    let told: Vec<String> = stands_for.iter().map(|one| format!("{} {}", one.side, one.target)).collect();
    let mut parts: Vec<&[u8]> = vec![b"roll-call", calls.assembly.as_bytes(), number.as_bytes(), name.as_bytes(), call.text.as_bytes()];
    parts.extend(told.iter().map(String::as_bytes));
    let id = EventId::of_content(at(date), &parts);
    let (aliases, roles, identifiers) = Default::default();
    let entity = Entity { entity: slug(number, calls), kind: Kind::Motion, name, aliases, roles, identifiers, stands_for };
    let note = Some(call.text).filter(|text| !text.is_empty());
    Draft { id: Some(id), body: Body::Entity(entity), common: Common { note, ..Common::default() } }
}

/// A vote, or absence, as an event.
fn stance(number: &str, date: &Occurred, voter: &str, action: &str, calls: &RollCalls) -> Draft {
    let parts: [&[u8]; 5] = [b"vote", calls.assembly.as_bytes(), number.as_bytes(), voter.as_bytes(), action.as_bytes()];
    let id = EventId::of_content(at(date), &parts);
    let evidence = vec![Evidence {
        source: Some(slug_of(&format!("{} roll calls", calls.assembly))),
        note: Some(format!("roll call {number}")),
        ..Evidence::default()
    }];
    let (on_behalf_of, place, times, confidence, actor_as, target_as) = Default::default();
    let (actor, action, target, occurred) = (voter.to_owned(), action.to_owned(), slug(number, calls), date.clone());
    let codes = BTreeMap::new();
    let stance = Stance { actor, action, target, occurred, on_behalf_of, place, times, confidence, actor_as, target_as, codes };
    Draft { id: Some(id), body: Body::Stance(stance), common: Common { evidence, ..Common::default() } }
}

fn at(date: &Occurred) -> Micros {
    date.earliest()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(calls: &RollCalls, rows: &str) -> Vec<Told> {
        facts(rows.as_bytes(), Encoding::Utf8, calls).collect()
    }

    fn stance_of(draft: &Draft) -> String {
        match &draft.body {
            Body::Stance(stance) => format!("{} {} {}", stance.actor, stance.action, stance.target),
            Body::Entity(entity) => format!("{}: {}", entity.entity, entity.name),
            other => panic!("{other:?}"),
        }
    }

    const ROWS: &str = "rcid\tdate\tcountry\tcountry_code\tvote\n7\t2012-01-02\tChad\tTD\tyes\n7\t2012-01-02\tNamibia\tNA\tno\n8\t2012-01-03\tChad\tTD\tabstain\n8\t2012-01-03\tMali\tML\tmaybe\n";

    #[test]
    fn a_vote_comes_with_its_motion() {
        let mut calls = RollCalls::of("un");
        calls
            .read_titles("rcid,date,short,descr\n7,2012-01-02,Bud\u{8}get,\"The budget, in full\"\n".as_bytes(), Encoding::Utf8, |bad| {
                panic!("{bad:?}")
            })
            .unwrap();
        calls.read_motions("[motions]\n7 = [{ target = \"Austerity\", side = \"favor\" }]\n").unwrap();
        let told = told(&calls, ROWS);
        let Ok(first) = &told[0] else { panic!("{told:?}") };
        assert_eq!(stance_of(&first.draft), "Chad votes-for un-roll-call-7");
        assert_eq!(first.beside.iter().map(stance_of).collect::<Vec<_>>(), ["un-roll-call-7: UN roll call 7: Bud get"]);
        let Body::Entity(motion) = &first.beside[0].body else { panic!("{first:?}") };
        assert_eq!(motion.stands_for[0].target, "Austerity");
        let Err(Trouble::Row(bad)) = &told[3] else { panic!("{told:?}") };
        assert_eq!((&*bad.kind, bad.line, bad.column), ("unknown vote", 5, Some(5)));
    }

    #[test]
    fn who_has_no_row_was_absent_where_the_members_are_known() {
        let mut calls = RollCalls::of("un");
        let members = "member,from,to\nChad,,\nNamibia,,\nMali,2012-01-03,\nOld,,2011\n";
        calls.read_members(members.as_bytes(), Encoding::Utf8, |bad| panic!("{bad:?}")).unwrap();
        let told = told(&calls, &format!("{ROWS}7\t2012-01-02\tMali\tML\tyes\n"));
        let facts: Vec<&Fact> = told.iter().filter_map(|told| told.as_ref().ok()).collect();
        let absent: Vec<Vec<String>> = facts.iter().map(|fact| fact.beside[1..].iter().map(stance_of).collect()).collect();
        assert_eq!(absent, [vec![], vec![], vec!["Namibia absent-from un-roll-call-8".to_owned()]], "Mali has a row for 8");
        let kinds: Vec<&str> =
            told.iter().filter_map(|told| if let Err(Trouble::Row(bad)) = told { Some(&*bad.kind) } else { None }).collect();
        assert_eq!(kinds, ["unknown vote", "roll call in pieces"]);
    }
}
