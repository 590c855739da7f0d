//! A claim through time as a picture: where it stood, each voice's words, verdicts as flags, other claims by name.

use maud::{Markup, html};

use super::events::{bounds, packed};
use super::held::{Held, bar};
use super::lane::row;
use super::legend::Legend;
use super::measure::{PLAIN, SMALL, said};
use super::paint::Paint;
use super::picture::{Chart, Options};
use super::scale::{Scale, Stretch, px};
use super::seen::Seen;
use super::sheet::{Drawn, Sheet};
use super::telling;
use super::text::line;
use super::voice::voice;
use crate::event::{Day, RelationKind};
use crate::ledger::{Course, RelationItem, VerdictItem};

/// How many voices, verdicts and other claims are shown at most.
const VOICES: usize = 14;
const VERDICTS: usize = 12;
const RELATED: usize = 8;
/// How high a verdict is.
const FLAG: f64 = 18.0;

/// What became of a claim.
pub fn claim(course: &Course, seen: &Seen, options: &Options) -> Chart {
    let mut sheet = Sheet::of(options);
    let title = said(&course.claim.text);
    sheet.head(&title, &format!("The claim {} is {}. {}", said(&course.claim.claim), course.claim.status, seen.times()));
    let scale = sheet.scale(stretch(course, seen));
    let mut legend = Legend::of(sheet.prefix());
    let rows = rows(course, &sheet, &scale, &mut legend);
    sheet.rows(&scale, rows);
    let more = course.voices.len().saturating_sub(VOICES);
    if more > 0 {
        sheet.paragraph(&format!("Not shown: {more} more voices."), SMALL, "sl-small sl-faint", 1);
    }
    for relation in course.claim.relations.iter().take(RELATED) {
        sheet.paragraph(&related(relation, course), PLAIN, "sl-plain", 4);
    }
    let more = course.claim.relations.len().saturating_sub(RELATED);
    if more > 0 {
        sheet.paragraph(&format!("Not shown: {more} more related claims."), SMALL, "sl-small sl-faint", 1);
    }
    sheet.legend(&legend);
    let description = format!("{} {}", telling::course(course), seen.times());
    sheet.finish(title, description, seen)
}

fn stretch(course: &Course, seen: &Seen) -> Stretch {
    let uttered = course.voices.iter().flat_map(|voice| &voice.utterances).map(|one| (one.earliest, one.latest));
    let verdicts = course.claim.verdicts.iter().map(|verdict| bounds(verdict.published.as_deref()));
    Stretch::of(uttered.chain(verdicts), seen.until())
}

fn rows(course: &Course, sheet: &Sheet, scale: &Scale, legend: &mut Legend) -> Vec<Drawn> {
    let mut rows = vec![row(sheet, "Status", &[], status(course, sheet, scale, legend))];
    rows.extend(course.voices.iter().take(VOICES).map(|one| voice(one, sheet, scale, legend)));
    rows.extend(verdicts(course, scale).map(|shown| row(sheet, "Verdicts", &["beside the status".to_owned()], shown)));
    rows
}

/// Where the claim stood from day to day.
fn status(course: &Course, sheet: &Sheet, scale: &Scale, legend: &mut Legend) -> Drawn {
    let ends = course.statuses.iter().skip(1).map(|point| scale.day(point.at)).chain([scale.right]);
    let held: Vec<Held> = course
        .statuses
        .iter()
        .zip(ends)
        .map(|(point, to)| {
            let (from, words) = (scale.day(point.at), vec![point.status.word().to_owned()]);
            let is_open = point.at == Day::BEFORE_ALL;
            Held { from, settled: from, to, paint: Paint::of_status(point.status), words, flip: None, is_unknown: false, is_open }
        })
        .collect();
    if held.iter().all(|one| one.paint.is_none()) {
        return Drawn { body: line(scale.left, 14.0, "sl-small", course.claim.status.word()), height: 20.0 };
    }
    bar(&held, scale, sheet.prefix(), legend)
}

/// A verdict on the paper.
struct Flag {
    x: f64,
    words: String,
    words_at: f64,
}

/// The verdicts, each a flag where it was published.
fn verdicts(course: &Course, scale: &Scale) -> Option<Drawn> {
    let flags: Vec<Flag> = course.claim.verdicts.iter().take(VERDICTS).map(|verdict| placed(verdict, course, scale)).collect();
    let extent = |flag: &Flag| (flag.x.min(flag.words_at) - 2.0, (flag.x + 12.0).max(flag.words_at + SMALL.width(&flag.words)));
    let rows = packed(flags.iter().map(extent));
    let height = (*rows.iter().max()? as f64 + 1.0) * FLAG;
    let more = course.claim.verdicts.len().saturating_sub(VERDICTS);
    let body = html! {
        @for (flag, row) in flags.iter().zip(&rows) { (drawn(flag, *row as f64 * FLAG)) }
        @if more > 0 { (line(scale.left, height + 11.0, "sl-small sl-faint", &format!("and {more} more"))) }
    };
    Some(Drawn { body, height: if more > 0 { height + SMALL.line() } else { height } })
}

fn placed(verdict: &VerdictItem, course: &Course, scale: &Scale) -> Flag {
    let reviewer = said(course.reviewers.get(&verdict.reviewer).unwrap_or(&verdict.reviewer));
    let undated = if verdict.published.is_none() { ", date not said" } else { "" };
    let words = format!("“{}” ({}), {reviewer}{undated}", said(&verdict.label), verdict.rating);
    let words = SMALL.cut(&words, scale.width() - 16.0);
    let x = scale.x(bounds(verdict.published.as_deref()).0).clamp(scale.left + 1.0, scale.right - 12.0);
    let wide = SMALL.width(&words);
    let (behind, before) = (x + 14.0, x - 6.0 - wide);
    let words_at = if behind + wide <= scale.right || before < scale.left { behind } else { before };
    let words = SMALL.cut(&words, scale.right - words_at);
    Flag { x, words, words_at }
}

fn drawn(flag: &Flag, y: f64) -> Markup {
    html! {
        path class="sl-ink" d={ "M" (px(flag.x)) " " (y + 16.0) "V" (y + 3.0) "h9v7h-9" } fill="none" stroke="currentColor" stroke-width="1.4" {}
        (line(flag.words_at, y + 12.0, "sl-small", &flag.words))
    }
}

/// How another claim stands to this one.
fn related(relation: &RelationItem, course: &Course) -> String {
    let text = said(course.related.get(&relation.claim).unwrap_or(&relation.claim));
    let how = match (relation.kind, relation.reverse) {
        (RelationKind::AlternativeTo, _) => "Alternative",
        (RelationKind::Contradicts, false) => "Contradicts",
        (RelationKind::Contradicts, true) => "Contradicted by",
        (RelationKind::PartOf, false) => "Part of",
        (RelationKind::PartOf, true) => "Has as a part",
    };
    format!("{how}: {text} ({})", said(&relation.claim))
}
