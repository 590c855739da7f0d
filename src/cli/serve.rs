//! `serve`: the log over HTTP, for scripts.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::call::Call;
use super::failure::{Exit, Failure};
use super::out::Out;
use crate::ledger::ErrorKind;

/// Starts a server and returns when it has stopped; `ready` hears where it listens. The other door hands this in, for doors
/// do not see each other.
pub type Serve = fn(Serving, ready: &mut dyn FnMut(SocketAddr)) -> Result<(), Trouble>;

/// How a log is served, as the command line says.
#[derive(Clone, Debug)]
pub struct Serving {
    /// The log.
    pub db: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Certificate and key for TLS, PEM files.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// The key that checkpoints are signed with.
    pub key: Option<PathBuf>,
    /// Origins whose pages may ask.
    pub origins: Vec<String>,
    /// Bytes of a body at most.
    pub body_bytes: Option<usize>,
    /// Requests a second for each token.
    pub requests_per_s: Option<u32>,
    /// Connections at once.
    pub connections: Option<usize>,
    /// Time for a request's head.
    pub head_time: Option<Duration>,
    /// Time for an answer to begin.
    pub request_time: Option<Duration>,
    /// Time between signs of life on a silent stream.
    pub heartbeat: Option<Duration>,
    /// Time for what is under way when the server is told to stop.
    pub grace: Option<Duration>,
    /// Whether each append has a commit of its own.
    pub single_commits: bool,
    /// The form of the journal: `json`, `text` or `none`.
    pub journal: &'static str,
}

/// Why a server did not start, or did not end well.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// Which of the five kinds.
    pub kind: ErrorKind,
    /// In one sentence.
    pub said: String,
}

/// Serve the log over HTTP, to scripts
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog serve
  curl -s localhost:7878/v1/stances?target=ukraine
  stancelog token create importer --role append
  stancelog serve --listen 0.0.0.0:7878 --tls-cert cert.pem --tls-key key.pem

Without tokens the server answers to this machine alone, and listens nowhere
else. /docs describes the API, /metrics counts, SIGTERM stops it when what is
under way has ended.")]
pub(super) struct ServeCommand {
    /// Where to listen: an address with a port, or a port of this machine; port 0 takes any that is free
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7878", value_parser = address)]
    listen: SocketAddr,
    /// Certificate chain for TLS, PEM
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Private key for TLS, PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Key that checkpoints are signed with [default: the one beside the log, where there is one]
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Let pages of this origin ask (CORS); may be given again
    #[arg(long = "cors", value_name = "ORIGIN")]
    origins: Vec<String>,
    /// Bytes of a body that is no stream of lines, unpacked [default: 8388608]
    #[arg(long, value_name = "BYTES", help_heading = "Limits")]
    max_body: Option<usize>,
    /// Requests a second for each token [default: 2000]
    #[arg(long, value_name = "N", help_heading = "Limits", value_parser = clap::value_parser!(u32).range(1..))]
    max_rate: Option<u32>,
    /// Connections at once [default: 16384]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    max_connections: Option<usize>,
    /// Milliseconds for a request's head to arrive [default: 10000]
    #[arg(long, value_name = "MS", help_heading = "Limits")]
    head_ms: Option<u64>,
    /// Milliseconds for an answer to begin [default: 30000]
    #[arg(long, value_name = "MS", help_heading = "Limits")]
    request_ms: Option<u64>,
    /// Milliseconds between signs of life on a silent stream [default: 15000]
    #[arg(long, value_name = "MS", help_heading = "Limits")]
    heartbeat_ms: Option<u64>,
    /// Milliseconds for what is under way when the server is told to stop [default: 30000]
    #[arg(long, value_name = "MS", help_heading = "Limits")]
    grace_ms: Option<u64>,
    /// The form of the journal on stderr
    #[arg(long, value_name = "FORM", default_value = "json")]
    journal: JournalName,
    /// Give each append a commit of its own, to measure what sharing brings
    #[arg(long, hide = true)]
    single_commits: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum JournalName {
    Json,
    Text,
    None,
}

/// An address with a port, or a port alone.
fn address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(port) = text.trim_start_matches(':').parse() {
        return Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    }
    let named = text.strip_prefix("localhost:").and_then(|port| port.parse().ok());
    let local = named.map(|port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    local.map_or_else(|| text.parse().map_err(|_| "expected an address with a port, as in 127.0.0.1:7878".to_owned()), Ok)
}

impl ServeCommand {
    pub(super) fn run(&self, call: &Call, out: &mut Out, serve: Serve) -> Result<Exit, Failure> {
        let time = |ms: Option<u64>| ms.map(Duration::from_millis);
        let serving = Serving {
            db: call.db.clone(),
            listen: self.listen,
            tls: self.tls_cert.clone().zip(self.tls_key.clone()),
            key: self.key.clone(),
            origins: self.origins.clone(),
            body_bytes: self.max_body,
            requests_per_s: self.max_rate,
            connections: self.max_connections,
            head_time: time(self.head_ms),
            request_time: time(self.request_ms),
            heartbeat: time(self.heartbeat_ms),
            grace: time(self.grace_ms),
            single_commits: self.single_commits,
            journal: match self.journal {
                JournalName::Json => "json",
                JournalName::Text => "text",
                JournalName::None => "none",
            },
        };
        let scheme = if serving.tls.is_some() { "https" } else { "http" };
        // Whoever starts the server for a script reads the address from the first line.
        let mut told = Ok(());
        let ended = serve(serving, &mut |at| told = out.line(&format!("{scheme}://{at}")).and_then(|()| out.flush()));
        told?;
        ended.map_err(|Trouble { kind, said }| Failure::Serving { kind, said })?;
        Ok(Exit::Done)
    }
}
