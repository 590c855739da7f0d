//! What all handlers share.

use std::sync::Arc;

use tokio::sync::{Semaphore, watch};

use super::access::Access;
use super::check::Checks;
use super::follower::Follower;
use super::metrics::Metrics;
use super::option::Options;
use super::reader::Readers;
use super::stream::Moved;
use super::tail::Tail;
use super::writer::Writer;
use crate::ledger::Key;

/// The handles of one server; a clone is another way to the same.
pub(super) struct Shared {
    pub(super) options: Options,
    pub(super) writer: Writer,
    pub(super) readers: Readers,
    pub(super) follower: Follower,
    pub(super) metrics: Arc<Metrics>,
    /// The last events of the log, for those who follow it.
    pub(super) tail: Tail,
    /// What the last events changed.
    pub(super) moved: Moved,
    pub(super) access: Access,
    /// What checkpoints are signed with.
    pub(super) key: Option<Key>,
    /// What checks of the whole log came to.
    pub(super) checks: Checks,
    /// Places for requests under way.
    pub(super) requests: Semaphore,
    /// Places for streams.
    pub(super) streams: Arc<Semaphore>,
    /// Turns true when the server stops.
    pub(super) closing: watch::Receiver<bool>,
}

/// What handlers are given.
pub(super) type Desk = Arc<Shared>;
