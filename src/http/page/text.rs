//! Words and marks that many pages use: names, stances, tiers, dates, links to what has a page.

use std::collections::HashMap;

use maud::{Markup, Render, html};

use super::visit::View;
use crate::event::{CLAIM_PREFIX, Tier, printable};
use crate::stance::{Status, Value};

/// A text of others: with what could deceive made visible, and its own direction.
pub(in crate::http) fn said(text: &str) -> Markup {
    html! { bdi { (printable(text)) } }
}

/// A path made of given parts, each escaped.
pub(in crate::http) fn path(parts: &[&str]) -> String {
    let escaped = |part: &&str| form_urlencoded::byte_serialize(part.as_bytes()).collect::<String>().replace('+', "%20");
    parts.iter().map(|part| format!("/{}", escaped(part))).collect()
}

/// How a stance looks: a shape, a word, a colour.
pub(in crate::http) fn stance(value: Value) -> Markup {
    let shape = match value {
        Value::Favor => "▲",
        Value::Against => "▼",
        Value::Mixed => "◆",
        Value::Abstain => "◇",
        Value::Neutral => "●",
        Value::None => "○",
    };
    html! { span class=(format!("stance {}", value.word())) { span aria-hidden="true" { (shape) } " " (value.word()) } }
}

/// The tier that decides.
pub(in crate::http) fn basis(tier: Option<Tier>) -> Markup {
    html! { @if let Some(tier) = tier { span class="tier" { (tier.word()) } } @else { span class="faint" { "–" } } }
}

/// Where a claim stands.
pub(in crate::http) fn status(status: Status) -> Markup {
    html! { span class=(format!("status {}", status.word())) { (status.word()) } }
}

/// A day or date, as people read it, with how it is written beside it; `..` is before all days.
pub(in crate::http) fn date(text: Option<&str>) -> Markup {
    let Some(text) = text else { return html! { span class="faint" { "–" } } };
    let read = spelled(text);
    let class = if read.len() > LINE_MAX { "date long" } else { "date" };
    html! { span class=(class) title=[(read != text).then_some(text)] { (read) } }
}

/// Characters of a date that stay on one line.
const LINE_MAX: usize = 24;

/// What the signs of EDTF say: intervals, seasons, and what is about or not sure. What is less plain stays as it is written.
fn spelled(text: &str) -> String {
    let read = match text.split_once('/') {
        None if text == ".." => Some("before all dates".to_owned()),
        None => end(text),
        Some((".." | "", to)) => end(to).map(|to| format!("by {to}")),
        Some((from, ".." | "")) => end(from).map(|from| format!("{from} or later")),
        Some((from, to)) => end(from).zip(end(to)).map(|(from, to)| format!("{from} to {to}")),
    };
    read.unwrap_or_else(|| text.to_owned())
}

/// A date without signs inside, with what the sign behind it says.
fn end(text: &str) -> Option<String> {
    let said = |sign: char, words: &'static str| text.strip_suffix(sign).map(|date| (words, date));
    let (words, date) = said('~', "about ").or_else(|| said('?', "perhaps ")).or_else(|| said('%', "perhaps about ")).unwrap_or(("", text));
    if date.is_empty() || date.contains(['~', '?', '%', '.', '/']) {
        return None;
    }
    let season = match date.rsplit_once('-') {
        Some((year, "21")) if year.len() == 4 => format!("spring {year}"),
        Some((year, "22")) if year.len() == 4 => format!("summer {year}"),
        Some((year, "23")) if year.len() == 4 => format!("autumn {year}"),
        Some((year, "24")) if year.len() == 4 => format!("winter {year}"),
        Some(_) | None => date.to_owned(),
    };
    Some(format!("{words}{season}"))
}

/// A point in time by the log's clock, to the second.
pub(in crate::http) fn instant(text: &str) -> Markup {
    match (text.get(..10), text.get(11..19)) {
        (Some(day), Some(time)) => html! { span class="date" { (day) " " (time) " UTC" } },
        (Some(_) | None, Some(_) | None) => html! { span class="date" { (text) } },
    }
}

