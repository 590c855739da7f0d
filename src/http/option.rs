//! What a server is told when it starts.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::writer::Grouping;

/// How a log is served.
#[derive(Clone, Debug)]
pub struct Options {
    /// The log; made where there is none.
    pub db: PathBuf,
    /// Where to listen; port 0: any that is free.
    pub listen: SocketAddr,
    /// The certificate and key for TLS, as PEM files; nothing: plain HTTP.
    pub tls: Option<Tls>,
    /// The key that checkpoints are signed with; nothing: the one beside the log, if there is one.
    pub key: Option<PathBuf>,
    /// Origins whose pages may ask (CORS); none: only the server's own.
    pub origins: Vec<String>,
    /// Bounds on what one caller can take.
    pub limits: Limits,
    /// How appends are committed.
    pub grouping: Grouping,
    /// How long requests under way may take when the server stops.
    pub grace: Duration,
    /// The form of the log lines on stderr.
    pub journal: Journal,
}

/// Files for TLS.
#[derive(Clone, Debug)]
pub struct Tls {
    /// The certificate chain, PEM.
    pub certificate: PathBuf,
    /// The private key, PEM.
    pub key: PathBuf,
}

/// The form of the log lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Journal {
    /// One JSON object a line.
    #[default]
    Json,
    /// For people.
    Text,
    /// None.
    Silent,
}

/// Bounds on what callers can take.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of a body that is read as a whole, unpacked. A stream of lines has none, but each line has.
    pub body_bytes: usize,
    /// Time for a request's head to arrive, and for a connection to wait for its next request.
    pub head_time: Duration,
    /// Time for an answer to begin.
    pub request_time: Duration,
    /// Time that a reader may leave what is sent to it untouched.
    pub stall_time: Duration,
    /// Requests under way at once, streams aside.
    pub requests: usize,
    /// Connections at once.
    pub connections: usize,
    /// Streams open at once.
    pub streams: usize,
    /// Requests a second for each token.
    pub requests_per_s: u32,
    /// Time between signs of life on a stream where nothing happens.
    pub heartbeat: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 8 << 20,
            head_time: Duration::from_secs(10),
            request_time: Duration::from_secs(30),
            stall_time: Duration::from_secs(30),
            requests: 512,
            connections: 16_384,
            streams: 4_096,
            requests_per_s: 2_000,
            heartbeat: Duration::from_secs(15),
        }
    }
}

impl Options {
    /// A log served on a free port of this machine alone, with everything else as usual.
    pub fn local(db: PathBuf) -> Self {
        Self {
            db,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            tls: None,
            key: None,
            origins: Vec::new(),
            limits: Limits::default(),
            grouping: Grouping::Shared,
            grace: Duration::from_secs(30),
            journal: Journal::Json,
        }
    }
}
