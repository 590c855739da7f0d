//! `stance`: where an actor stands, on one target or on everything.

use clap::Args;

use super::answer;
use super::call::{Call, Format, When, no_claim};
use super::evidence;
use super::failure::{Exit, Failure};
use super::label::Labels;
use super::list;
use super::out::{Out, shown};
use super::plain::{number, quoted};
use super::table::Table;
use super::title::Titles;
use crate::ledger::{Answer, Question, Why};

/// So many deciding events are shown beside an answer.
const SHOWN_MAX: usize = 5;

/// Where an actor stands on a target, or on everything
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog stance \"Boris Johnson\" Ukraine
  stancelog stance Johnson Ukraine --as-of 2022-02 --known-at @45
  stancelog stance Johnson --format csv

The strongest kind of event decides: declared (own words, a vote), enacted
(aid, sanctions, force), intended (promises), implied (visits, gestures). It
is a stance on record, never a score.")]
pub(super) struct Stance {
    /// Who: slug, name or alias
    actor: String,
    /// Toward whom or what; everything where it is not given
    target: Option<String>,
    #[command(flatten)]
    when: When,
}

impl Stance {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        match &self.target {
            Some(target) => self.one(target, call, out)?,
            None => self.all(call, out)?,
        }
        Ok(Exit::Done)
    }

    fn one(&self, target: &str, call: &Call, out: &mut Out) -> Result<(), Failure> {
        no_claim(target, call)?;
        let ledger = call.read()?;
        let question = Question { actor: &self.actor, target, asked: self.when.asked() };
        match call.format() {
            Format::Table => {
                let why = ledger.why(&question)?;
                let title = Titles::of(&ledger, self.when.asked()).apposition(&why.answer.actor)?;
                out.paragraph("", &answer::sentence(&why.answer, &title))?;
                print(&why, &Labels::of(&ledger, &question.asked)?, out)?;
                let flags = self.when.flags();
                let rest = format!("{} {}{flags}", quoted(&why.answer.actor), quoted(&why.answer.target));
                let next = if why.answer.events == 0 { format!("stance {}", quoted(&why.answer.actor)) } else { format!("why {rest}") };
                out.next("", &call.command(&next));
                Ok(())
            }
            Format::Json | Format::Jsonl => out.json(&ledger.stance(&question)?),
            Format::Csv => list::csv(&ledger.stance(&question)?, out),
        }
    }

    fn all(&self, call: &Call, out: &mut Out) -> Result<(), Failure> {
        let ledger = call.read()?;
        let mut answers = ledger.stances(&self.actor, &self.when.asked())?;
        match call.format() {
            Format::Table => {
                answers.sort_by(|a, b| (&a.target_name, &a.target).cmp(&(&b.target_name, &b.target)));
                print_all(&self.actor, &answers, &mut Titles::of(&ledger, self.when.asked()), out)
            }
            format @ (Format::Json | Format::Jsonl | Format::Csv) => list::print(&answers, format, out),
        }
    }
}

/// What one answer rests on, for people: what decides, what counts besides.
fn print(why: &Why, labels: &Labels, out: &mut Out) -> Result<(), Failure> {
    let answer = &why.answer;
    for act in why.events.iter().rev().take(SHOWN_MAX).rev() {
        evidence::act(act, labels, out)?;
    }
    if why.events.len() > SHOWN_MAX {
        out.line(&format!("  (the last {SHOWN_MAX} of {} that decide)", why.events.len()))?;
    }
    if answer.events > 0 {
        let counts = answer::counts(answer);
        let voices = match answer.voices {
            0 | 1 => String::new(),
            voices => format!("; {voices} voices decide"),
        };
        out.paragraph("", &format!("On record: {counts}{voices}."))?;
    }
    for remark in answer::remarks(answer) {
        out.paragraph("", &remark)?;
    }
    Ok(())
}

/// All answers of an actor for people.
fn print_all(actor: &str, answers: &[Answer], titles: &mut Titles<'_>, out: &mut Out) -> Result<(), Failure> {
    let Some(first) = answers.first() else {
        return out.line(&format!("Nothing is recorded that {} did or said toward anybody.", shown(actor)));
    };
    let (title, targets) = (titles.apposition(&first.actor)?, number(answers.len() as u64, "target", "targets"));
    out.paragraph("", &format!("{}{} is on record toward {targets}:", shown(&first.actor_name), shown(&title)))?;
    out.line("")?;
    let mut table = Table::new(&["target", "stance", "basis", "since", "last", "events", ""], &[1, 2, 3, 4, 5]);
    for answer in answers {
        table.row(&[
            &titles.named(&answer.target, &answer.target_name)?,
            answer.stance.word(),
            answer.basis.map_or("-", |basis| basis.word()),
            answer::day(answer.since.as_deref()),
            answer::day(answer.last.as_deref()),
            &answer.events.to_string(),
            &answer::marks(answer),
        ]);
    }
    table.numbers(5);
    table.at_most(6, 9);
    table.print(out)
}
