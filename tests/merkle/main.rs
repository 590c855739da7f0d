//! The merkle room: against the standards' own vectors, against three other implementations, against hostile input.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

#[path = "../support/random.rs"]
mod random;
mod support;
mod tree;
mod oracles;
mod note;
mod hostile;
