//! Two actors beside each other: where they agree and differ.

use axum::extract::State;
use axum::response::Response;
use maud::html;

use super::visit::Visit;
use super::{Sheet, answer, frame, text};
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;

/// Targets on one page.
const SHOWN: usize = 100;

/// `/compare`.
pub(super) async fn show(State(desk): State<Desk>, visit: Visit) -> Result<Response, Problem> {
    answer(&desk, Lane::Short, visit, |ledger, visit| {
        let (view, asked) = (&visit.view, visit.view.asked()?);
        let (a, b) = (visit.get("a"), visit.get("b"));
        let found = a.zip(b).map(|(a, b)| ledger.compare(a, b, &asked)).transpose()?;
        let (page, next) = visit.part(found.as_ref().map_or(&[], |found| &found.targets), SHOWN);
        let slugs = found.iter().flat_map(|found| {
            [found.a.as_str(), found.b.as_str()].into_iter().chain(page.iter().map(|one| one.target.as_str()))
        });
        let names = ledger.called(slugs, &asked)?;
        let called = |slug: &String| text::name(&names, slug).to_owned();
        let body = html! {
            h1 { "Compare two actors" }
            form class="asks" action="/compare" {
                label { "One " input name="a" value=[a] required; }
                label { "Other " input name="b" value=[b] required; }
                (frame::kept(visit))
                button { "Compare" }
            }
            @if let Some(found) = &found {
                p class="lead" { (text::actor(view, &found.a, &called(&found.a))) " and " (text::actor(view, &found.b, &called(&found.b))) " agree on " (found.agree) " and differ on " (found.differ) " of " (text::number(found.both, "target", "targets")) " on which both take a side." }
                div class="scroll" tabindex="0" role="region" aria-label="Targets" { table {
                    thead { tr { th scope="col" { "Target" } th class="name" scope="col" { (text::said(&called(&found.a))) } th class="name" scope="col" { (text::said(&called(&found.b))) } th scope="col" { "Agree" } th scope="col" { "Since" } } }
                    tbody { @for one in page { tr {
                        th scope="row" { (text::target(view, &one.target, &called(&one.target))) }
                        td data-label=(crate::event::printable(&called(&found.a))) { (text::why(view, &found.a, &one.target, &text::stance(one.a.stance))) }
                        td data-label=(crate::event::printable(&called(&found.b))) { (text::why(view, &found.b, &one.target, &text::stance(one.b.stance))) }
                        td data-label="agree" { @match one.agree { Some(true) => "yes", Some(false) => "no", None => "–" } }
                        td data-label="since" { (text::date(one.since.as_deref())) }
                    } } }
                } }
                (text::more(next))
            }
        };
        Ok(Sheet::of("Compare", body))
    })
    .await
}
