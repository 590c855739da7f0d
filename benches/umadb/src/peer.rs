//! What both servers are for the rounds: something to start, to connect to, and to append to.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use crate::Event;

/// A server that runs.
pub trait Peer {
    type Client: Client + Send + 'static;

    /// What it does with an append before it acknowledges it, and soon after.
    const WORK: &str;

    /// Starts one with a new log in a folder, and returns when it listens.
    fn start(folder: &Path) -> Self;

    fn connect(&self) -> Self::Client;

    /// Its process.
    fn process(&self) -> u32;
}

/// One connection, kept.
pub trait Client {
    /// Appends in one request and waits until it is durable; where the log ends now.
    fn append(&mut self, events: &[Event]) -> u64;
}

/// A process that is killed when it is dropped.
pub struct Server {
    pub child: Child,
    /// Kept open, so that the server may go on printing.
    said: BufReader<ChildStdout>,
}

impl Server {
    /// Starts one and waits for a line that says something; that line.
    pub fn start(command: &mut Command, awaited: &str) -> (Self, String) {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let mut server = Self { child, said };
        let mut line = String::new();
        while !line.contains(awaited) {
            line.clear();
            assert_ne!(server.said.read_line(&mut line).unwrap(), 0, "{command:?} ended before it listened");
        }
        (server, line.trim().to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// What a program says of its version, on one line; where it does not run, `otherwise` says what to do.
pub fn version(program: &Path, otherwise: &str) -> Result<String, String> {
    let answer = Command::new(program).arg("--version").output();
    let answer = answer.map_err(|error| format!("{} does not run ({error}): {otherwise}", program.display()))?;
    let line = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
    if !answer.status.success() || line.is_empty() {
        return Err(format!("{} says no version ({}): {otherwise}", program.display(), answer.status));
    }
    Ok(line)
}

/// A program that a variable of the environment names, or else another one.
pub fn program(variable: &str, otherwise: PathBuf) -> PathBuf {
    std::env::var_os(variable).map_or(otherwise, PathBuf::from)
}

/// Processor time that a process has used, all threads together; nothing where the system does not tell.
pub fn used(process: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // Behind the name, which may hold anything, the twelfth and thirteenth number count hundredths of a second.
    let ticks = stat.rsplit(") ").next().into_iter().flat_map(|rest| rest.split(' ').skip(11).take(2));
    Duration::from_millis(10 * ticks.filter_map(|count| count.parse::<u64>().ok()).sum::<u64>())
}
