//! `/v1/events`: the log itself, read and appended to.

mod body;
mod list;
mod append;
mod upload;
mod item;

pub(in crate::http) use append::{__path_append, append};
pub(in crate::http) use body::is_lines;
pub(in crate::http) use item::EventItem;
pub(in crate::http) use list::{__path_list, __path_show, list, show};