/// How slugs are called.
pub(in crate::http) type Names<'a> = HashMap<&'a str, String>;

/// What a slug is called.
pub(in crate::http) fn name<'a>(names: &'a Names<'_>, slug: &'a str) -> &'a str {
    names.get(slug).map_or(slug, String::as_str)
}

/// What was done, as the vocabulary has it read.
pub(in crate::http) fn verb(labels: &Names<'_>, action: &str) -> Markup {
    html! { b { (said(name(labels, action))) } }
}

/// A link to an actor's page.
pub(in crate::http) fn actor(view: &View, slug: &str, name: &str) -> Markup {
    html! { a href=(view.link(&path(&["actors", slug]), &[])) { (said(name)) } }
}

/// Characters of a claim in a link to it.
const CLAIM_MAX: usize = 120;

/// A link to a target's page: an entity's, or a claim's.
pub(in crate::http) fn target(view: &View, slug: &str, name: &str) -> Markup {
    let Some(claim) = slug.strip_prefix(CLAIM_PREFIX) else {
        return html! { a href=(view.link(&path(&["targets", slug]), &[])) { (said(name)) } };
    };
    let (words, is_more) = match name.char_indices().nth(CLAIM_MAX) {
        Some((end, _)) => (&name[..end], true),
        None => (name, false),
    };
    html! { a href=(view.link(&path(&["claims", claim]), &[])) { (said(words)) @if is_more { "…" } } }
}

/// A claim's slug as that of a target.
pub(in crate::http) fn as_target(claim: &str) -> String {
    format!("{CLAIM_PREFIX}{claim}")
}

/// A link to a claim's page.
pub(in crate::http) fn claim(view: &View, names: &Names<'_>, claim: &str) -> Markup {
    let slug = as_target(claim);
    target(view, &slug, name(names, &slug))
}

/// A link to why an actor stands where it stands.
pub(in crate::http) fn why(view: &View, actor: &str, target: &str, words: &Markup) -> Markup {
    html! { a class="why" href=(view.link(&path(&["pairs", actor, target]), &[])) { (words) } }
}

/// A link to an event.
pub(in crate::http) fn event(view: &View, id: &str) -> Markup {
    html! { a class="mono" href=(view.link(&path(&["events", id]), &[])) { (id.get(..13).unwrap_or(id)) } }
}

/// So many of something, in its singular where it is one.
pub(in crate::http) fn number<N: Render + PartialEq + From<u8>>(count: N, one: &str, many: &str) -> Markup {
    html! { (count) " " @if count == N::from(1) { (one) } @else { (many) } }
}

/// A link to the next part of a list.
pub(in crate::http) fn more(address: Option<String>) -> Markup {
    html! { @if let Some(address) = address { p class="more" { a rel="next" href=(address) { "Next page" } } } }
}

#[cfg(test)]
mod tests {
    use super::spelled;

    #[test]
    fn dates_are_spelled_out() {
        for (written, read) in [
            ("2022-02-24", "2022-02-24"),
            ("..", "before all dates"),
            ("../2022-02-23", "by 2022-02-23"),
            ("2022-02-23/..", "2022-02-23 or later"),
            ("2018/2022-02-23", "2018 to 2022-02-23"),
            ("2023-01-17~/2023-01-30~", "about 2023-01-17 to about 2023-01-30"),
            ("2023-01?", "perhaps 2023-01"),
            ("2023%", "perhaps about 2023"),
            ("/2022", "by 2022"),
            ("2022/", "2022 or later"),
            ("2022-21~", "about spring 2022"),
            ("2022-22/2022-24", "summer 2022 to winter 2022"),
            ("2022-02-21/2022-02-24", "2022-02-21 to 2022-02-24"),
            ("2022~-03?", "2022~-03?"),
            ("..2020/2021", "..2020/2021"),
            ("[2020,2022]", "[2020,2022]"),
            ("-0044-03-15", "-0044-03-15"),
            ("2022-03-01T10:30:00Z", "2022-03-01T10:30:00Z"),
            ("", ""),
        ] {
            assert_eq!(spelled(written), read);
        }
    }
}
