//! The routes, one file for each resource.

pub(super) mod events;
pub(super) mod stances;
pub(super) mod history;
pub(super) mod why;
pub(super) mod flips;
pub(super) mod gaps;
pub(super) mod diff;
pub(super) mod claims;
pub(super) mod registry;
pub(super) mod review;
pub(super) mod audit;
pub(super) mod upkeep;
