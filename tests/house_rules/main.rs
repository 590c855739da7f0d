//! House rules: what the house promises of its own code, as tests. Each rule is a function from a file to what is wrong
//! with it; a made-up bad file beside it shows that it can fail.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod licence;
mod rule;

use std::path::Path;

use rule::{File, Rule, does_not_unwrap, is_no_drawer, lines_with, no_machine, nothing_left, one_way, opens_with_a_sentence, rooms_named};

/// Every file under a folder of the package with one of some endings.
fn files(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut open, mut found) = (vec![root.join(folder)], Vec::new());
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                open.push(entry);
            } else if entry.extension().is_some_and(|ending| endings.iter().any(|one| ending == *one)) {
                let path = entry.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.push((path, std::fs::read_to_string(&entry).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn broken(files: &[(String, String)], rules: &[(&str, Rule)]) -> Vec<String> {
    let mut said = Vec::new();
    for (path, text) in files {
        for (name, rule) in rules {
            said.extend(rule(&File { path, text }).into_iter().map(|wrong| format!("{path}: {name}: {wrong}")));
        }
    }
    said
}

#[test]
fn the_code_keeps_the_rules() {
    let code = files("src", &["rs"]);
    assert!(code.len() > 50, "only {} files were found", code.len());
    let rules: Vec<(&str, Rule)> = rule::rules().into_iter().map(|(name, rule, _, _)| (name, rule)).collect();
    let said = broken(&code, &rules);
    let mut once = said.clone();
    once.dedup();
    assert!(once.is_empty(), "{}", once.join("\n"));
}

#[test]
fn the_tests_and_benches_keep_those_that_are_for_them() {
    let mut code = files("tests", &["rs"]);
    code.extend(files("benches", &["rs"]));
    code.retain(|(path, _)| !path.starts_with("tests/house_rules/"));
    let rules: [(&str, Rule); 3] =
        [("opens", opens_with_a_sentence), ("no drawers", is_no_drawer), ("nothing is left to do", nothing_left)];
    let said = broken(&code, &rules);
    assert!(said.is_empty(), "{}", said.join("\n"));
    let ignored = broken(
        &code,
        &[("every test runs", |file| {
            lines_with(file.text, |line| line.contains("#[ignore") || line.contains("#[should_panic") || line.contains("thread::sleep"))
        })],
    );
    assert!(ignored.is_empty(), "{}", ignored.join("\n"));
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let mut texts = Vec::new();
    for folder in ["schema", "fixtures", "tests", "benches"] {
        texts.extend(files(folder, &["rs", "md", "json", "jsonl", "sql", "txt", "svg"]));
    }
    for file in ["Cargo.toml", "README.md"] {
        texts.push((file.to_owned(), std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()));
    }
    texts.retain(|(path, _)| !path.starts_with("tests/house_rules/"));
    let said = broken(&texts, &[("no path of a machine", no_machine)]);
    assert!(said.is_empty(), "{}", said.join("\n"));
}

#[test]
fn every_rule_can_be_broken_and_is_silent_about_good_code() {
    let good = "//! A room.\n//!\n//! More.\n\nuse crate::event::Day;\n// use crate::ledger::Ledger; todo later, see b().unwrap()\nfn a() -> Day { Day(1) }\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn a() {\n        super::a().unwrap();\n    }\n}\n";
    for (name, rule, path, text) in rule::rules() {
        assert!(!rule(&File { path, text: &text }).is_empty(), "`{name}` cannot be broken");
        let said = rule(&File { path: "src/stance/day.rs", text: good });
        assert!(said.is_empty(), "`{name}` is broken by good code: {said:?}");
    }
    let after = "#[cfg(test)]\nmod tests {\n}\n\nfn b() {\n    c().expect(\"c\")\n}\n";
    assert_eq!(does_not_unwrap(&File { path: "src/log/a.rs", text: after }).len(), 1, "code behind the tests is code");
    assert_eq!(
        rooms_named("use crate::{event::{Day, log}, query, ledger::Ledger};\nfn a() { crate::log::b() }"),
        ["event", "query", "ledger", "log"]
    );
    assert!(
        !one_way(&File { path: "src/merkle/tree.rs", text: "use crate::stance::Fold;" }).is_empty(),
        "neighbours do not see each other"
    );
    assert!(!one_way(&File { path: "src/http/mod.rs", text: "use crate::cli::Out;" }).is_empty(), "nor do the doors");
}
