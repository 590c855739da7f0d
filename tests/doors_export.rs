//! Exports to files: whole or not there; what is no text stays off terminals and out of programs that cannot write it.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Runs a command on the log of a folder.
fn run(folder: &Path, words: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_stancelog");
    Command::new(program).args(words).current_dir(folder).env("STANCELOG_DB", "stances.db").output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder with the article in a log.
fn with_article() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let article = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/article");
    let files = ["registry.jsonl", "events.jsonl"].map(|file| article.join(file).display().to_string());
    assert!(run(folder.path(), &["append", &files[0], &files[1]]).status.success());
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|one| one.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| !name.starts_with("stances.db"));
    names.sort();
    names
}

#[test]
fn a_file_has_what_stdout_would_have_and_nothing_is_left_beside_it() {
    let folder = with_article();
    for words in
        [&["export"][..], &["export", "stances", "--format", "csv"], &["export", "claims", "--format", "cloudevents"], &["export", "graph"]]
    {
        let printed = run(folder.path(), words);
        let written = run(folder.path(), &[words, &["-o", "out"]].concat());
        assert!(printed.status.success() && written.status.success() && written.stdout.is_empty());
        assert_eq!(said(&written), "Wrote out.\n");
        assert_eq!(fs::read(folder.path().join("out")).unwrap(), printed.stdout, "{words:?}");
        assert_eq!(names(folder.path()), ["out"]);
    }
}

#[test]
fn an_export_that_fails_leaves_the_file_that_was_there() {
    let folder = with_article();
    fs::write(folder.path().join("out"), "from before").unwrap();
    for words in [&["export", "stances", "--as-of", "yesterday", "-o", "out"][..], &["export", "graph", "--known-at", "@x", "-o", "out"]] {
        assert_eq!(run(folder.path(), words).status.code(), Some(2));
        assert_eq!(fs::read_to_string(folder.path().join("out")).unwrap(), "from before");
        assert_eq!(names(folder.path()), ["out"]);
    }
    let missing = run(folder.path(), &["--db", "none.db", "export", "-o", "out"]);
    assert_eq!((missing.status.code(), names(folder.path())), (Some(4), vec!["out".to_owned()]));
    let nowhere = run(folder.path(), &["export", "-o", "no/such/out"]);
    assert_eq!(nowhere.status.code(), Some(4));
    assert!(said(&nowhere).starts_with("error: cannot write no/such/out: "), "{}", said(&nowhere));
}

#[cfg(unix)]
#[test]
fn a_link_goes_on_pointing_and_a_device_stays_a_device() {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt};
    let folder = with_article();
    fs::create_dir(folder.path().join("far")).unwrap();
    fs::write(folder.path().join("far/real"), "").unwrap();
    std::os::unix::fs::symlink("far/real", folder.path().join("link")).unwrap();
    assert!(run(folder.path(), &["export", "-o", "link"]).status.success());
    assert!(fs::symlink_metadata(folder.path().join("link")).unwrap().is_symlink());
    assert!(fs::metadata(folder.path().join("far/real")).unwrap().len() > 10_000);
    assert!(run(folder.path(), &["export", "-o", "/dev/null"]).status.success());
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    assert!(run(folder.path(), &["export", "-o", "new"]).status.success());
    fs::write(folder.path().join("plain"), "").unwrap();
    let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
    assert_eq!(mode("new"), mode("plain"), "as readable as any new file");
}

#[cfg(unix)]
#[test]
fn a_picture_is_written_through_a_link_like_an_export() {
    let folder = with_article();
    fs::create_dir(folder.path().join("far")).unwrap();
    fs::write(folder.path().join("far/real.svg"), "").unwrap();
    std::os::unix::fs::symlink("far/real.svg", folder.path().join("link.svg")).unwrap();
    let drawn = run(folder.path(), &["chart", "history", "Boris Johnson", "-o", "link.svg"]);
    assert!(drawn.status.success() && said(&drawn).starts_with("Drew link.svg: "), "{}", said(&drawn));
    assert!(fs::symlink_metadata(folder.path().join("link.svg")).unwrap().is_symlink());
    assert!(fs::read_to_string(folder.path().join("far/real.svg")).unwrap().starts_with("<svg"));
    assert_eq!(names(folder.path()), ["far", "link.svg"]);
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_program_without_parquet_says_which_feature_has_it() {
    let folder = with_article();
    let refused = run(folder.path(), &["export", "stances", "--format", "parquet", "-o", "out"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused).contains("without Parquet: build it with `--features parquet`"), "{}", said(&refused));
    assert!(names(folder.path()).is_empty());
}

#[test]
fn batches_come_back_by_append_line_by_line_with_the_same_ids() {
    let folder = with_article();
    let whole = run(folder.path(), &["export", "--format", "cloudevents"]).stdout;
    let events: Vec<serde_json::Value> = serde_json::from_slice(&whole).unwrap();
    assert_eq!(events.len(), 65);
    let batches = run(folder.path(), &["export", "--format", "cloudevents", "--batch", "30"]).stdout;
    let batches: Vec<Vec<serde_json::Value>> =
        String::from_utf8(batches).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), [30, 30, 5]);
    assert_eq!(batches.concat(), events);
    let lines: Vec<String> = events.iter().map(ToString::to_string).collect();
    fs::write(folder.path().join("events.jsonl"), lines.join("\n")).unwrap();
    let taken = run(folder.path(), &["--db", "copy.db", "append", "events.jsonl", "--format", "jsonl"]);
    assert!(taken.status.success(), "{}", said(&taken));
    let ids = |db: &str| {
        let exported = run(folder.path(), &["--db", db, "export", "--format", "csv"]).stdout;
        let text = String::from_utf8(exported).unwrap();
        text.lines().map(|line| line.split(',').take(2).collect::<Vec<_>>().join(",")).collect::<Vec<_>>()
    };
    assert_eq!(ids("stances.db"), ids("copy.db"));
    assert!(run(folder.path(), &["--db", "copy.db", "audit", "verify"]).status.success());
    assert!(run(folder.path(), &["audit", "verify"]).status.success());
}
