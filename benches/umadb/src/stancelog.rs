//! Our server, and a client of it: HTTP/1.1 on a kept connection, as in `benches/serve.rs`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Event;
use crate::peer::{self, Peer, Server};

pub struct Stancelog {
    server: Server,
    address: String,
}

fn program() -> PathBuf {
    peer::program("STANCELOG", Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/release/stancelog"))
}

impl Stancelog {
    pub fn version() -> Result<String, String> {
        peer::version(&program(), "build it with `cargo build --release`, or name it in STANCELOG")
    }
}

impl Peer for Stancelog {
    type Client = Client;

    const WORK: &str = "checks the event's fields, finds both names, gives it an id and a time, stores the bytes and the tree's hashes; \
                        the views follow. One commit and one sync for all that wait";

    fn start(folder: &Path) -> Self {
        let mut command = Command::new(program());
        command.arg("--db").arg(folder.join("log.db")).args(["serve", "--listen", "0", "--journal", "none"]);
        let (server, line) = Server::start(&mut command, "http://");
        Self { server, address: line.trim_start_matches("http://").to_owned() }
    }

    fn connect(&self) -> Client {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_nodelay(true).unwrap();
        Client { stream: BufReader::new(stream) }
    }

    fn process(&self) -> u32 {
        self.server.child.id()
    }
}

pub struct Client {
    stream: BufReader<TcpStream>,
}

impl peer::Client for Client {
    fn append(&mut self, events: &[Event]) -> u64 {
        let body = match events {
            [event] => event.body.clone(),
            events => format!("[{}]", events.iter().map(|event| &*event.body).collect::<Vec<_>>().join(",")),
        };
        let length = body.len();
        let head = "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json";
        let request = format!("{head}\r\nContent-Length: {length}\r\n\r\n{body}");
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        let (mut status, mut length, mut at, mut line) = (String::new(), 0, 0, String::new());
        loop {
            line.clear();
            self.stream.read_line(&mut line).unwrap();
            if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
                rest.clone_into(&mut status);
            } else if let Some(given) = line.strip_prefix("content-length: ") {
                length = given.trim().parse().unwrap();
            } else if let Some(given) = line.strip_prefix("stancelog-known-at: ") {
                at = given.trim().parse().unwrap();
            } else if line == "\r\n" {
                break;
            }
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer).unwrap();
        assert!(status.starts_with("201 "), "stancelog answers {status}{}", String::from_utf8_lossy(&answer));
        at
    }
}
