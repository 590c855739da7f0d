//! Two dates beside each other, in either time: which stances differ, and why.

use axum::extract::State;
use axum::response::Response;
use maud::html;

use super::until::Until;
use super::visit::{Visit, recorded_by};
use super::{Sheet, answer, event, frame, text};
use crate::http::problem::Problem;
use crate::http::reader::Lane;
use crate::http::shared::Desk;
use crate::ledger::{Asked, Between};

/// Differences on one page.
const SHOWN: usize = 100;
/// Events of each that are shown.
const CAUSES: usize = 5;

/// `/diff`.
pub(super) async fn show(State(desk): State<Desk>, visit: Visit) -> Result<Response, Problem> {
    answer(&desk, Lane::Long, visit, |ledger, visit| {
        let (view, asked) = (&visit.view, visit.view.asked()?);
        let (from, to, time) = (visit.get("from"), visit.get("to"), visit.get("time").unwrap_or("valid"));
        let between = from.zip(to).map(|(from, to)| if time == "known" { Between::Known { from, to } } else { Between::Valid { from, to } });
        let begun = visit.begun(SHOWN);
        let found = between.map(|between| ledger.diff_part(between, begun, SHOWN, &asked)).transpose()?;
        // Of two times of knowing, the later tells the names.
        let then = to.filter(|_| time == "known").map(str::to_owned).or(asked.known_at.clone());
        let named = found.iter().flat_map(|(part, _)| part).flat_map(|one| [one.actor.as_str(), one.target.as_str()]);
        let names = ledger.called(named, &Asked { known_at: then, ..asked })?;
        let until = |end: &str| if time == "known" { recorded_by(end, visit.today) } else { Until::read(end, visit.today).on() };
        let body = html! {
            h1 { "What changed between two times" }
            form class="asks" action="/diff" {
                label { "From " input name="from" value=[from] required placeholder="2022-01-01"; }
                label { "To " input name="to" value=[to] required placeholder="2023-01-01"; }
                label { "In " select name="time" { option value="" { "the world" } option value="known" selected[time == "known"] { "what the log knew" } } }
                (frame::kept(visit))
                button { "Compare" }
            }
            @let overruled = if time == "known" { view.known_at.as_ref().map(|_| "of what was recorded") } else { view.as_of.as_ref().map(|_| "in the world") };
            @if let Some(of) = overruled.filter(|_| found.is_some()) { p class="faint" { "The two dates here stand in place of the one on top: it is no date " (of) " that this page looks at." } }
            @if let Some((part, count)) = &found {
                p class="lead" { (text::number(*count, "stance differs", "stances differ"))
                    @if let Some((from, to)) = from.zip(to) {
                        " between " @if time == "known" { "what was recorded" } @else { "how things stood" } " " (text::said(&until(from))) " and " (text::said(&until(to)))
                    } "." }
                ul class="plain rows" { @for one in part {
                    li { (text::actor(view, &one.actor, text::name(&names, &one.actor))) " on " (text::target(view, &one.target, text::name(&names, &one.target))) ": " (text::stance(one.from.stance)) " → "
                        (text::why(view, &one.actor, &one.target, &text::stance(one.to.stance)))
                        @for id in one.events.iter().take(CAUSES) { " " (event::numbered(ledger, view, id)?) }
                        @if one.events.len() > CAUSES { " and " (one.events.len() - CAUSES) " more" } }
                } }
                (text::more(visit.next(*count > begun + SHOWN)))
            }
        };
        Ok(Sheet::of("Diff", body))
    })
    .await
}
