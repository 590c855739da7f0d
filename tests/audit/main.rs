//! What can be proved about a log: nothing changes unnoticed, nothing erased stays, and proofs stand on their own.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

#[path = "../model/generate.rs"]
#[allow(dead_code)]
mod generate;
#[path = "../support/random.rs"]
mod random;
mod support;
mod verify;
mod tamper;
mod erase;
mod correction;
mod unfinished;
mod copy;
mod proof;
mod bundle;
mod old_files;
mod replay;
mod door;
