//! What the tests stand on: a desk with a log of its own, the oracle that ends each test, dice whose seed is told.
#![allow(dead_code, unused_imports, reason = "each test target uses a part of it")]

pub mod desk;
pub mod dice;
pub mod oracle;
pub mod random;

pub use desk::{Desk, at, id_of, known};
pub use dice::Dice;

/// A folder in memory where the machine has one, so that many small commits need no disk.
pub fn folder() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}
