//! Described: the checked-in description is the code's, and the page names every route.

use std::path::Path;

use serde_json::Value;

use crate::server::Server;

#[test]
fn the_description_is_that_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/openapi.json");
    let described = stancelog::http::openapi();
    if std::env::var_os("OVERWRITE").is_some() {
        std::fs::write(&path, described).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == described, "schema/openapi.json is not what the code says; OVERWRITE=1 renews it");
}

#[test]
fn the_server_tells_the_same_and_the_page_names_every_route() {
    let server = Server::new();
    let served = server.get("/openapi.json");
    assert_eq!(served.text(), stancelog::http::openapi());
    let document = served.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let page = server.get("/docs");
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));
    let text = page.text();
    let routes: Vec<(&String, &Value)> = document["paths"].as_object().unwrap().iter().collect();
    assert!(routes.len() > 20, "{routes:?}");
    for (route, methods) in routes {
        assert!(text.contains(&format!("<code>{route}</code>")), "{route}");
        for (method, operation) in methods.as_object().unwrap() {
            assert!(operation["summary"].is_string(), "{method} {route} says what it is for");
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                assert!(parameter["description"].is_string(), "{method} {route}: {parameter}");
            }
        }
    }
    for reference in references(&document) {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}

/// Every shape that is referred to.
fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => {
            let own = fields.get("$ref").and_then(Value::as_str).map(str::to_owned);
            own.into_iter().chain(fields.values().flat_map(references)).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn every_route_that_is_described_answers() {
    let server = Server::with_article();
    let document = server.json("/openapi.json");
    for (route, methods) in document["paths"].as_object().unwrap() {
        if methods["get"].is_null() {
            continue;
        }
        let path = route.replace("{id}", "3").replace("{claim}", "missile-threat").replace("{level}", "0").replace("{index}", "000.p/65");
        let needed: Vec<String> = methods["get"]["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["required"] == true && parameter["in"] == "query")
            .map(|parameter| {
                let name = parameter["name"].as_str().unwrap();
                format!("{name}={}", if name == "from" || name == "id" { "2" } else { "ukraine" })
            })
            .collect();
        let answer = server.begin("GET", &format!("{path}?{}", needed.join("&")), &[], b"");
        // Without a key nothing is signed; a difference needs two of four times.
        let expected = match route.as_str() {
            "/v1/audit/checkpoint" | "/v1/audit/inclusion" => 404,
            "/v1/diff" => 400,
            _ => 200,
        };
        assert_eq!(answer.status, expected, "{route}");
    }
}
