//! The README's session is run as it stands, in a folder that has the fixtures and nothing else.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use std::fs;
use std::path::Path;

#[test]
fn the_session_in_the_readme_is_true() {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let article = folder.path().join("README.in/fixtures/article");
    fs::create_dir_all(&article).unwrap();
    for file in ["registry.jsonl", "events.jsonl"] {
        fs::copy(root.join("fixtures/article").join(file), article.join(file)).unwrap();
    }
    fs::copy(root.join("README.md"), folder.path().join("README.md")).unwrap();
    trycmd::TestCases::new().env("COLUMNS", "80").env("STANCELOG_DB", "stances.db").case(folder.path().join("README.md"));
}

#[test]
fn every_command_in_the_readme_exists_and_every_command_is_mentioned() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let help = std::process::Command::new(env!("CARGO_BIN_EXE_stancelog")).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.len() > 10, "{help}");
    let upkeep = ["help", "man", "completions"];
    for command in commands.iter().filter(|command| !upkeep.contains(command)) {
        assert!(
            readme.contains(&format!("stancelog {command}")) || readme.contains(&format!("`{command}")),
            "the README is silent on {command}"
        );
    }
}
