//! The command line as users see it: every transcript in `tests/cli/` is run, each in a folder of its own.
//!
//! `X.in` is what lies in that folder at first; `$ cat` shows what a command has written. After a change of words,
//! `TRYCMD=overwrite cargo test --test cli` writes them into the transcripts; read the difference before you keep it.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

/// Guards cli-1 (what is asked for, and what is said beside it), cli-2 (the codes behind `?`), cli-3 (`record.md`,
/// `bad_input.md`) and cli-4 (`bad_input.md`).
#[test]
fn transcripts_read_like_a_terminal() {
    trycmd::TestCases::new()
        .env("COLUMNS", "80")
        .env("STANCELOG_DB", "stances.db")
        .register_bin("cat", std::path::PathBuf::from("/bin/cat"))
        .case("tests/cli/*.md");
}
