//! A bar on stderr for what takes longer than half a second; only on a terminal.

use std::io::{self, IsTerminal, Read};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long a command runs before a bar appears.
const PATIENCE: Duration = Duration::from_millis(500);

/// A bar that appears when it is worth it.
#[derive(Clone)]
pub(super) struct Progress {
    bar: ProgressBar,
    began: Instant,
    wanted: bool,
}

impl Progress {
    /// A bar over so many bytes; without a number it only counts.
    pub(super) fn of_bytes(total: Option<u64>, wanted: bool) -> Self {
        Self::new(total, wanted, "{bar:30} {bytes}/{total_bytes} {eta} left", "{spinner} {bytes}")
    }

    /// A bar over so many events.
    pub(super) fn of_events(total: u64, wanted: bool) -> Self {
        Self::new(Some(total), wanted, "{bar:30} {pos}/{len} events {eta} left", "{spinner} {pos}")
    }

    fn new(total: Option<u64>, wanted: bool, with_total: &str, without: &str) -> Self {
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
        let template = if total.is_some() { with_total } else { without };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar, began: Instant::now(), wanted: wanted && io::stderr().is_terminal() }
    }

    /// So much is done.
    pub(super) fn reached(&mut self, done: u64) {
        if self.wanted && self.began.elapsed() >= PATIENCE {
            self.wanted = false;
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_position(done);
    }

    /// The bar itself, for messages to stand above it.
    pub(super) fn bar(&self) -> ProgressBar {
        self.bar.clone()
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// An input whose bytes move the bar.
    pub(super) fn over<R: Read>(&self, input: R) -> Counted<R> {
        Counted { input, progress: self.clone(), bytes: 0 }
    }
}

/// An input that moves a bar.
pub(super) struct Counted<R> {
    input: R,
    progress: Progress,
    bytes: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.input.read(buffer)?;
        self.bytes += taken as u64;
        self.progress.reached(self.bytes);
        Ok(taken)
    }
}
