//! Claims: which there are, and who stands where on one.

use axum::extract::State;
use axum::response::Response;
use maud::html;

use super::picture::{looked_at, picture};
use super::visit::Visit;
use super::{Sheet, answer, event, text};
use crate::chart;
use crate::http::asking::Named;
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;
use crate::ledger::ClaimItem;
use crate::stance::Status;

/// Claims on one page.
const SHOWN: usize = 50;

/// `/claims`.
pub(super) async fn list(State(desk): State<Desk>, visit: Visit) -> Result<Response, Problem> {
    answer(&desk, Lane::Short, visit, |ledger, visit| {
        let view = &visit.view;
        let status = match visit.get("status") {
            Some(word) => Some(Status::from_word(word).ok_or_else(|| Problem::bad_field("status", format!("`{word}` is no status")))?),
            None => None,
        };
        let (actor, asked) = (visit.get("actor"), view.asked()?);
        let (claims, is_more) = ledger.claims_part(status, actor, visit.begun(SHOWN), SHOWN, &asked)?;
        let names = ledger.called(actor, &asked)?;
        let of = |status: &str| view.link("/claims", &[("status", status), ("actor", actor.unwrap_or_default())]);
        let body = html! {
            h1 { "Claims" }
            nav class="tally" aria-label="By status" {
                a href=(of("")) aria-current=[status.is_none().then_some("true")] { "all" }
                @for one in Status::ALL { a href=(of(one.word())) aria-current=[(status == Some(*one)).then_some("true")] { (one.word()) } }
            }
            @if let Some(actor) = actor {
                p class="faint" { "Those that concern " (text::actor(view, actor, text::name(&names, actor))) ". " a href=(view.link("/claims", &[])) { "All claims" } }
            }
            @if claims.is_empty() { p class="faint" { "No such claim is recorded: what somebody says is so, for others to assert or deny." } }
            ul class="plain rows" { @for claim in &claims {
                li { (text::status(claim.status)) " " a href=(view.link(&text::path(&["claims", &claim.claim]), &[])) { (text::said(&claim.text)) } }
            } }
            (text::more(visit.next(is_more)))
        };
        Ok(Sheet::of("Claims", body))
    })
    .await
}

