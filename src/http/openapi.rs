//! The description of the API: OpenAPI 3.1 from the code, and a page that shows it without any other server's help.

use std::sync::LazyLock;

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::route;

/// What the description says of the whole, and the one route whose address no template can tell.
#[derive(OpenApi)]
#[openapi(
    paths(route::audit::tile, description, page),
    info(
        title = "stancelog",
        description = "Who stands where: one log, over HTTP. Every answer carries the seq that it was computed at (`known_at`, and the header \
                       `stancelog-known-at`) and an `ETag`; lists come as JSON, `application/x-ndjson` and `text/csv`, page by page. Errors are \
                       problem documents (RFC 9457)."
    ),
    tags(
        (name = "questions", description = "What follows from the log, at any two times"),
        (name = "events", description = "The log itself"),
        (name = "audit", description = "Proofs"),
        (name = "upkeep", description = "The server")
    ),
    security((), ("token" = [])),
    modifiers(&Tokens)
)]
pub(super) struct Whole;

/// How tokens are presented.
struct Tokens;

impl Modify for Tokens {
    fn modify(&self, document: &mut Document) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("Made by `stancelog token create`")).build();
        document.components.get_or_insert_default().add_security_scheme("token", SecurityScheme::Http(bearer));
    }
}

/// The description as JSON.
///
/// ```
/// let document: serde_json::Value = serde_json::from_str(stancelog::http::openapi()).unwrap();
/// assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
/// assert!(document["paths"]["/v1/stances"]["get"].is_object());
/// ```
pub fn openapi() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let (_, document) = super::routes().split_for_parts();
        // A description that does not write itself is a bug of ours, and a test would tell.
        document.to_pretty_json().unwrap_or_default() + "\n"
    });
    &TEXT
}

/// The description of this API.
#[utoipa::path(get, path = "/openapi.json", tag = "upkeep", responses((status = 200, content_type = "application/json", body = Object)), security(()))]
pub(super) async fn description() -> Response {
    ([(CONTENT_TYPE, "application/json")], openapi()).into_response()
}

/// The same, for people.
#[utoipa::path(get, path = "/docs", tag = "upkeep", responses((status = 200, content_type = "text/html", body = String)), security(()))]
pub(super) async fn page() -> Response {
    static PAGE: LazyLock<String> = LazyLock::new(|| rendered(&serde_json::from_str(openapi()).unwrap_or_default()).into_string());
    let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    ([(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, policy)], PAGE.as_str()).into_response()
}

const STYLE: &str = include_str!("docs.css");

fn rendered(document: &Value) -> Markup {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let tags = document["tags"].as_array().cloned().unwrap_or_default();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "stancelog: the HTTP API" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { "stancelog: the HTTP API" }
                    p { (marked(&text(&document["info"]["description"]))) }
                    p { "A token goes into the header " code { "Authorization: Bearer TOKEN" } ". The whole description: " a href="/openapi.json" { "openapi.json" } "." }
                    nav { @for tag in &tags { a href=(format!("#{}", text(&tag["name"]))) { (text(&tag["description"])) } " " } }
                }
                main {
                    @for tag in &tags {
                        section id=(text(&tag["name"])) {
                            h2 { (text(&tag["description"])) }
                            @for (path, method, operation) in operations(document, &text(&tag["name"])) { (operation_of(&path, &method, &operation)) }
                        }
                    }
                    section id="schemas" {
                        h2 { "Shapes" }
                        @for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() { (shape(name, schema)) }
                    }
                }
            }
        }
    }
}

fn operations(document: &Value, tag: &str) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let all = paths.flat_map(|(path, methods)| {
        methods.as_object().into_iter().flatten().map(move |(method, operation)| (path.clone(), method.clone(), operation.clone()))
    });
    all.filter(|(_, _, operation)| operation["tags"][0] == tag).collect()
}

fn operation_of(path: &str, method: &str, operation: &Value) -> Markup {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    html! {
        article {
            h3 { span.method { (method.to_uppercase()) } " " code { (path) } }
            p { (marked(&text(&operation["summary"]))) }
            @for paragraph in text(&operation["description"]).split("\n\n").filter(|text| !text.is_empty()) { p { (marked(paragraph)) } }
            @if !parameters.is_empty() {
                table {
                    thead { tr { th { "parameter" } th { "in" } th { "what it says" } } }
                    tbody {
                        @for parameter in &parameters {
                            tr {
                                td { code { (text(&parameter["name"])) } @if parameter["required"] == true { " (needed)" } }
                                td { (text(&parameter["in"])) }
                                td { (marked(&text(&parameter["description"]))) (words(&parameter["schema"])) }
                            }
                        }
                    }
                }
            }
            @for (status, response) in operation["responses"].as_object().into_iter().flatten() {
                @for (form, content) in response["content"].as_object().into_iter().flatten() {
                    p.answer { code { (status) } " " (form) " " (kind(&content["schema"])) }
                }
            }
        }
    }
}

/// Text with what stands between backticks as code.
fn marked(text: &str) -> Markup {
    html! { @for (index, part) in text.split('`').enumerate() { @if index % 2 == 1 { code { (part) } } @else { (part) } } }
}

/// One shape with its fields.
fn shape(name: &str, schema: &Value) -> Markup {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    html! {
        article id=(format!("shape-{name}")) {
            h3 { code { (name) } }
            @for paragraph in text(&schema["description"]).split("\n\n").filter(|text| !text.is_empty()) { p.lines { (marked(paragraph)) } }
            @if let Some(fields) = schema["properties"].as_object() {
                table {
                    thead { tr { th { "field" } th { "kind" } th { "what it says" } } }
                    tbody { @for (field, schema) in fields { tr { td { code { (field) } } td { (kind(schema)) } td { (marked(&text(&schema["description"]))) } } } }
                }
            } @else { p { (kind(schema)) } }
        }
    }
}

/// The kind of a value, with a link where it has a shape of its own.
fn kind(schema: &Value) -> Markup {
    if let Some(name) = schema["$ref"].as_str().and_then(|place| place.rsplit('/').next()) {
        return html! { a href=(format!("#shape-{name}")) { (name) } };
    }
    for any in ["oneOf", "anyOf", "allOf"] {
        if let Some(all) = schema[any].as_array() {
            return html! { @for (index, one) in all.iter().enumerate() { @if index > 0 { " or " } (kind(one)) } };
        }
    }
    match &schema["type"] {
        Value::String(kind) if kind == "array" => html! { "list of " (self::kind(&schema["items"])) },
        Value::String(kind) => html! { (kind) (words(schema)) },
        Value::Array(kinds) => {
            let kinds: Vec<&str> = kinds.iter().filter_map(Value::as_str).collect();
            html! { (kinds.join(" or ")) }
        }
        _ => html! { "anything" },
    }
}

/// The words that a text can be.
fn words(schema: &Value) -> Markup {
    let words: Vec<&str> = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    html! { @if !words.is_empty() { " One of: " (words.join(", ")) "." } }
}
