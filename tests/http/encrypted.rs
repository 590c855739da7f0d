//! Encrypted: the same door through TLS, for those who know the certificate.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, crypto};

use crate::server::{Server, Site, program};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tls").join(name)
}

fn options() -> [String; 4] {
    let path = |name| fixture(name).to_str().unwrap().to_owned();
    ["--tls-cert".to_owned(), path("certificate.pem"), "--tls-key".to_owned(), path("key.pem")]
}

/// What the server answers through TLS, whose other side trusts these certificates.
fn asked(server: &Server, roots: RootCertStore, path: &str) -> std::io::Result<String> {
    sent(server, roots, &(server.head("GET", path, &[]) + "\r\n"))
}

/// The same for any request.
fn sent(server: &Server, roots: RootCertStore, request: &str) -> std::io::Result<String> {
    let provider = Arc::new(crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let connection = ClientConnection::new(Arc::new(config), ServerName::try_from("localhost").unwrap()).unwrap();
    let mut stream = StreamOwned::new(connection, server.connect());
    stream.write_all(request.as_bytes())?;
    let mut text = Vec::new();
    std::io::Read::read_to_end(&mut stream, &mut text)?;
    Ok(String::from_utf8(text).unwrap())
}

#[test]
fn a_request_through_tls_is_answered() {
    let options = options();
    let server = Site::with_article().serve(&options.each_ref().map(String::as_str));
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(fixture("certificate.pem")).unwrap()).unwrap();
    let text = asked(&server, roots.clone(), "/v1/stances?actor=boris-johnson&target=ukraine").unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
    assert_eq!(serde_json::from_str::<Value>(body).unwrap()["items"][0]["stance"], "favor");
    assert!(asked(&server, RootCertStore::empty(), "/healthz").is_err(), "who does not know the certificate does not talk to it");
    assert!(server.try_begin("GET", "/healthz", &[], b"").is_none(), "nor is anything told in the open");
    assert!(asked(&server, roots, "/healthz").unwrap().ends_with(r#"{"status":"ok"}"#));
}

#[test]
fn a_page_that_came_in_the_clear_signs_nobody_in() {
    let (options, site) = (options(), Site::with_article());
    let token = site.token("ann", "append");
    let server = site.serve(&options.each_ref().map(String::as_str));
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(fixture("certificate.pem")).unwrap()).unwrap();
    let body = format!("token={token}");
    for (scheme, status) in [("http", 403), ("https", 303)] {
        let origin = format!("{scheme}://{}", server.at);
        let head = server.head("POST", "/sign-in", &[("Origin", &origin), ("Content-Type", "application/x-www-form-urlencoded")]);
        let text = sent(&server, roots.clone(), &format!("{head}Content-Length: {}\r\n\r\n{body}", body.len())).unwrap();
        assert!(text.starts_with(&format!("HTTP/1.1 {status} ")), "{scheme}: {text}");
        let cookie = text.lines().find(|line| line.starts_with("set-cookie: "));
        assert_eq!(cookie.is_some_and(|cookie| cookie.contains("; Secure")), scheme == "https", "{text}");
    }
}

#[test]
fn files_that_are_no_certificate_and_key_are_refused_at_the_start() {
    let site = Site::new();
    let [cert, _, key, _] = options();
    let readme = fixture("README.md");
    let certificate = fixture("certificate.pem");
    for (first, second) in [(&readme, &fixture("key.pem")), (&certificate, &readme), (&certificate, &fixture("none.pem"))] {
        let arguments =
            ["serve", "--listen", "127.0.0.1:0", "--journal", "none", &cert, first.to_str().unwrap(), &key, second.to_str().unwrap()];
        let output = program(&site.db, &arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("for TLS"));
    }
}
