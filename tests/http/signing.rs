//! Signing in with a browser: a cookie that reads pages, from pages of this server alone, and back to pages of this server.

use form_urlencoded::Serializer;

use crate::client::{Answer, Client};
use crate::server::Site;

/// Sends a form as a browser does from a page of an origin.
pub fn submit(client: &Client, path: &str, origin: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
    let body = Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers = [("Accept", "text/html"), ("Content-Type", "application/x-www-form-urlencoded"), ("Origin", origin), ("Cookie", cookie)];
    client.ask("POST", path, &headers, body.as_bytes())
}

fn page(client: &Client, path: &str, cookie: &str) -> Answer {
    client.ask("GET", path, &[("Accept", "text/html"), ("Cookie", cookie)], b"")
}

#[test]
fn a_token_opens_the_pages_until_it_is_signed_out() {
    let site = Site::with_article();
    let token = site.token("ann", "read");
    let server = site.serve(&[]);
    let own = format!("http://{}", server.at);
    assert!(page(&server, "/sign-in", "").text().contains("name=\"token\""));
    let wrong = submit(&server, "/sign-in", &own, "", &[("token", "nonsense"), ("back", "/events")]);
    assert_eq!((wrong.status, wrong.header("set-cookie")), (401, None));
    assert!(wrong.text().contains("not valid") && wrong.text().contains("value=\"/events\""));
    let right = submit(&server, "/sign-in", &own, "", &[("token", &token), ("back", "/events?type=stance")]);
    assert_eq!((right.status, right.header("location")), (303, Some("/events?type=stance")));
    let set = right.header("set-cookie").unwrap();
    assert_eq!(set, format!("stancelog-token={token}; HttpOnly; SameSite=Strict; Path=/"));
    // A proxy before this server speaks TLS for it.
    let proxied = submit(&server, "/sign-in", &format!("https://{}", server.at), "", &[("token", &token)]);
    assert!(proxied.header("set-cookie").unwrap().ends_with("; Secure"), "{:?}", proxied.headers);
    let cookie = set.split(';').next().unwrap();
    assert_eq!(page(&server, "/events", "").status, 401);
    assert!(page(&server, "/events", cookie).text().contains("Signed in as"));
    let left = submit(&server, "/sign-out", &own, cookie, &[]);
    assert_eq!(left.status, 303);
    assert_eq!(left.header("clear-site-data"), Some("\"cache\", \"storage\""));
    let ended = left.header("set-cookie").unwrap();
    assert!(ended.starts_with("stancelog-token=;") && ended.ends_with("Max-Age=0"), "{ended}");
}

#[test]
fn a_page_of_another_server_signs_nobody_in_or_out() {
    let site = Site::with_article();
    let token = site.token("mallory", "append");
    let server = site.serve(&[]);
    for path in ["/sign-in", "/sign-out"] {
        let answer = submit(&server, path, "http://evil.test", "", &[("token", &token)]);
        assert_eq!((answer.status, answer.header("set-cookie")), (403, None), "{path}");
    }
}

#[test]
fn nobody_is_sent_to_another_server() {
    let site = Site::with_article();
    let token = site.token("ann", "read");
    let server = site.serve(&[]);
    let own = format!("http://{}", server.at);
    for back in ["//evil.test", "/\\evil.test", "https://evil.test/", "evil.test", "/\t/evil.test", "/\r\nX: y", ""] {
        let answer = submit(&server, "/sign-in", &own, "", &[("token", &token), ("back", back)]);
        assert_eq!((answer.status, answer.header("location")), (303, Some("/")), "{back:?}");
    }
    let odd = submit(&server, "/sign-in", &own, "", &[("token", "x; Domain=evil.test")]);
    assert_eq!((odd.status, odd.header("set-cookie")), (401, None));
}
