//! A desk: a ledger on a log of its own, told things in few words; when it is cleared, the oracle looks at the log.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use stancelog::Ledger;
use stancelog::event::{Draft, parse};
use stancelog::ledger::{Answer, Asked, Clock, Error, Question, SystemClock};

use super::oracle;

/// A ledger on a log of its own.
pub struct Desk {
    pub ledger: Ledger,
    pub path: PathBuf,
    told: Cell<usize>,
    folder: tempfile::TempDir,
}

/// The id of the n-th thing that a desk is told.
pub fn id_of(number: usize) -> String {
    format!("01860000-0000-7000-9000-{number:012x}")
}

/// Asked as of a date.
pub fn at(date: &str) -> Asked {
    Asked { as_of: Some(date.to_owned()), ..Asked::default() }
}

/// Asked as known at a place in the log.
pub fn known(seq: i64) -> Asked {
    Asked { known_at: Some(format!("@{seq}")), ..Asked::default() }
}

impl Desk {
    /// A desk with an empty log.
    pub fn new() -> Self {
        Self::with(Box::new(SystemClock))
    }

    /// The same, with a clock that is handed in.
    pub fn with(clock: Box<dyn Clock>) -> Self {
        let folder = super::folder();
        let path = folder.path().join("stances.db");
        Self { ledger: Ledger::open_with(&path, clock).unwrap(), path, told: Cell::new(0), folder }
    }

    /// A desk with the article on it.
    pub fn with_article() -> Self {
        let desk = Self::new();
        desk.ledger.append(article()).unwrap();
        desk
    }

    /// A desk where these entities are registered, by slugs that are their names.
    pub fn knowing(slugs: &[&str]) -> Self {
        let desk = Self::new();
        for slug in slugs {
            desk.tell(json!({"type": "entity", "entity": slug, "kind": "unknown", "name": slug}));
        }
        desk
    }

    /// Where files of the test may stand.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn draft(&self, mut event: Value) -> (String, Draft) {
        self.told.set(self.told.get() + 1);
        let id = event["id"].as_str().map_or_else(|| id_of(self.told.get()), str::to_owned);
        event["id"] = json!(id);
        (id, parse(&event.to_string()).unwrap_or_else(|e| panic!("{event}: {e}")))
    }

    /// Records one event of any type; its id.
    pub fn tell(&self, event: Value) -> String {
        let (id, draft) = self.draft(event);
        self.ledger.append([draft]).unwrap_or_else(|e| panic!("{id}: {e}"));
        id
    }

    /// Why one event is refused.
    pub fn refuses(&self, event: Value) -> String {
        let (_, draft) = self.draft(event);
        let head = self.head();
        let said = match self.ledger.append([draft]) {
            Err(Error::Refused(refusal)) => refusal.to_string(),
            other => panic!("expected a refusal, got {other:?}"),
        };
        assert_eq!(self.head(), head, "a refusal leaves nothing behind");
        said
    }

    /// Records that an actor did something toward a target; its id.
    pub fn says(&self, actor: &str, action: &str, target: &str, on: &str) -> String {
        self.tell(json!({"actor": actor, "action": action, "target": target, "occurred": on}))
    }

    /// Takes an event back; the id of the retraction.
    pub fn retracts(&self, id: &str) -> String {
        self.tell(json!({"type": "retract", "event": id, "reason": "recorded wrongly"}))
    }

    /// The place of the last event.
    pub fn head(&self) -> i64 {
        self.ledger.status().unwrap().head
    }

    /// Where an actor stands on a target.
    pub fn answer(&self, actor: &str, target: &str, asked: &Asked) -> Answer {
        self.ledger.stance(&Question { actor, target, asked: asked.clone() }).unwrap_or_else(|e| panic!("{actor} {target}: {e}"))
    }

    /// The same in two words: the stance, and the tier that decides.
    pub fn stance(&self, actor: &str, target: &str, asked: &Asked) -> (&'static str, &'static str) {
        let answer = self.answer(actor, target, asked);
        (answer.stance.word(), answer.basis.map_or("-", |tier| tier.word()))
    }

    /// The stance at present, in one word.
    pub fn now(&self, actor: &str, target: &str) -> &'static str {
        self.stance(actor, target, &Asked::default()).0
    }
}

impl Drop for Desk {
    /// No test can forget to look at its log.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            oracle::verify(&self.path);
        }
    }
}

/// The events of the article, its registry first.
pub fn article() -> Vec<Draft> {
    article_lines().iter().map(|line| parse(line).unwrap()).collect()
}

/// The same, as lines.
pub fn article_lines() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/article");
    let lines = ["registry.jsonl", "events.jsonl"].map(|file| std::fs::read_to_string(folder.join(file)).unwrap());
    lines.iter().flat_map(|text| text.lines().map(str::to_owned)).collect()
}
