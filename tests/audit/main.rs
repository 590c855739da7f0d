//! What can be proved about a log: nothing changes unnoticed, nothing erased stays, and proofs stand on their own.

#[path = "../model/generate.rs"]
#[allow(dead_code)]
mod generate;
mod support;
mod verify;
mod tamper;
mod erase;
mod proof;
mod bundle;
mod old_files;
mod replay;
mod door;
