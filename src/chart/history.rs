//! The history of an actor as a picture: a lane for each target, its roles, its words on claims, and what others allege.

use super::allegation::allegations;
use super::events::bounds;
use super::lane::{lane, row};
use super::legend::Legend;
use super::measure::{PLAIN, SMALL, titled};
use super::picture::{Chart, Options};
use super::role::roles;
use super::scale::{Scale, Stretch};
use super::seen::Seen;
use super::sheet::{Drawn, Sheet};
use super::telling;
use super::utterance::{Said, utterances};
use crate::ledger::{Lanes, SpeechItem};

/// An actor's stances through time, toward one target or many.
pub fn history(lanes: &Lanes, seen: &Seen, options: &Options) -> Chart {
    let mut sheet = Sheet::of(options);
    let title = title(lanes);
    sheet.head(&title, &seen.sentence());
    let scale = sheet.scale(stretch(lanes, seen));
    let mut legend = Legend::of(sheet.prefix());
    let rows = rows(lanes, &sheet, &scale, &mut legend);
    if rows.is_empty() {
        sheet.paragraph("No event that counts is recorded.", PLAIN, "sl-plain", 2);
    } else {
        sheet.rows(&scale, rows);
    }
    if lanes.others > 0 {
        let targets = if lanes.others == 1 { "1 more target, with no" } else { &format!("{} more targets, none with", lanes.others) };
        sheet.paragraph(&format!("Not shown: {targets} more events than these."), SMALL, "sl-small sl-faint", 2);
        sheet.space(2.0);
    }
    sheet.legend(&legend);
    let description = format!("{} {}", telling::lanes(lanes), seen.sentence());
    sheet.finish(title, description, seen)
}

fn title(lanes: &Lanes) -> String {
    let actor = titled(&lanes.actor_name);
    match lanes.target_name.as_deref().map(titled) {
        Some(target) => format!("Where {actor} stands on {target}"),
        None => format!("Where {actor} stands"),
    }
}

fn stretch(lanes: &Lanes, seen: &Seen) -> Stretch {
    let marks = lanes.lanes.iter().flat_map(|lane| &lane.marks).map(|mark| (mark.earliest, mark.latest));
    let speeches = lanes.speeches.iter().map(|speech| bounds(Some(&speech.occurred)));
    let alleged = lanes.alleged.iter().map(|one| bounds(one.occurred.as_deref()));
    Stretch::of(marks.chain(speeches).chain(alleged), seen.until())
}

fn rows(lanes: &Lanes, sheet: &Sheet, scale: &Scale, legend: &mut Legend) -> Vec<Drawn> {
    let mut rows: Vec<Drawn> = lanes.lanes.iter().map(|one| lane(one, sheet, scale, legend)).collect();
    let said: Vec<Said> = lanes.speeches.iter().map(uttered).collect();
    if !said.is_empty() {
        let shown = utterances(&said, scale, legend);
        rows.push(row(sheet, "On claims", &[], shown));
    }
    rows.extend(allegations(lanes, scale, legend).map(|shown| row(sheet, "Alleged acts", &["not counted".to_owned()], shown)));
    if !rows.is_empty() {
        rows.splice(0..0, roles(&lanes.roles, scale).map(|shown| row(sheet, "Roles", &[], shown)));
    }
    rows
}

fn uttered(item: &SpeechItem) -> Said {
    let (earliest, latest) = bounds(Some(&item.occurred));
    Said { earliest, latest, speech: item.speech, words: format!("{} {}", item.speech.verb(), item.claim) }
}
