//! Stories: what people record and ask, in their words, through the front desk. Each test ends at the oracle.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../support/mod.rs"]
mod support;

mod article;
mod article_claims;
mod claims;
mod corrections;
mod definitions;
mod identity;
mod names_in_limits;
mod late;
mod lists;
mod looking;
mod votes;
mod reviews;
mod flips;
mod foreseeing;
mod foreign;
mod words_and_deeds;
mod known_at;
mod arrival;
mod again;
mod again_later;
mod exports;
mod clock;
mod names;
mod hostile;
mod views;
mod two_ledgers;
mod other_clients;
mod group;
mod moved;
mod pages;
mod charts;
