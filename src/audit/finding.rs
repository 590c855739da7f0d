//! What an audit finds: where, what should be there, what is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::event::words;

words! {
    /// What is wrong.
    #[schemars(rename = "FindingKind")]
    Kind {
        /// SQLite cannot read it.
        Unreadable = "unreadable",
        /// The file is not laid out as this program lays it out.
        Layout = "layout",
        /// Events are missing between others, or stand where none may.
        Hole = "hole",
        /// An event was recorded before the one in front of it.
        Order = "order",
        /// A column is not of the kind that it must be, or its header says something else.
        Header = "header",
        /// The leaf is not the hash of the header.
        Leaf = "leaf",
        /// Salt and body do not give the hash in the header.
        Body = "body",
        /// Content is missing without its erasure, or there despite of it.
        Content = "content",
        /// The index of ids leads elsewhere than the events do.
        Id = "id",
        /// The stored tree is not that of the leaves.
        Tile = "tile",
        /// An erasure without its `erase` event, or the other way round.
        Erasure = "erasure",
        /// The log is shorter than a checkpoint says.
        Rollback = "rollback",
        /// The log is not the one that a checkpoint was made of.
        Rewritten = "rewritten",
        /// The views are not what the log says.
        Views = "views",
        /// A bundle is not written as it must be.
        Form = "form",
        /// A signature is not that of the key.
        Signature = "signature",
        /// A proof does not lead to the root.
        Proof = "proof",
        /// A part is not what was sealed.
        Seal = "seal",
        /// The answer does not follow from the events.
        Answer = "answer",
    }
}

/// One thing that is not as it must be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Finding {
    /// The event that it is about, where it is about one.
    #[schema(required = true)]
    pub seq: Option<i64>,
    /// The table, or what else it stands in.
    pub table: String,
    /// What is wrong.
    pub kind: Kind,
    /// What should be there.
    pub expected: String,
    /// What is there.
    pub found: String,
}

impl Finding {
    /// One about an event.
    pub(super) fn at(seq: i64, kind: Kind, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self { seq: Some(seq), table: "event".to_owned(), kind, expected: expected.into(), found: found.into() }
    }

    /// One about a table or a part of it.
    pub(super) fn of(table: &str, kind: Kind, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self { seq: None, table: table.to_owned(), kind, expected: expected.into(), found: found.into() }
    }
}
