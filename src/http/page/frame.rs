//! The frame of every page: head, navigation, the time control, and the foot.

use maud::{DOCTYPE, Markup, html};

use super::asset::address;
use super::visit::Visit;
use super::{Sheet, text};
use crate::ledger::{Role, Seq};

/// What the navigation leads to.
const PLACES: [(&str, &str); 9] = [
    ("/", "Overview"),
    ("/claims", "Claims"),
    ("/events", "Events"),
    ("/flips", "Flips"),
    ("/gaps", "Gaps"),
    ("/compare", "Compare"),
    ("/diff", "Diff"),
    ("/review", "Review"),
    ("/audit", "Audit"),
];

/// A whole page.
pub(in crate::http) fn whole(sheet: &Sheet, visit: &Visit, head: Option<Seq>) -> Markup {
    let view = &visit.view;
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (crate::event::printable(&sheet.title)) " – stancelog" }
                @for sheet in ["style", "pictures"] { link rel="stylesheet" href=(address(sheet)); }
                link rel="icon" href="data:,";
                script src=(address("live")) defer {}
                @if visit.path == "/record" || visit.path.ends_with("/correct") { @for own in ["load", "select", "meaning"] { script src=(address(own)) defer {} } }
            }
            body data-follows=[follows(sheet, visit, head)] {
                a class="skip" href="#main" { "Skip to content" }
                header class="top" {
                    p class="brand" { a href=(view.link("/", &[])) { "stancelog" } }
                    nav aria-label="Pages" {
                        @for (place, words) in PLACES {
                            a href=(view.link(place, &[])) aria-current=[(visit.path == place).then_some("page")] { (words) }
                        }
                        @if visit.role >= Some(Role::Append) { a href=(view.link("/record", &[])) aria-current=[(visit.path == "/record").then_some("page")] { "Record" } }
                    }
                    form class="search" role="search" action="/search" {
                        label class="hidden" for="q" { "Search" }
                        input id="q" name="q" type="search" placeholder="Search names, claims, notes" value=[visit.get("q")];
                        (kept(visit))
                        button { "Search" }
                    }
                }
                (times(visit))
                main id="main" tabindex="-1" {
                    p id="news" class="news" role="status" aria-live="polite" {}
                    (sheet.body)
                }
                footer {
                    @if let Some(head) = head { span id="head" { "Log head: " a href=(view.link(&text::path(&["events", &head.to_string()]), &[])) { "@" (head) } ". " } }
                    @if let Some(name) = &visit.name { span { "Signed in as " (text::said(name)) "." } form method="post" action="/sign-out" { button { "Sign out" } } }
                    a href="/docs" { "HTTP API" }
                }
            }
        }
    }
}

/// The streams that a page follows while it looks at the present, each from where the page was written on: what is stored
/// before a browser has opened them is not missed.
fn follows(sheet: &Sheet, visit: &Visit, head: Option<Seq>) -> Option<String> {
    let head = head.filter(|_| visit.view.is_present() && !sheet.follows.is_empty())?;
    let from = |stream: &String| format!("{stream}{}after={head}", if stream.contains('?') { '&' } else { '?' });
    Some(sheet.follows.iter().map(from).collect::<Vec<_>>().join(" "))
}

/// The two times and the rule as hidden fields, so that another form carries them on.
pub(in crate::http) fn kept(visit: &Visit) -> Markup {
    let view = &visit.view;
    let times = [("as_of", &view.as_of), ("known_at", &view.known_at), ("rule", &view.rule)];
    html! {
        @for (name, value) in times { @if let Some(value) = value { input type="hidden" name=(name) value=(value); } }
    }
}

/// The time control: which of the two times is looked at, in words and as a form.
fn times(visit: &Visit) -> Markup {
    let view = &visit.view;
    let times = ["as_of", "known_at"].map(|name| visit.asked(name));
    let [(as_of, is_date), (known_at, is_point)] = times;
    let wrong = |is_right: bool| (!is_right).then_some("true");
    html! {
        section class="times" aria-label="Time" {
            details open[!view.is_present() || !is_date || !is_point] {
                summary { (text::said(&view.sentence(visit.today))) }
                form action=(visit.path) {
                    @for (name, value) in visit.asks() { input type="hidden" name=(name) value=(value); }
                    label { "As of " input name="as_of" value=[as_of] placeholder="2022-03-01" aria-invalid=[wrong(is_date)] aria-describedby="times-help"; }
                    label { "Known at " input name="known_at" value=[known_at] placeholder="2022-05-03 or @45" aria-invalid=[wrong(is_point)] aria-describedby="times-help"; }
                    label { "Rule "
                        select name="rule" {
                            option value="" { "latest day" }
                            option value="majority" selected[view.rule.as_deref() == Some("majority")] { "majority of 90 days" }
                        }
                    }
                    button { "Look" }
                    @if !view.is_present() || view.rule.is_some() { a href=(visit.now()) { "Now" } }
                    p id="times-help" class="faint" { "As of: what had happened in the world by then. Known at: what this log had recorded by then." }
                }
            }
        }
    }
}
