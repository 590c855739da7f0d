//! The audit page: it says what was checked, when, and what came of it, and nothing that was not.

use rusqlite::Connection;
use serde_json::json;

use crate::client::{Answer, Client};
use crate::server::{Server, Site, listens, program};
use crate::signing::submit;

fn audit(client: &Client) -> Answer {
    client.ask("GET", "/audit", &[("Accept", "text/html")], b"")
}

/// Asks for a check with the page's form, and reads what the page says then.
fn check(client: &Client) -> String {
    let answer = submit(client, "/audit/verify", &format!("http://{}", client.at), "", &[]);
    assert_eq!((answer.status, answer.header("location")), (303, Some("/audit")), "{}", answer.text());
    audit(client).text().to_owned()
}

#[test]
fn the_log_is_checked_when_somebody_asks_and_the_page_says_how_far() {
    let server = Server::with_article();
    let before = audit(&server);
    assert!(before.text().contains("Nobody has asked for one since this server began"), "{}", before.text());
    let page = check(&server);
    let head = server.json("/v1/status")["head"].as_i64().unwrap();
    assert!(page.contains("Nothing was found") && page.contains(&format!("Events 1 to {head} were checked on ")), "{page}");
    let root = server.json("/v1/status")["root"].as_str().unwrap().to_owned();
    assert!(page.contains(&format!("Root over these {head}: <code>{root}")), "{page}");
    assert_ne!(audit(&server).header("etag"), before.header("etag"), "the page is another one now");
    server.append(&json!({"actor": "boris-johnson", "action": "backs", "target": "ukraine", "occurred": "2024"}));
    let page = audit(&server).text().to_owned();
    assert!(page.contains("1 later event is not checked yet") && !page.contains("The log has grown"), "{page}");
    let page = check(&server);
    assert!(page.contains(&format!("The log has grown from the {head} events of the check before")), "{page}");
    assert!(page.contains(&format!("Events 1 to {} were checked", head + 1)), "{page}");
}

#[test]
fn what_somebody_changed_in_the_file_is_found() {
    let site = Site::with_article();
    let tampered = site.folder().join("tampered.db");
    stancelog::Ledger::open(&site.db).unwrap().backup(&tampered).unwrap();
    let connection = Connection::open(&tampered).unwrap();
    let triggers: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        .and_then(|mut statement| statement.query_map([], |row| row.get(0)).and_then(Iterator::collect))
        .unwrap();
    for name in triggers {
        connection.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    assert_eq!(connection.execute("UPDATE event SET body = body || ' ' WHERE seq = 30", []).unwrap(), 1);
    drop(connection);
    let mut child = program(&tampered, &["serve", "--listen", "127.0.0.1:0", "--journal", "none"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let client = Client { at: listens(&mut child), token: None };
    let page = check(&client);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!((page.contains(" thing was found") || page.contains(" things were found")) && !page.contains("Nothing was found"), "{page}");
    assert!(page.contains("event 30") && page.contains("body"), "{page}");
}

#[test]
fn a_check_is_for_those_who_record() {
    let site = Site::with_article();
    let token = site.token("reader", "read");
    let server = site.serve(&[]);
    let cookie = format!("stancelog-token={token}");
    let page = server.ask("GET", "/audit", &[("Accept", "text/html"), ("Cookie", &cookie)], b"").text().to_owned();
    assert!(page.contains("Nobody has asked") && !page.contains("Check it now"), "{page}");
    let own = format!("http://{}", server.at);
    assert_eq!(submit(&server, "/audit/verify", &own, &cookie, &[]).status, 403);
}
