//! Starts the command line, hands it the other door, and hands its answer on as an exit code.

use std::net::SocketAddr;
use std::process::ExitCode;

use stancelog::cli::{self, Serving, Trouble};
use stancelog::http::{self, Grouping, Journal, Options, Tls};

/// Events are made on one thread and dropped on another, which is where allocators differ most.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main(serve)
}

/// Serves a log as the command line says.
fn serve(serving: Serving, ready: &mut dyn FnMut(SocketAddr)) -> Result<(), Trouble> {
    let mut options = Options::local(serving.db);
    options.listen = serving.listen;
    options.tls = serving.tls.map(|(certificate, key)| Tls { certificate, key });
    options.key = serving.key;
    options.origins = serving.origins;
    options.grouping = if serving.single_commits { Grouping::Single } else { Grouping::Shared };
    options.grace = serving.grace.unwrap_or(options.grace);
    options.journal = match serving.journal {
        "text" => Journal::Text,
        "none" => Journal::Silent,
        _ => Journal::Json,
    };
    let limits = &mut options.limits;
    limits.body_bytes = serving.body_bytes.unwrap_or(limits.body_bytes);
    limits.requests_per_s = serving.requests_per_s.unwrap_or(limits.requests_per_s);
    limits.connections = serving.connections.unwrap_or(limits.connections);
    limits.head_time = serving.head_time.unwrap_or(limits.head_time);
    limits.request_time = serving.request_time.unwrap_or(limits.request_time);
    limits.heartbeat = serving.heartbeat.unwrap_or(limits.heartbeat);
    http::serve(options, ready).map_err(|error| Trouble { kind: error.kind(), said: error.to_string() })
}
