//! Answers of every kind, about the article and a few things more, against the schemas that describe them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};
use stancelog::Ledger;
use stancelog::event::Draft;
use stancelog::ledger::{
    ActionItem, Ally, Answer, Asked, Between, Bundle, ChangeItem, ClaimItem, Comparison, Consistency, Detail, DiffItem, EntityItem, Erased,
    Erasing, EventsWanted, Finding, FlipItem, FlipsWanted, GapItem, HistoryItem, Hit, Proof, Question, Recorded, ReplayStep, ReplayWanted,
    Retracted, ReviewPart, Status, Summary, Verified, VerifyWanted, Why, recorded_json,
};
use stancelog::stance::Rule;
use utoipa::ToSchema;

use super::described::{Described, Field};
use super::support::{Desk, at, known};

fn described() -> Described {
    let stances = Described::default().add::<Answer>().add::<Comparison>().add::<Ally>().add::<DiffItem>().add::<Why>();
    let changes = stances.add::<ChangeItem>().add::<HistoryItem>().add::<FlipItem>().add::<GapItem>().add::<ClaimItem>();
    let looks = changes.add::<EntityItem>().add::<ActionItem>().add::<Hit>().add::<ReviewPart>();
    let log = looks.add::<Recorded<'_>>().add::<ReplayStep>().add::<Status>().add::<Summary>().add::<Erased>().add::<Draft>();
    log.add::<Finding>().add::<Verified>().add::<Proof>().add::<Consistency>().add::<Bundle>()
}

/// Samples of answers by the names of their schemas.
#[derive(Default)]
struct Samples(BTreeMap<String, Vec<Value>>);

impl Samples {
    fn add<T: Serialize + ToSchema>(&mut self, answer: &T) {
        self.json::<T>(&serde_json::to_string(answer).unwrap());
    }

    fn all<T: Serialize + ToSchema>(&mut self, answers: &[T]) {
        assert!(!answers.is_empty(), "no {}", T::name());
        answers.iter().for_each(|answer| self.add(answer));
    }

    fn json<T: ToSchema>(&mut self, text: &str) {
        self.0.entry(T::name().into_owned()).or_default().push(serde_json::from_str(text).unwrap());
    }
}

/// The article, and what it has nothing of: merges, limited names, verdicts, votes on motions, gaps, flips, erasures.
fn desk() -> (Desk, String) {
    let desk = Desk::with_article();
    desk.tell(json!({"type": "entity", "entity": "ann", "kind": "person", "name": "Ann", "identifiers": {"wikidata": "Q1"},
        "aliases": [{"name": "The Fox", "from": "2020", "to": "2021", "source": "bbc"}],
        "roles": [{"title": "Mayor", "of": "kyiv", "from": "2019", "to": "2023"}]}));
    desk.tell(json!({"type": "entity", "entity": "tax", "kind": "topic", "name": "Tax"}));
    desk.tell(json!({"type": "entity", "entity": "bill-1", "kind": "motion", "name": "Bill 1",
        "stands_for": [{"target": "tax", "side": "against"}]}));
    for (action, target, on) in
        [("backs", "tax", "2021"), ("votes-for", "bill-1", "2022-05-01"), ("sanctions", "tax", "2020"), ("aids", "tax", "2023-01")]
    {
        desk.says("ann", action, target, on);
    }
    desk.tell(json!({"actor": "ann", "action": "visits", "target": "ukraine", "occurred": "2022~", "place": "kyiv", "note": "on foot"}));
    let wrong = desk.says("ann", "opposes", "ukraine", "2022");
    desk.retracts(&wrong);
    desk.tell(json!({"type": "entity", "entity": "ann-b", "kind": "person", "name": "Ann B"}));
    desk.tell(json!({"type": "merge", "from": "ann-b", "into": "ann"}));
    for (action, target) in
        [("asserts", "claim:theft"), ("questions", "claim:theft"), ("withdraws", "claim:theft"), ("denies", "claim:told")]
    {
        if action == "asserts" {
            desk.tell(json!({"type": "claim", "claim": "theft", "text": "She stole.",
                "about": {"actor": "boris-johnson", "action": "opposes", "target": "tax", "occurred": "2022"}}));
            desk.tell(
                json!({"type": "claim", "claim": "told", "text": "It was said.", "relations": [{"kind": "part-of", "claim": "theft"}],
                "about": {"actor": "ann", "action": "asserts", "target": "claim:theft"}}),
            );
        }
        desk.tell(json!({"actor": "ann", "action": action, "target": target, "occurred": "2022-03", "note": "in passing"}));
    }
    desk.tell(json!({"type": "verdict", "claim": "theft", "reviewer": "bbc", "label": "Half", "rating": "mixture",
        "url": "https://example.org/1", "published": "2022-04"}));
    for target in ["Rain", "Snow", "Hail"] {
        desk.says("ann", "backs", target, "2020");
        desk.says("Bob", if target == "Hail" { "opposes" } else { "backs" }, target, "2020");
    }
    desk.tell(json!({"actor": "bob", "on_behalf_of": ["ann"], "action": "backs", "target": "tax", "occurred": "2019"}));
    desk.tell(json!({"actor": "bob", "on_behalf_of": ["ann"], "action": "denies", "target": "claim:theft", "occurred": "2019"}));
    let erased = desk.says("ann", "backs", "kyiv", "2022");
    (desk, erased)
}

