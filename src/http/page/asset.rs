//! The files that pages load: compiled in, named by their content, and so kept by browsers for good.

use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::http::asking::Named;
use crate::http::problem::Problem;

/// Name, ending and content of each file.
const FILES: [(&str, &str, &str); 6] = [
    ("style", "css", include_str!("style.css")),
    ("pictures", "css", crate::chart::STYLE),
    ("live", "js", include_str!("live.js")),
    ("select", "js", include_str!("select.js")),
    ("load", "js", include_str!("load.js")),
    ("meaning", "js", include_str!("meaning.js")),
];

static NAMED: LazyLock<Vec<(String, &'static str)>> = LazyLock::new(|| {
    let hashed = |text: &str| -> String { Sha256::digest(text)[..6].iter().map(|byte| format!("{byte:02x}")).collect() };
    FILES.iter().map(|(name, ending, text)| (format!("{name}-{}.{ending}", hashed(text)), *text)).collect()
});

/// Where a file is, by its name without the hash.
pub(in crate::http) fn address(name: &str) -> String {
    let place = FILES.iter().position(|(known, _, _)| *known == name);
    place.map(|place| format!("/assets/{}", NAMED[place].0)).unwrap_or_default()
}

/// Which run of the program writes the pages: another run may be one of another program, or sign with another key.
pub(super) fn run() -> &'static str {
    static RUN: LazyLock<String> = LazyLock::new(|| {
        let mut bytes = [0; 8];
        // Without random bytes, runs of one program are told apart by nothing, as they were by its files alone.
        let _ = getrandom::fill(&mut bytes);
        let files = NAMED.iter().map(|(name, _)| name.as_str());
        files.map(str::to_owned).chain(bytes.map(|byte| format!("{byte:02x}"))).collect()
    });
    &RUN
}

/// One of the files.
pub(super) async fn file(Named(name): Named) -> Result<Response, Problem> {
    let (known, text) = NAMED.iter().find(|(known, _)| *known == name).ok_or_else(|| Problem::no_route(&format!("/assets/{name}")))?;
    let kind = if known.ends_with(".css") { "text/css; charset=utf-8" } else { "text/javascript; charset=utf-8" };
    let kept = "public, max-age=31536000, immutable";
    Ok(([(CONTENT_TYPE, kind), (CACHE_CONTROL, kept), (X_CONTENT_TYPE_OPTIONS, "nosniff")], *text).into_response())
}
