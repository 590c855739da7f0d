//! Where the time and the randomness of new events come from: the machine, or a test.

use crate::event::{EventId, Micros};

/// Gives the time of recording, and ids to events that have none.
pub trait Clock: Send {
    /// Now.
    fn now(&self) -> Micros;
    /// Ten random bytes for an id.
    fn random(&self) -> [u8; 10];

    /// A fresh id.
    fn fresh_id(&self) -> EventId {
        EventId::fresh(self.now(), &self.random())
    }
}

/// The machine's clock and source of random bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    fn now(&self) -> Micros {
        Micros(chrono::Utc::now().timestamp_micros())
    }

    fn random(&self) -> [u8; 10] {
        let mut bytes = [0; 10];
        // Without random bytes an id is still unique among those of one microsecond apart; the log refuses a clash.
        if getrandom::fill(&mut bytes).is_err() {
            bytes[..8].copy_from_slice(&self.now().0.to_be_bytes());
        }
        bytes
    }
}
