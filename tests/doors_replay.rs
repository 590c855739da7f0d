//! `replay --check`: a rebuild made apart comes to the live views, and says where it does not.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::process::{Command, Output};

fn stancelog(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stancelog")).current_dir(folder).env_remove("STANCELOG_DB").args(words).output().unwrap()
}

#[test]
fn views_that_were_changed_by_hand_are_found_and_a_rebuild_mends_them() {
    let folder = tempfile::tempdir().unwrap();
    let article = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/article");
    let files = ["registry.jsonl", "events.jsonl"].map(|file| article.join(file).to_str().unwrap().to_owned());
    assert!(stancelog(folder.path(), &["append", &files[0], &files[1]]).status.success());
    assert_eq!(stancelog(folder.path(), &["replay", "--check"]).status.code(), Some(0));

    let views = rusqlite::Connection::open(folder.path().join("stances.db-views")).unwrap();
    assert!(views.execute("UPDATE standing SET l_value = 1 WHERE l_value = 0", []).unwrap() > 0);
    drop(views);
    let found = stancelog(folder.path(), &["replay", "--check", "--format", "jsonl"]);
    assert_eq!(found.status.code(), Some(1));
    assert!(String::from_utf8(found.stdout).unwrap().contains("standing"));

    assert!(stancelog(folder.path(), &["rebuild"]).status.success());
    assert_eq!(stancelog(folder.path(), &["replay", "--check"]).status.code(), Some(0));
}
