//! The merkle room: against the standards' own vectors, against three other implementations, against hostile input.

mod support;
mod tree;
mod oracles;
mod note;
mod hostile;
