//! A client of few words: one request a connection, and answers read as they come, byte by byte where that matters.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// How long a test waits for something that has to come.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Where a server listens, and with which token it is asked.
#[derive(Clone, Debug)]
pub struct Client {
    pub at: SocketAddr,
    pub token: Option<String>,
}

/// The head of an answer, and its body as far as it is read.
pub struct Answering {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: BufReader<Body>,
}

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// A body, with the lengths of its chunks taken out.
pub struct Body {
    from: BufReader<TcpStream>,
    length: Length,
}

enum Length {
    /// So many bytes are left.
    Left(usize),
    /// So many bytes are left of this chunk, and more chunks come.
    Chunk(usize),
    /// As long as it goes.
    Open,
}

impl Client {
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.at).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        stream
    }

    /// The head of a request, whose end is for the caller to write where it adds headers of its own.
    pub fn head(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> String {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.at);
        let token = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let token = token.as_deref().map(|token| ("Authorization", token));
        for (name, value) in headers.iter().copied().chain(token) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head
    }

    /// Sends a request and reads the head of its answer; nothing where the connection ends before it.
    pub fn try_begin(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Option<Answering> {
        let mut stream = TcpStream::connect(self.at).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        let mut request = self.head(method, path, headers).into_bytes();
        if !body.is_empty() || method == "POST" {
            request.extend_from_slice(format!("Content-Length: {}\r\n", body.len()).as_bytes());
        }
        request.extend_from_slice(b"\r\n");
        request.extend_from_slice(body);
        // A server that refuses early may have closed its side before all of it was sent.
        let _ = stream.write_all(&request);
        Answering::read(stream)
    }

    pub fn begin(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answering {
        self.try_begin(method, path, headers, body).unwrap_or_else(|| panic!("{method} {path}: no answer"))
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.begin(method, path, headers, body).whole()
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], b"")
    }

    /// The JSON that is at a path.
    pub fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    pub fn post(&self, body: &Value) -> Answer {
        self.post_with(&[], body)
    }

    pub fn post_with(&self, headers: &[(&str, &str)], body: &Value) -> Answer {
        let headers: Vec<(&str, &str)> = [("Content-Type", "application/json")].into_iter().chain(headers.iter().copied()).collect();
        self.ask("POST", "/v1/events", &headers, body.to_string().as_bytes())
    }

    /// Appends what must be taken.
    pub fn append(&self, body: &Value) -> Value {
        let answer = self.post(body);
        assert!(answer.status == 201 || answer.status == 200, "{body}: {}", answer.text());
        answer.json()
    }

    /// Streams lines in, and reads what is told of them.
    pub fn upload(&self, lines: &[u8]) -> Vec<Value> {
        let answer = self.ask("POST", "/v1/events", &[("Content-Type", "application/x-ndjson")], lines);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.lines()
    }
}

impl Answering {
    /// Reads the head of an answer.
    pub fn read(stream: TcpStream) -> Option<Self> {
        let mut from = BufReader::new(stream);
        let mut line = String::new();
        from.read_line(&mut line).ok()?;
        let status = line.split(' ').nth(1)?.parse().ok()?;
        let mut headers = Vec::new();
        loop {
            line.clear();
            from.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let value = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let length = match (value("transfer-encoding"), value("content-length")) {
            (Some(_), _) => Length::Chunk(0),
            (None, Some(length)) => Length::Left(length.parse().ok()?),
            (None, None) => Length::Open,
        };
        Some(Self { status, headers, body: BufReader::new(Body { from, length }) })
    }

    /// Reads the body to its end, or to where the connection breaks.
    pub fn whole(mut self) -> Answer {
        let mut body = Vec::new();
        let _ = self.body.read_to_end(&mut body);
        Answer { status: self.status, headers: self.headers, body }
    }

    /// The next line of the body.
    pub fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        match self.body.read_line(&mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line.trim_end().to_owned()),
        }
    }
}

impl Read for Body {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if let Length::Chunk(0) = self.length {
            let mut size = String::new();
            // The line end of the chunk before.
            while size.trim().is_empty() {
                size.clear();
                if self.from.read_line(&mut size)? == 0 {
                    return Err(std::io::ErrorKind::UnexpectedEof.into());
                }
            }
            let size = usize::from_str_radix(size.trim(), 16).map_err(std::io::Error::other)?;
            self.length = if size == 0 { Length::Left(0) } else { Length::Chunk(size) };
        }
        let (Length::Left(left) | Length::Chunk(left)) = &mut self.length else { return self.from.read(into) };
        let end = into.len().min(*left);
        let read = self.from.read(&mut into[..end])?;
        *left -= read;
        Ok(read)
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The problem document that it is.
    pub fn problem(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["status"], status);
        let kind = problem["type"].as_str().unwrap();
        assert!(kind.starts_with("urn:stancelog:problem:") && problem["title"].is_string(), "{problem}");
        assert!(!problem["detail"].as_str().unwrap().is_empty(), "{problem}");
        problem
    }
}

/// One server-sent event.
#[derive(Clone, PartialEq, Debug)]
pub struct Told {
    pub event: String,
    pub id: i64,
    pub data: Value,
}

impl Answering {
    /// The next server-sent event; comments are passed over.
    pub fn told(&mut self) -> Option<Told> {
        let (mut event, mut id, mut data) = (String::new(), None, None);
        loop {
            let line = self.line()?;
            match line.split_once(": ") {
                Some(("event", text)) => event = text.to_owned(),
                Some(("id", text)) => id = Some(text.parse().unwrap()),
                Some(("data", text)) => data = Some(serde_json::from_str(text).unwrap()),
                Some(other) => panic!("{other:?}"),
                None if line.is_empty() && data.is_some() => return Some(Told { event, id: id?, data: data? }),
                None => {}
            }
        }
    }

    /// The events up to one with a seq.
    pub fn told_to(&mut self, seq: i64) -> Vec<Told> {
        let mut all = Vec::new();
        while all.last().is_none_or(|told: &Told| told.id < seq) {
            all.push(self.told().expect("the stream goes on"));
        }
        all
    }
}