fn samples() -> Samples {
    let (desk, doomed) = desk();
    let ledger = &desk.ledger;
    let mut samples = Samples::default();
    let empty = Desk::new();
    samples.add(&empty.ledger.status().unwrap());
    samples.add(&empty.ledger.verify(&VerifyWanted::default(), |_| {}, |_| Ok(())).unwrap());
    let key = ledger.key().unwrap();
    let old = Ledger::read_checkpoint(ledger.checkpoint(&key).unwrap().to_string().as_bytes(), None).unwrap().head();
    let erasing = Erasing { events: &[doomed], reason: "a request", authority: "a law", recorded_by: None };
    samples.add(&ledger.erase(&erasing).unwrap());
    samples.add(&ledger.erase(&erasing).unwrap());
    samples.add(&ledger.append([]).unwrap());
    samples.add(&ledger.status().unwrap());
    samples.add(&ledger.verify(&VerifyWanted::default(), |_| {}, |_| Ok(())).unwrap());
    samples.add(&ledger.consistency(old).unwrap());
    samples.add(&ledger.prove("20", &ledger.checkpoint(&key).unwrap()).unwrap());
    for as_of in [None, Some("2023-01-31".to_owned())] {
        let question = Question { actor: "ann", target: "tax", asked: Asked { as_of, ..Asked::default() } };
        samples.add(&ledger.bundle(&question, &key).unwrap());
        let broken = ledger.bundle(&question, &key).unwrap().to_text().unwrap().replace("ann", "bob");
        samples.all(&Ledger::check_bundle(broken.as_bytes(), &key.public(), &[]).findings);
    }
    samples.all(&Ledger::check_bundle(b"{", &key.public(), &[]).findings);
    about_events(ledger, &mut samples);
    for asked in [Asked::default(), at("2023-01-31"), Asked { rule: Rule::Majority, ..known(desk.head() - 2) }] {
        about_stances(ledger, &asked, &mut samples);
    }
    samples.all(&ledger.diff(Between::Valid { from: "2021-12", to: "2023-02" }, &Asked::default()).unwrap());
    samples
}

fn about_events(ledger: &Ledger, samples: &mut Samples) {
    ledger
        .events(&EventsWanted::default(), &Asked::default(), |row| {
            samples.json::<Recorded<'_>>(&recorded_json(&row));
            if let Some(body) = &row.body {
                samples.json::<Draft>(body);
            }
            Ok(())
        })
        .unwrap();
    let wanted = ReplayWanted { until: None, actor: None, target: None, rule: Rule::Latest };
    ledger
        .replay(&wanted, |step| {
            samples.json::<ReplayStep>(&step.json().unwrap());
            Ok(())
        })
        .unwrap();
}

