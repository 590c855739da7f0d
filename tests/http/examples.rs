//! Examples: the scripts that others begin with do what they say, also where the server goes away in between.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::client::Client;
use crate::server::{Server, Site};
use crate::support::desk::article_lines;

fn script(program: &str, name: &str, client: &Client) -> Command {
    let mut command = Command::new(program);
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)).env("STANCELOG_URL", format!("http://{}", client.at));
    if let Some(token) = &client.token {
        command.env("STANCELOG_TOKEN", token);
    }
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

fn article_file(site: &Site) -> PathBuf {
    let path = site.folder().join("events.jsonl");
    std::fs::write(&path, article_lines().join("\n")).unwrap();
    path
}

fn printed(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_shell_script_appends_and_tells_what_was_refused() {
    let site = Site::new();
    let (file, secret) = (article_file(&site), site.token("newsroom", "append"));
    let server = site.serve(&[]);
    let client = server.with_token(&secret);
    for (appended, duplicates) in [(64, 0), (0, 64)] {
        let output = script("sh", "append.sh", &client).arg(&file).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let summary = &printed(&output)[0]["summary"];
        assert_eq!((&summary["appended"], &summary["duplicates"]), (&json!(appended), &json!(duplicates)));
    }
    let mut child = script("sh", "append.sh", &client).arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let lines = "{\"actor\":\"Ann\",\"action\":\"bakcs\",\"target\":\"Tax\",\"occurred\":\"2024\"}\n{\"actor\":\"Ann\",\"action\":\"backs\",\"target\":\"Tax\",\"occurred\":\"2024\"}\n";
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = printed(&output);
    assert_eq!(
        (&told[0]["line"], &told[0]["problem"]["nearest"][0], &told[1]["summary"]["appended"]),
        (&json!(1), &json!("backs"), &json!(1))
    );
    let output = script("sh", "append.sh", &Client { token: Some("wrong".to_owned()), ..client.clone() }).arg(&file).output().unwrap();
    assert_eq!(output.status.code(), Some(22), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("unauthorized"), "{output:?}");
    assert_eq!(script("sh", "append.sh", &client).output().unwrap().status.code(), Some(2));
}

#[test]
fn the_python_client_appends_once_and_asks() {
    let site = Site::new();
    let (file, secret) = (article_file(&site), site.token("newsroom", "append"));
    let server = site.serve(&[]);
    let client = server.with_token(&secret);
    let python = || script("python3", "stancelog_client.py", &client);
    for appended in [64, 0] {
        let output = python().arg("append").arg(&file).args(["--key", "article"]).output().unwrap();
        assert_eq!(printed(&output).first().map(|done| done["appended"].clone()), Some(json!(appended)), "{output:?}");
    }
    let asked = printed(&python().args(["ask", "stances", "target=ukraine", "limit=2"]).output().unwrap());
    assert_eq!(Value::Array(asked), client.json("/v1/stances?target=ukraine")["items"]);
    let why = printed(&python().args(["ask", "why", "actor=boris-johnson", "target=ukraine"]).output().unwrap());
    assert_eq!(why[0]["answer"]["stance"], "favor");
    let output = python().args(["ask", "stances", "actor=boris-jonson"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("\"boris-johnson\""), "{output:?}");
}

#[test]
fn the_python_client_goes_on_where_it_was_when_the_server_comes_back() {
    let server = Server::with_article();
    let at = server.at;
    let mut child = script("python3", "stancelog_client.py", &server)
        .args(["follow", "--after", "0", "--count", "68"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut seen: Vec<i64> = Vec::new();
    let mut next = || serde_json::from_str::<Value>(&lines.next().unwrap().unwrap()).unwrap()["seq"].as_i64().unwrap();
    seen.extend((0..65).map(|_| next()));
    let site = server.kill();
    let (child_again, _) = site.start_at(&at.to_string(), &[]);
    let server = Server::running(site, child_again, at);
    let appended = script("python3", "stancelog_client.py", &server)
        .args(["append", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    appended.stdin.as_ref().unwrap().write_all(br#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#).unwrap();
    assert!(appended.wait_with_output().unwrap().status.success());
    seen.extend((0..3).map(|_| next()));
    assert_eq!(seen, (1..=68).collect::<Vec<_>>());
    assert!(child.wait().unwrap().success());
}
