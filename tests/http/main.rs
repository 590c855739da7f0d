//! The HTTP door: the built program serves a log, and clients of all kinds meet it. Each test ends at the oracle.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../support/mod.rs"]
mod support;

mod client;
mod server;
mod questions;
mod problems;
mod pages;
mod looking;
mod telling;
mod signing;
mod recording;
mod correcting;
mod checking;
mod pictures;
mod appends;
mod conditions;
mod uploads;
mod streams;
mod returning;
mod tokens;
mod killed;
mod stopping;
mod hostile;
mod encrypted;
mod described;
mod examples;
