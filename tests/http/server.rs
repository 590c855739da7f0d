//! A server: the built program on a log of its own, killed when it is dropped; then the oracle looks at the log.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use stancelog::Ledger;

use crate::client::Client;
use crate::support::desk::article;
use crate::support::{folder, oracle};

/// A log in a folder of its own, checked at the end.
pub struct Site {
    pub db: PathBuf,
    folder: tempfile::TempDir,
}

/// A running server, and a client of it.
pub struct Server {
    client: Client,
    child: Child,
    site: Option<Site>,
}

/// The program on a log.
pub fn program(db: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stancelog"));
    command.arg("--db").arg(db).args(arguments).env_remove("STANCELOG_DB").stdin(Stdio::null());
    command
}

/// What the program answers; it must succeed.
pub fn said(db: &Path, arguments: &[&str]) -> String {
    let output = program(db, arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

impl Site {
    pub fn new() -> Self {
        let folder = folder();
        Self { db: folder.path().join("stances.db"), folder }
    }

    /// A log with the article in it.
    pub fn with_article() -> Self {
        let site = Self::new();
        Ledger::open(&site.db).unwrap().append(article()).unwrap();
        site
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Makes a token; its secret.
    pub fn token(&self, name: &str, role: &str) -> String {
        said(&self.db, &["token", "create", name, "--role", role]).trim().to_owned()
    }

    /// Starts the program; where it listens.
    pub fn start(&self, options: &[&str]) -> (Child, SocketAddr) {
        self.start_at("127.0.0.1:0", options)
    }

    pub fn start_at(&self, listen: &str, options: &[&str]) -> (Child, SocketAddr) {
        let mut command = program(&self.db, &["serve", "--listen", listen, "--journal", "none"]);
        let mut child = command.args(options).stdout(Stdio::piped()).spawn().unwrap();
        let at = listens(&mut child);
        (child, at)
    }

    pub fn serve(self, options: &[&str]) -> Server {
        let (child, at) = self.start(options);
        Server::running(self, child, at)
    }
}

impl Drop for Site {
    /// No test can forget to look at its log.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            oracle::verify(&self.db);
        }
    }
}

/// Reads the address from a server's first line.
pub fn listens(child: &mut Child) -> SocketAddr {
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().split_once("://").unwrap_or_else(|| panic!("no address: `{line}`")).1;
    address.parse().unwrap()
}

/// Tells a process to stop, as the system does.
pub fn terminate(child: &Child) {
    assert!(Command::new("sh").args(["-c", &format!("kill -TERM {}", child.id())]).status().unwrap().success());
}

impl Server {
    /// A server that was started already.
    pub fn running(site: Site, child: Child, at: SocketAddr) -> Self {
        Self { client: Client { at, token: None }, child, site: Some(site) }
    }

    pub fn new() -> Self {
        Site::new().serve(&[])
    }

    pub fn with_article() -> Self {
        Site::with_article().serve(&[])
    }

    pub fn db(&self) -> &Path {
        &self.site.as_ref().unwrap().db
    }

    pub fn site(&self) -> &Site {
        self.site.as_ref().unwrap()
    }

    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// The same server, asked with a token.
    pub fn with_token(&self, token: &str) -> Client {
        Client { at: self.client.at, token: Some(token.to_owned()) }
    }

    /// The most memory that the server has taken so far, in KiB.
    pub fn peak_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").trim().parse().unwrap()
    }

    /// Kills the server without a word; its log.
    pub fn kill(mut self) -> Site {
        self.end();
        self.site.take().unwrap()
    }

    /// Tells the server to stop and waits for it.
    pub fn stop(self) -> (ExitStatus, Site) {
        terminate(&self.child);
        self.stopped()
    }

    /// Waits for a server that was told to stop.
    pub fn stopped(mut self) -> (ExitStatus, Site) {
        let status = self.child.wait().unwrap();
        (status, self.site.take().unwrap())
    }

    fn end(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        self.child.wait().unwrap();
    }
}

impl Deref for Server {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}
