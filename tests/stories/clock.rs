//! The clock: when the log learned of something never runs backwards, whatever the machine's clock does.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};

use stancelog::event::{Micros, Occurred};
use stancelog::ledger::{Asked, Clock, EventsWanted};

use crate::support::Desk;

/// A clock that is set by hand, and ids that count up.
#[derive(Clone, Default)]
struct ByHand {
    now: Arc<AtomicI64>,
    drawn: Arc<AtomicU8>,
}

impl ByHand {
    fn set(&self, date: &str) {
        self.now.store(Occurred::parse(date).unwrap().earliest().0, Ordering::Relaxed);
    }
}

impl Clock for ByHand {
    fn now(&self) -> Micros {
        Micros(self.now.load(Ordering::Relaxed))
    }

    fn random(&self) -> [u8; 10] {
        [self.drawn.fetch_add(1, Ordering::Relaxed) + 1; 10]
    }
}

fn recorded(desk: &Desk) -> Vec<String> {
    let mut days = Vec::new();
    let keep = |row: stancelog::ledger::Row| {
        days.push(row.recorded_at.to_string()[..10].to_owned());
        Ok(())
    };
    desk.ledger.events(&EventsWanted::default(), &Asked::default(), keep).unwrap();
    days
}

#[test]
fn when_the_clock_steps_back_the_log_stays_where_it_was() {
    let clock = ByHand::default();
    clock.set("2023-05-01");
    let desk = Desk::with(Box::new(clock.clone()));
    desk.says("ann", "backs", "tax", "2022-01-01");
    clock.set("2023-04-01");
    desk.says("ann", "opposes", "tax", "2022-01-02");
    clock.set("2023-06-01");
    desk.says("ann", "backs", "tax", "2022-01-03");
    let days = recorded(&desk);
    assert_eq!(days[..5], ["2023-05-01"; 5], "vocabulary, two entities, and both events of before June");
    assert_eq!(days[5..], ["2023-06-01"]);

    let known_at = |date: &str| Asked { known_at: Some(date.to_owned()), ..Asked::default() };
    let then = |date: &str| desk.stance("ann", "tax", &known_at(date)).0;
    assert_eq!(
        [then("2023-04-30"), then("2023-05-01"), then("2023-05"), then("2023-06-01"), then("2022")],
        ["none", "against", "against", "favor", "none"]
    );
}

#[test]
fn another_ledger_whose_clock_is_late_does_not_turn_the_log_back_either() {
    let (early, late) = (ByHand::default(), ByHand::default());
    early.set("2023-05-01");
    late.set("2021-05-01");
    let desk = Desk::with(Box::new(early));
    desk.says("ann", "backs", "tax", "2022-01-01");
    let other = stancelog::Ledger::open_with(&desk.path, Box::new(late)).unwrap();
    other
        .append([stancelog::event::parse(r#"{"actor":"ann","action":"opposes","target":"tax","occurred":"2022-01-02"}"#).unwrap()])
        .unwrap();
    assert_eq!(recorded(&desk), ["2023-05-01"; 5]);
    assert_eq!(desk.now("ann", "tax"), "against");
}

#[test]
fn today_and_thirty_days_ago_are_told_by_the_clock() {
    let clock = ByHand::default();
    clock.set("2023-05-31");
    let desk = Desk::with(Box::new(clock));
    desk.says("ann", "backs", "tax", "2023-05-01");
    desk.says("ann", "opposes", "tax", "2023-06-01");
    let as_of = |text: &str| desk.stance("ann", "tax", &Asked { as_of: Some(text.to_owned()), ..Asked::default() }).0;
    assert_eq!([as_of("today"), as_of("-30d"), as_of("-31d"), as_of("-0d")], ["favor", "favor", "none", "favor"]);
    assert_eq!(desk.now("ann", "tax"), "against", "without a date everything that is recorded counts");
    for wrong in ["yesterday", "-d", "-1w", "2023-13", ""] {
        let asked = Asked { as_of: Some(wrong.to_owned()), ..Asked::default() };
        let error = desk.ledger.stances("ann", &asked).unwrap_err();
        assert!(error.to_string().contains("is no time"), "{wrong}: {error}");
    }
    for wrong in ["@", "@-1", "@x", "@1.5"] {
        let asked = Asked { known_at: Some(wrong.to_owned()), ..Asked::default() };
        assert!(desk.ledger.stances("ann", &asked).is_err(), "{wrong}");
    }
}
