//! UmaDB's server, and a client of it: its gRPC call `Append`, written by hand on a kept HTTP/2 connection.
//!
//! UmaDB's own client for Rust would bring `protoc` and a C library along, and its cost would be counted against the server.

use std::io::{BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Event;
use crate::peer::{self, Peer, Server};

pub struct UmaDb {
    server: Server,
    address: SocketAddr,
}

fn program() -> PathBuf {
    peer::program("UMADB", PathBuf::from("umadb"))
}

impl UmaDb {
    pub fn version() -> Result<String, String> {
        peer::version(&program(), "install UmaDB with `pip install umadb` or `cargo install umadb`, and name its program in UMADB")
    }
}

impl Peer for UmaDb {
    type Client = Client;

    const WORK: &str = "stores the bytes and the event's type, and indexes two tags (actor, target); no condition, no id. \
                        One commit and two syncs for all that wait";

    fn start(folder: &Path) -> Self {
        // It does not say which port the system gave it, so it gets one that was free a moment ago.
        let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).unwrap();
        let mut command = Command::new(program());
        command.arg("--listen").arg(address.to_string()).arg("--db-path").arg(folder.join("uma.db"));
        let (server, _) = Server::start(&mut command, "is listening on");
        Self { server, address }
    }

    fn connect(&self) -> Client {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_nodelay(true).unwrap();
        let mut client = Client { stream: BufReader::new(stream), call: 0 };
        let mut hello = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
        frame(&mut hello, SETTINGS, 0, 0, &[]);
        // Room for all answers of a round.
        frame(&mut hello, WINDOW_UPDATE, 0, 0, &(1_u32 << 30).to_be_bytes());
        client.stream.get_mut().write_all(&hello).unwrap();
        while client.read().kind != SETTINGS {}
        client
    }

    fn process(&self) -> u32 {
        self.server.child.id()
    }
}

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;

/// Of `DATA` and `HEADERS`: nothing follows on this stream.
const END_STREAM: u8 = 1;
/// Of `SETTINGS` and `PING`.
const ACK: u8 = 1;
const END_HEADERS: u8 = 4;

/// The largest frame that every server takes.
const FRAME: usize = 1 << 14;

pub struct Client {
    stream: BufReader<TcpStream>,
    /// The stream of the latest call; they are odd, from 1 on.
    call: u32,
}

struct Frame {
    kind: u8,
    flags: u8,
    stream: u32,
    body: Vec<u8>,
}

impl Client {
    /// The next frame; what the protocol wants answered is answered.
    fn read(&mut self) -> Frame {
        let mut head = [0; 9];
        self.stream.read_exact(&mut head).unwrap();
        let [a, b, c, kind, flags, stream @ ..] = head;
        let mut body = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        self.stream.read_exact(&mut body).unwrap();
        if flags & ACK == 0 && (kind == SETTINGS || kind == PING) {
            let mut answer = Vec::new();
            frame(&mut answer, kind, ACK, 0, if kind == PING { &body } else { &[] });
            self.stream.get_mut().write_all(&answer).unwrap();
        }
        assert!(kind != GOAWAY && kind != RST_STREAM, "UmaDB ends the connection: {}", String::from_utf8_lossy(&body));
        Frame { kind, flags, stream: u32::from_be_bytes(stream), body }
    }
}

impl peer::Client for Client {
    fn append(&mut self, events: &[Event]) -> u64 {
        let mut message = vec![0; 5];
        events.iter().for_each(|event| field(&mut message, 1, &encoded(event)));
        let length = message.len() - 5;
        message[1..5].copy_from_slice(&(length as u32).to_be_bytes());
        assert!(message.len() <= FRAME);
        let headers = if self.call == 0 { first_headers() } else { LATER_HEADERS.to_vec() };
        self.call = if self.call == 0 { 1 } else { self.call + 2 };
        let mut request = Vec::with_capacity(message.len() + headers.len() + 18);
        frame(&mut request, HEADERS, END_HEADERS, self.call, &headers);
        frame(&mut request, DATA, END_STREAM, self.call, &message);
        self.stream.get_mut().write_all(&request).unwrap();
        let mut answer = Vec::new();
        loop {
            let Frame { kind, flags, stream, body } = self.read();
            if stream == self.call && kind == DATA {
                answer.extend(body);
            }
            if stream == self.call && (kind == DATA || kind == HEADERS) && flags & END_STREAM != 0 {
                break;
            }
        }
        // A message with one number: where the log ends. A refusal has headers alone.
        let [0, _, _, _, _, 8, position @ ..] = &answer[..] else { panic!("UmaDB refuses an append") };
        position.iter().rev().fold(0, |number, byte| number << 7 | u64::from(byte & 0x7f))
    }
}

fn frame(out: &mut Vec<u8>, kind: u8, flags: u8, stream: u32, body: &[u8]) {
    out.extend(&(body.len() as u32).to_be_bytes()[1..]);
    out.extend([kind, flags]);
    out.extend(stream.to_be_bytes());
    out.extend(body);
}

/// The headers of a call, for the server to remember: method and scheme from the protocol's table, and four of our own.
fn first_headers() -> Vec<u8> {
    let mut block = vec![0x83, 0x86];
    let mut text = |name: &[u8], value: &str| {
        block.extend(name);
        block.push(value.len() as u8);
        block.extend(value.as_bytes());
    };
    text(&[0x44], "/umadb.v1.DCB/Append");
    text(&[0x41], "localhost");
    text(&[0x5f], "application/grpc");
    text(b"\x40\x02te", "trailers");
    block
}

/// The same, as the server remembers them.
const LATER_HEADERS: [u8; 6] = [0x83, 0x86, 0xc1, 0xc0, 0xbf, 0xbe];

/// `umadb.v1.Event`: its type, its tags, its data.
fn encoded(event: &Event) -> Vec<u8> {
    let mut out = Vec::new();
    field(&mut out, 1, event.action.as_bytes());
    field(&mut out, 2, format!("actor:{}", event.actor).as_bytes());
    field(&mut out, 2, format!("target:{}", event.target).as_bytes());
    field(&mut out, 3, event.body.as_bytes());
    out
}

/// A field of a protobuf message, with its length.
fn field(out: &mut Vec<u8>, number: u8, value: &[u8]) {
    out.push(number << 3 | 2);
    let mut length = value.len();
    while length >= 0x80 {
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend(value);
}