/// `/claims/{claim}`.
pub(super) async fn show(State(desk): State<Desk>, Named(claim): Named, visit: Visit) -> Result<Response, Problem> {
    answer(&desk, Lane::Short, visit, move |ledger, visit| {
        let (view, (asked, seen)) = (&visit.view, looked_at(ledger, &visit.view.asked()?)?);
        let course = ledger.course(&claim, &asked)?;
        let claim = &course.claim;
        let part = Part { claim, begun: visit.begun(SHOWN) };
        let names = ledger.called(part.slugs(), &asked)?;
        let labels = ledger.labelled(claim.about.iter().map(|about| about.action.as_str()), &asked)?;
        let next = visit.next(part.longest() > part.begun + SHOWN);
        let who = |slug: &String| text::actor(view, slug, text::name(&names, slug));
        let body = html! {
            h1 { (text::said(&claim.text)) }
            p class="lead" { (text::status(claim.status)) " · " code { (text::said(&claim.claim)) } }
            @if let Some(about) = &claim.about { p { "It alleges: " (text::actor(view, &about.actor, text::name(&names, &about.actor))) " " (text::verb(&labels, &about.action)) " " (text::target(view, &about.target, text::name(&names, &about.target)))
                @if let Some(at) = &about.occurred { ", " (text::date(Some(&at.to_string()))) } "." } }
            section { h2 { "Its course" } (picture(|options| chart::claim(&course, &seen, options))) }
            section { h2 { "Who stands where" } @if claim.holdings.is_empty() { p class="faint" { "Nobody has taken it up." } }
                ul class="plain rows" { @for holding in part.of(&claim.holdings) {
                    li { (who(&holding.actor)) " " b { (holding.speech.verb()) } " " (text::date(Some(&holding.occurred)))
                        @if let Some(by) = &holding.spoken_by { " spoken by " (text::actor(view, by, text::name(&names, by))) } " " (event::numbered(ledger, view, &holding.event)?) }
                } }
                @for (words, list) in [("Questioned by ", &claim.questioned_by), ("Taken back by ", &claim.withdrawn_by)] {
                    @if !part.of(list).is_empty() { p { (words) @for (n, slug) in part.of(list).iter().enumerate() { @if n > 0 { ", " } (who(slug)) } } }
                }
            }
            @if !claim.voices.is_empty() { section { h2 { "Voices" } p class="faint" { (claim.voices.len()) " in all. Actors who speak for one another count as one." } ul class="plain rows" { @for voice in part.of(&claim.voices) {
                li { @for (n, slug) in voice.actors.iter().enumerate() { @if n > 0 && n + 1 == voice.actors.len() { " and " } @else if n > 0 { ", " } (who(slug)) }
                    @if voice.stands_by { " " span class="mark" { "stands by it" } } @if voice.denies { " " span class="mark" { "denies it" } } }
            } } } }
            @if !claim.verdicts.is_empty() { section { h2 { "Verdicts" } p class="faint" { "Shown beside the status; they never change it." } ul class="plain rows" { @for verdict in part.of(&claim.verdicts) {
                li { (text::said(text::name(&names, &verdict.reviewer))) ": " b { (text::said(&verdict.label)) } " (" (verdict.rating.word()) ") "
                    @if let Some(url) = verdict.url.as_deref().filter(|url| url.starts_with("https://") || url.starts_with("http://")) { a href=(url) rel="noreferrer noopener" { "published" } " " }
                    (text::date(verdict.published.as_deref())) }
            } } } }
            @if !claim.relations.is_empty() { section { h2 { "Other claims" } ul class="plain rows" { @for relation in part.of(&claim.relations) {
                li { (relation.kind.word().replace('-', " ")) @if relation.reverse { " (so the other says)" } " " a href=(view.link(&text::path(&["claims", &relation.claim]), &[])) { (text::said(course.related.get(&relation.claim).unwrap_or(&relation.claim))) } }
            } } } }
            (text::more(next))
        };
        Ok(Sheet::of(claim.text.chars().take(80).collect::<String>(), body))
    })
    .await
}

/// What one page shows of a claim's lists, which all go on from page to page.
struct Part<'a> {
    claim: &'a ClaimItem,
    begun: usize,
}

impl<'a> Part<'a> {
    fn of<T>(&self, list: &'a [T]) -> &'a [T] {
        let list = list.get(self.begun..).unwrap_or_default();
        &list[..list.len().min(SHOWN)]
    }

    /// How long the longest list is.
    fn longest(&self) -> usize {
        let claim = self.claim;
        let lists = [claim.holdings.len(), claim.questioned_by.len(), claim.withdrawn_by.len(), claim.voices.len()];
        lists.into_iter().chain([claim.verdicts.len(), claim.relations.len()]).max().unwrap_or(0)
    }

    /// The slugs that the page names.
    fn slugs(&self) -> impl Iterator<Item = &'a str> {
        let claim = self.claim;
        let voices = self.of(&claim.voices).iter().flat_map(|voice| voice.actors.iter());
        let holdings = self.of(&claim.holdings).iter().flat_map(|holding| [&holding.actor].into_iter().chain(&holding.spoken_by));
        let others = self.of(&claim.questioned_by).iter().chain(self.of(&claim.withdrawn_by));
        let reviewers = self.of(&claim.verdicts).iter().map(|verdict| &verdict.reviewer);
        let about = claim.about.iter().flat_map(|about| [&about.actor, &about.target]);
        voices.chain(holdings).chain(others).chain(reviewers).chain(about).map(String::as_str)
    }
}
