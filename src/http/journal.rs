//! The journal: lines on stderr about what the server does.

use super::option::Journal;

/// Begins the journal of this process, unless it has one.
pub(super) fn begin(journal: Journal) {
    let lines = tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false).with_max_level(tracing::Level::INFO);
    // Where one was begun before, as by a server that stopped, that one goes on.
    let _ = match journal {
        Journal::Json => lines.json().flatten_event(true).try_init(),
        Journal::Text => lines.with_ansi(false).try_init(),
        Journal::Silent => Ok(()),
    };
}
