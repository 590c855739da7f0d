//! `chart`: answers as pictures, in files.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::call::{Call, When, no_claim};
use super::destination;
use super::failure::{Exit, Failure};
use super::out::{Out, shown};
use super::word::word;
use crate::Ledger;
use crate::chart::{self, Chart as Picture, Fonts, LANES, NAMES, Options, Seen, Theme, WIDTHS};

/// Draw an answer as a picture, in SVG or PNG
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog chart history \"Boris Johnson\" -o johnson.svg
  stancelog chart sides Ukraine -o ukraine.png --theme dark
  stancelog chart claim missile-threat -o - > claim.svg

The file's ending says what it will be. A PNG has two pixels for each unit of
its width. Nothing in a picture is told by colour alone.")]
pub(super) struct Chart {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    History(History),
    Sides(Sides),
    Claim(Claim),
}

/// An actor's stances through time, with the events that they follow from
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  stancelog chart history \"Boris Johnson\" Ukraine -o johnson.svg")]
struct History {
    /// Who: slug, name or alias
    actor: String,
    /// Toward whom or what; the targets with the most events where it is not given
    target: Option<String>,
    #[command(flatten)]
    drawing: Drawing,
}

/// How many were for and against a target through time, and who is
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  stancelog chart sides Ukraine --rule majority -o ukraine.png")]
struct Sides {
    /// Toward whom or what: slug, name or alias
    target: String,
    #[command(flatten)]
    drawing: Drawing,
}

/// What was said of a claim, by whom, and where it stood through time
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  stancelog chart claim missile-threat --theme dark -o claim.svg")]
struct Claim {
    /// Its slug, with or without `claim:` in front
    claim: String,
    #[command(flatten)]
    drawing: Drawing,
}

/// How and where to draw.
#[derive(Args, Debug)]
struct Drawing {
    /// The file, ending in .svg or .png; `-` writes SVG to stdout
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The paper; `auto` is as the reader's device wants it [default: auto; for PNG: light]
    #[arg(long, value_name = "THEME", value_parser = word(Theme::ALL, Theme::word, Theme::from_word))]
    theme: Option<Theme>,
    /// How wide the picture is, in pixels; below 640 it is drawn for a phone
    #[arg(long, value_name = "PIXELS", default_value_t = 960, value_parser = clap::value_parser!(u32).range(i64::from(*WIDTHS.start())..=i64::from(*WIDTHS.end())))]
    width: u32,
    /// A font to write with, for PNG: a file in TrueType or OpenType
    #[arg(long, value_name = "FILE")]
    font: Option<PathBuf>,
    #[command(flatten)]
    when: When,
}

/// What a file will be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Svg,
    Png,
}

impl Chart {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let (What::History(History { drawing, .. }) | What::Sides(Sides { drawing, .. }) | What::Claim(Claim { drawing, .. })) = &self.what;
        let kind = drawing.kind()?;
        if let What::Sides(sides) = &self.what {
            no_claim(&sides.target, call)?;
        }
        let picture = self.picture(&call.read()?, drawing)?;
        let bytes = match kind {
            Kind::Svg => picture.standalone(drawing.theme.unwrap_or(Theme::Auto)).into_bytes(),
            Kind::Png => chart::png(&picture, drawing.theme.unwrap_or(Theme::Light), &Fonts::load(drawing.font.as_deref())?)?,
        };
        let to = (!drawing.is_stdout()).then_some(&*drawing.output);
        destination::write(to, out, |out| out.bytes(&bytes))?;
        if let Some(path) = to {
            out.note(&format!("Drew {}: {}", shown(&path.display().to_string()), shown(picture.title())));
        }
        Ok(Exit::Done)
    }

    fn picture(&self, ledger: &Ledger, drawing: &Drawing) -> Result<Picture, Failure> {
        let asked = drawing.when.asked().pinned(ledger.now());
        let options = Options { width: drawing.width, ..Options::default() };
        let seen = Seen::of(&asked, ledger.head()?);
        Ok(match &self.what {
            What::History(History { actor, target, .. }) => {
                chart::history(&ledger.lanes(actor, target.as_deref(), LANES, &asked)?, &seen, &options)
            }
            What::Sides(Sides { target, .. }) => chart::sides(&ledger.numbers(target, NAMES, &asked)?, &seen, &options),
            What::Claim(Claim { claim, .. }) => chart::claim(&ledger.course(claim, &asked)?, &seen, &options),
        })
    }
}

impl Drawing {
    fn is_stdout(&self) -> bool {
        self.output == Path::new("-")
    }

    fn kind(&self) -> Result<Kind, Failure> {
        let ending = self.output.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        match ending.as_deref() {
            _ if self.is_stdout() => Ok(Kind::Svg),
            Some("svg") => Ok(Kind::Svg),
            Some("png") => Ok(Kind::Png),
            Some(_) | None => {
                let file = self.output.display();
                Err(Failure::Usage(format!(
                    "`{file}` ends neither in .svg nor in .png: the ending says what is drawn; `-` is SVG to stdout"
                )))
            }
        }
    }
}
