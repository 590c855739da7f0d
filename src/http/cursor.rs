//! Cursors: where the next page of a list begins, and at which moment the list was computed, so that pages fit together
//! while events arrive.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::problem::Problem;

/// Longest cursor, in bytes.
const LENGTH_MAX: usize = 1024;

/// Where a list goes on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// The seq that all pages are computed at.
    pub(super) known_at: i64,
    /// What `as_of` meant when the first page was asked for: `today` moves on.
    pub(super) as_of: Option<String>,
    /// The last item of the page before.
    pub(super) after: After,
}

/// The last item of a page.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) enum After {
    /// So many items came before.
    Items(usize),
    /// A pair of slugs came last.
    Pair(String, String),
    /// This seq came last.
    Seq(i64),
}

impl Cursor {
    /// As it stands in an answer and in an address.
    pub(super) fn written(&self) -> String {
        let json = serde_json::to_vec(self).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(json)
    }

    /// Reads a cursor back.
    pub(super) fn read(text: &str) -> Result<Self, Problem> {
        let bad = || Problem::bad_field("cursor", "this is no cursor of this server; leave it out to begin at the first page");
        if text.len() > LENGTH_MAX {
            return Err(bad());
        }
        let json = URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?;
        let cursor: Self = serde_json::from_slice(&json).map_err(|_| bad())?;
        if cursor.known_at < 0 { Err(bad()) } else { Ok(cursor) }
    }
}

#[cfg(test)]
mod tests {
    use super::{After, Cursor};

    #[test]
    fn a_cursor_comes_back_as_it_was() {
        let cursor = Cursor { known_at: 45, as_of: Some("2022".to_owned()), after: After::Pair("ann".to_owned(), "tax".to_owned()) };
        assert_eq!(Cursor::read(&cursor.written()).ok(), Some(cursor));
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for text in ["", "x", "e30", &"A".repeat(5000), "eyJrbm93bl9hdCI6LTF9"] {
            let problem = Cursor::read(text).unwrap_err();
            assert_eq!((problem.status, problem.field.as_deref()), (400, Some("cursor")));
        }
    }
}
