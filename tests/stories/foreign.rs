//! "What other projects collected comes in, whole and once": foreign files, whatever they are packed in.

use std::io::Write;

use stancelog::ledger::{Asked, Encoding, ErrorKind, Foreign, ImportOptions, Imported, Map, Question, RollCalls};

use crate::support::desk::Desk;
use crate::support::oracle;

pub fn import(desk: &mut Desk, format: &Foreign, bytes: &[u8]) -> Imported {
    let imported = desk.ledger.import_file(format, bytes, ImportOptions::default(), |_| Ok(()), |_| {}).unwrap();
    let summary = imported.summary;
    assert_eq!(summary.rows, summary.appended + summary.duplicates + summary.rejected, "{imported:?}");
    assert_eq!(imported.rejected_by.values().sum::<u64>(), summary.rejected, "{imported:?}");
    // What reached the views in memory is what the log would have told them.
    oracle::verify_views(&desk.path);
    imported
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn gdelt(cells: &[(usize, &str)]) -> String {
    let mut row = vec![""; 61];
    let fixed = [(1, "20151027"), (59, "20151027220000"), (60, "https://x.example/a")];
    fixed.iter().chain(cells).for_each(|(at, value)| row[*at] = value);
    row.join("\t") + "\n"
}

fn table() -> Foreign {
    let map = "name = \"speeches\"\ndates = [\"%d/%m/%Y\"]\n[columns]\nactor = \"Who\"\naction = \"What\"\ntarget = \"Whom\"\noccurred = \"When\"\nsource = \"Paper\"\n[actions]\nYes = \"backs\"\nNo = \"opposes\"\n";
    Foreign::Table(Map::parse(map).unwrap())
}

const SPEECHES: &str = "Who,What,Whom,When,Paper\nAnn,Yes,Tax,22/01/2023,The Daily\nAnn,Maybe,Tax,23/01/2023,The Daily\nBob,No,Tax,32/01/2023,The Daily\nBob,No,Tax,24/01/2023,The Daily,x\nCid,\"No,Tax,25/01/2023,The Daily\nBob,No,Tax,26/01/2023,The Weekly\n";

#[test]
fn rows_add_up_and_the_same_file_adds_nothing_however_it_is_packed() {
    let good = gdelt(&[(0, "1"), (5, "FRA"), (6, "FRANCE"), (15, "MLI"), (16, "MALI"), (26, "051"), (30, "3.4")]);
    let unknown = gdelt(&[(0, "2"), (6, "FRANCE"), (16, "MALI"), (26, "999")]);
    let text = [good.clone(), unknown, gdelt(&[(0, "3"), (16, "MALI")]), gdelt(&[(0, "4"), (6, "MALI")]), "a\tb\n".to_owned()].concat();
    let forms = [
        text.clone().into_bytes(),
        gzip(text.as_bytes()),
        [gzip(good.as_bytes()), gzip(&text.as_bytes()[good.len()..])].concat(),
        zstd::encode_all(text.as_bytes(), 1).unwrap(),
        format!("\u{feff}{}", text.replace('\n', "\r\n")).into_bytes(),
    ];
    for form in forms {
        let mut desk = Desk::new();
        let first = import(&mut desk, &Foreign::Gdelt(None), &form);
        assert_eq!((first.summary.rows, first.summary.appended, first.summary.registered), (5, 1, 2));
        let reasons: Vec<&str> = first.rejected_by.keys().map(String::as_str).collect();
        assert_eq!(reasons, ["column count", "no actor", "no target", "refused by the log: unknown action"]);
        let second = import(&mut desk, &Foreign::Gdelt(None), &form);
        assert_eq!((second.summary.appended, second.summary.duplicates, second.summary.head), (0, 1, first.summary.head));
    }
}

#[test]
fn a_packed_file_that_is_cut_off_keeps_what_came_whole_and_says_so() {
    let mut desk = Desk::new();
    let rows: String = (0..5_000).map(|n| format!("2014-01-01\tA{n}\tPraise\tMali\t051\n")).collect();
    let packed = gzip(rows.as_bytes());
    let cut = &packed[..packed.len() / 2];
    let error = desk.ledger.import_file(&Foreign::Icews, cut, ImportOptions::default(), |_| Ok(()), |_| {}).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    let whole = import(&mut desk, &Foreign::Icews, &packed).summary;
    assert!(whole.duplicates > 0 && whole.appended + whole.duplicates == 5_000, "{whole:?}");
}

#[test]
fn any_table_comes_in_by_a_map() {
    let mut desk = Desk::new();
    let first = import(&mut desk, &table(), SPEECHES.as_bytes());
    let reasons: Vec<(&str, u64)> = first.rejected_by.iter().map(|(kind, rows)| (kind.as_str(), *rows)).collect();
    assert_eq!(reasons, [("action not in the map", 1), ("bad date", 1), ("column count", 1), ("quote never closes", 1)]);
    assert_eq!((first.summary.appended, first.summary.registered), (2, 5), "two events; three entities and two sources");
    assert_eq!(desk.answer("Bob", "Tax", &Default::default()).stance.word(), "against");
    let second = import(&mut desk, &table(), SPEECHES.as_bytes());
    assert_eq!((second.summary.appended, second.summary.registered, second.summary.duplicates), (0, 0, 2));
}

#[test]
fn stances_are_no_events() {
    let mut desk = Desk::new();
    let stances = "actor,actor_name,target,target_name,stance,basis,rule,since,last,certain,gap,flips,events\n";
    for format in [Foreign::Icews, Foreign::Gdelt(None), Foreign::Polecat, table(), Foreign::ClaimReview(None), Foreign::Entities] {
        let error = desk.ledger.import_file(&format, stances.as_bytes(), ImportOptions::default(), |_| Ok(()), |_| {}).unwrap_err();
        let said = std::error::Error::source(&error).unwrap().to_string();
        assert!(error.kind() == ErrorKind::Refused && said.contains("derived from events"), "{said}");
    }
}

#[test]
fn a_vote_counts_toward_what_its_motion_stands_for() {
    let mut calls = RollCalls::of("un");
    let members = "member\nChad\nMali\nNiger\n";
    calls.read_members(members.as_bytes(), Encoding::Utf8, |bad| panic!("{bad:?}")).unwrap();
    calls.read_motions("[motions]\n7 = [{ target = \"Austerity\", side = \"against\" }]\n").unwrap();
    assert!(calls.read_motions("[motions]\n7 = [{ target = \"Austerity\", side = \"favour\" }]\n").is_err());
    let format = Foreign::Votes(calls);
    let rows = b"rcid,date,country,vote\n7,2012-01-02,Chad,yes\n7,2012-01-02,Mali,no\n7,2012-01-02,Mali,perhaps\n";
    let mut desk = Desk::new();
    let first = import(&mut desk, &format, rows);
    // The motion, two voters, the absence of the third member, who is new as well.
    assert_eq!((first.summary.appended, first.summary.registered, first.rejected_by["unknown vote"]), (2, 6, 1));
    for (actor, target, stance) in [
        ("Chad", "Austerity", "against"),
        ("Mali", "Austerity", "favor"),
        ("Chad", "un-roll-call-7", "favor"),
        ("Niger", "un-roll-call-7", "none"),
        ("Niger", "Austerity", "none"),
    ] {
        let answer = desk.ledger.stance(&Question { actor, target, asked: Asked::default() }).unwrap();
        assert_eq!(answer.stance.word(), stance, "{actor} on {target}");
    }
    let second = import(&mut desk, &format, rows);
    assert_eq!((second.summary.appended, second.summary.duplicates, second.summary.head), (0, 2, first.summary.head));
}
