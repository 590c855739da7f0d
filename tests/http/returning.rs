//! Returning: a thousand who follow a server that stops and starts again see each event exactly once.

use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::client::{Client, PATIENCE};
use crate::server::{Server, Site};

const READERS: usize = 1000;
/// Events before the server stops, and as many behind it.
const EVENTS: i64 = 40;

/// Follows a server to an event, from behind the last one seen; ends early where the server does.
async fn follow(client: &Client, seen: &mut Vec<i64>, last: i64) -> std::io::Result<()> {
    let mut stream = BufReader::new(TcpStream::connect(client.at).await?);
    let id = seen.last().copied().unwrap_or(0).to_string();
    let request = client.head("GET", "/v1/events/stream?after=0", &[("Last-Event-ID", &id)]) + "\r\n";
    stream.write_all(request.as_bytes()).await?;
    let mut line = String::new();
    while seen.last() != Some(&last) {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            break;
        }
        seen.extend(line.strip_prefix("id: ").map(|id| id.trim().parse::<i64>().unwrap()));
    }
    Ok(())
}

fn append(server: &Server, events: i64) {
    for number in 0..events {
        server.append(&json!({"actor": "Ann", "action": "backs", "target": "Tax", "occurred": format!("2024-01-{:02}", number % 28 + 1)}));
    }
}

#[test]
fn a_thousand_see_each_event_exactly_once_across_a_restart() {
    rlimit::increase_nofile_limit(8192).unwrap();
    let server = Site::new().serve(&[]);
    let at = server.at;
    let last = 3 + 2 * EVENTS;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (starts, started) = watch::channel(1);
    let readers: Vec<_> = (0..READERS)
        .map(|_| {
            let mut started = started.clone();
            runtime.spawn(async move {
                let (client, mut seen, mut starts) = (Client { at, token: None }, Vec::new(), 1);
                while seen.last() != Some(&last) {
                    started.wait_for(|started| *started >= starts).await.unwrap();
                    starts = *started.borrow() + 1;
                    // What was seen before the connection broke was seen.
                    let _ = follow(&client, &mut seen, last).await;
                }
                seen
            })
        })
        .collect();
    append(&server, EVENTS);
    let (status, site) = server.stop();
    assert!(status.success());
    let (child, again) = site.start_at(&at.to_string(), &[]);
    assert_eq!(again, at);
    let server = Server::running(site, child, at);
    starts.send_replace(2);
    append(&server, EVENTS);
    runtime.block_on(async {
        for reader in readers {
            let seen = tokio::time::timeout(PATIENCE, reader).await.unwrap().unwrap();
            assert_eq!(seen, (1..=last).collect::<Vec<_>>());
        }
    });
}