fn about_stances(ledger: &Ledger, asked: &Asked, samples: &mut Samples) {
    for detail in [Detail::Full, Detail::Brief] {
        ledger
            .every_stance(asked, detail, |answer| {
                samples.add(&answer);
                Ok(())
            })
            .unwrap();
    }
    ledger
        .every_change(asked, |change| {
            samples.add(&change);
            Ok(())
        })
        .unwrap();
    for actor in ["ann", "boris-johnson", "dmitry-peskov"] {
        samples.all(&ledger.history(actor, None, Retracted::Shown, asked).unwrap());
        for target in ["ukraine", "tax"] {
            samples.add(&ledger.why(&Question { actor, target, asked: asked.clone() }).unwrap());
        }
    }
    samples.all(&ledger.flips(&FlipsWanted::default(), asked).unwrap());
    samples.all(&ledger.gaps(None, None, asked).unwrap());
    samples.add(&ledger.compare("bob", "ann", asked).unwrap());
    samples.add(&ledger.compare("ann", "kyiv", asked).unwrap());
    samples.all(&ledger.allies("ann", asked).unwrap());
    samples.all(&ledger.claims(None, None, asked).unwrap());
    samples.all(&ledger.entities(None, 100, asked).unwrap());
    samples.all(&ledger.actions(None, asked).unwrap());
    samples.all(&ledger.review(100, asked).unwrap());
    for text in ["ann", "missile", "foot"] {
        samples.all(&ledger.search(text, 100, asked).unwrap());
    }
}

#[test]
fn every_answer_is_as_its_schema_says() {
    let (described, samples) = (described(), samples());
    for (name, values) in &samples.0 {
        let validator = described.validator(name);
        for value in values {
            let wrong: Vec<String> = validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
            assert!(wrong.is_empty(), "{name}: {wrong:#?}\n{value:#}");
        }
    }
}

/// Parts of events: what may be null on the way in is left out on the way out.
const GIVEN: [&str; 9] = ["Event", "About", "Action", "Evidence", "Kept", "LimitedAlias", "Relation", "Role", "Selector"];

#[test]
fn a_field_that_may_be_null_is_always_there_and_one_that_may_be_missing_is_never_null() {
    for field in described().fields().iter().filter(|field| !GIVEN.contains(&field.of)) {
        assert_eq!(field.is_required() && field.may_be_null(), field.may_be_null(), "{}.{}", field.of, field.name);
    }
}

#[test]
fn no_schema_has_a_field_that_no_answer_has() {
    let (described, samples) = (described(), samples());
    let mut objects = Vec::new();
    samples.0.values().flatten().for_each(|value| gather(value, &mut objects));
    let is_seen = |field: &Field<'_>| {
        let has = |object: &&serde_json::Map<String, Value>| {
            field.required.iter().all(|name| object.contains_key(*name)) && object.contains_key(field.name)
        };
        objects.iter().any(has)
    };
    let fields = described.fields();
    let fields = fields.iter().filter(|field| !GIVEN.contains(&field.of) && !is_seen(field));
    let unseen: Vec<String> = fields.map(|field| format!("{}.{}", field.of, field.name)).collect();
    assert!(unseen.is_empty(), "{unseen:?}");
}

fn gather<'a>(value: &'a Value, objects: &mut Vec<&'a serde_json::Map<String, Value>>) {
    match value {
        Value::Object(fields) => {
            objects.push(fields);
            fields.values().for_each(|value| gather(value, objects));
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, objects)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn a_schema_refuses_what_it_does_not_know() {
    let described = described();
    let refuses = |name: &str, value: Value| assert!(!described.validator(name).is_valid(&value), "{name} takes {value}");
    let hit = json!({"kind": "entity", "entity": "ann", "name": "Ann"});
    assert!(described.validator("Hit").is_valid(&hit));
    let with = |field: &str, value: Value| {
        let mut changed = hit.clone();
        changed[field] = value;
        changed
    };
    refuses("Hit", with("colour", json!("red")));
    refuses("Hit", with("kind", json!("claim")));
    refuses("Hit", with("name", Value::Null));
    refuses("Held", json!({"stance": "favour", "basis": null, "since": null}));
    refuses("Held", json!({"stance": "favor", "basis": null}));
    refuses("Held", json!({"stance": "favor", "basis": null, "since": "2022"}));
}
