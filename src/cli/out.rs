//! The one place that prints: answers to stdout, notes to stderr, both through buffers that can be handed in.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

use indicatif::ProgressBar;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::failure::Failure;
use super::plain::{json_safe, printable, wrapped};

/// Where a command's words go.
pub(super) struct Out {
    stdout: BufWriter<Box<dyn Write + Send>>,
    stderr: Box<dyn Write + Send>,
    /// How many columns a line has.
    pub(super) width: usize,
    quiet: bool,
    bar: Option<ProgressBar>,
}

impl Out {
    /// The process's own streams.
    pub(super) fn of_process() -> Self {
        Self::to(Box::new(io::stdout()), Box::new(io::stderr()), width_of_terminal())
    }

    /// Streams that are handed in.
    pub(super) fn to(stdout: Box<dyn Write + Send>, stderr: Box<dyn Write + Send>, width: usize) -> Self {
        Self { stdout: BufWriter::with_capacity(1 << 16, stdout), stderr, width, quiet: false, bar: None }
    }

    /// Keeps notes to itself from now on; complaints are still heard.
    pub(super) fn hush(&mut self, quiet: bool) {
        self.quiet = quiet;
    }

    /// Whether notes are kept silent.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Lets messages stand above a progress bar, until the next call.
    pub(super) fn beside(&mut self, bar: Option<ProgressBar>) {
        self.bar = bar;
    }

    /// Prints one line of an answer for people.
    pub(super) fn line(&mut self, text: &str) -> Result<(), Failure> {
        self.bytes(text.trim_end().as_bytes())?;
        self.bytes(b"\n")
    }

    /// Prints text for people in lines that fit the width; what stands before the first stands as blanks before the others.
    pub(super) fn paragraph(&mut self, before: &str, text: &str) -> Result<(), Failure> {
        let blanks = " ".repeat(before.len());
        for (index, line) in wrapped(text, self.width.saturating_sub(before.len())).iter().enumerate() {
            self.line(&format!("{}{line}", if index == 0 { before } else { &blanks }))?;
        }
        Ok(())
    }

    /// Prints bytes of an answer as they are.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.stdout.write_all(bytes).map_err(Failure::Output)
    }

    /// Prints a value as JSON on one line.
    pub(super) fn json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string(value).map_err(|e| Failure::Output(e.into()))?;
        self.json_text(&text)?;
        self.bytes(b"\n")
    }

    /// Prints JSON that is written already, with what could deceive a terminal written as escapes.
    pub(super) fn json_text(&mut self, text: &str) -> Result<(), Failure> {
        self.bytes(json_safe(text).as_bytes())
    }

    /// Says something beside the answer, unless silence is wanted.
    pub(super) fn note(&mut self, text: &str) {
        if !self.quiet {
            self.complain(text);
        }
    }

    /// Says what changed, where something did, and what to run next; a command stays on one line, to be copied.
    pub(super) fn next(&mut self, said: &str, command: &str) {
        let next = format!("Next: {command}");
        let fits = said.width() + 1 + next.width() <= self.width;
        let between = if said.is_empty() {
            ""
        } else if fits {
            " "
        } else {
            "\n"
        };
        self.note(&format!("{said}{between}{next}"));
    }

    /// Says what is wrong.
    pub(super) fn complain(&mut self, text: &str) {
        // What was answered before stands before it; should that fail, the last flush fails once more and is heard.
        let _ = self.stdout.flush();
        // What cannot be said on stderr cannot be said at all.
        let stderr = &mut self.stderr;
        let mut say = || {
            let _ = writeln!(stderr, "{}", text.trim_end());
        };
        match &self.bar {
            Some(bar) => bar.suspend(say),
            None => say(),
        }
    }

    /// Has answers go elsewhere from now on; gives what they went to before.
    pub(super) fn answer_into(&mut self, to: Box<dyn Write + Send>) -> Result<Box<dyn Write + Send>, Failure> {
        self.flush()?;
        let before = std::mem::replace(&mut self.stdout, BufWriter::with_capacity(1 << 16, to));
        // What is flushed has nothing left that could be lost.
        Ok(before.into_parts().0)
    }

    /// The answer as a plain writer, for formats that write themselves.
    pub(super) fn answer(&mut self) -> impl Write + Send + '_ {
        &mut self.stdout
    }

    /// Hands everything on; a failure here is one of the answer.
    pub(super) fn flush(&mut self) -> Result<(), Failure> {
        self.stdout.flush().map_err(Failure::Output)
    }
}

/// A text of the user's, fit to stand in a line of ours.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    printable(text)
}

fn width_of_terminal() -> usize {
    let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let found = terminal_size::terminal_size().map(|(terminal_size::Width(width), _)| usize::from(width));
    asked.or(found).unwrap_or(80).clamp(40, 400)
}
