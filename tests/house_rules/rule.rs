//! The rules: each takes a file and says what is wrong with it, in one line each.

/// One file: its path under the package, and its text.
pub struct File<'a> {
    pub path: &'a str,
    pub text: &'a str,
}

/// A rule.
pub type Rule = fn(&File<'_>) -> Vec<String>;

/// The rules for files under `src`, each with the path and text of a made-up file that breaks it.
pub fn rules() -> Vec<(&'static str, Rule, &'static str, String)> {
    let long = format!("//! A.\n{}", "\n".repeat(400));
    let rules: [(&str, Rule, &str, &str); 9] = [
        ("imports go one way", one_way, "src/event/id.rs", "//! A.\nuse crate::{stance::Fold, log};\n"),
        ("doors see the front desk only", one_way, "src/cli/why.rs", "//! A.\nfn a() { crate::query::b() }\n"),
        ("a file opens with a sentence", opens_with_a_sentence, "src/event/id.rs", "//! Ids\nuse std::fmt;\n"),
        ("no file is over 400 lines", is_short, "src/event/id.rs", &long),
        ("nothing is unwrapped outside tests", does_not_unwrap, "src/log/read.rs", "fn a() {\n    b().unwrap();\n}\n"),
        ("SQL stands in three rooms", no_sql_elsewhere, "src/ledger/ask.rs", "const A: &str = \"SELECT 1 FROM event\";\n"),
        ("no drawers", is_no_drawer, "src/query/helpers.rs", ""),
        ("no path of a machine", no_machine, "src/log/open.rs", "const A: &str = \"/home/ann/stances.db\";\n"),
        ("nothing is left to do", nothing_left, "src/log/open.rs", "fn a() {\n    todo!()\n}\n"),
    ];
    rules.into_iter().map(|(name, rule, path, text)| (name, rule, path, text.to_owned())).collect()
}

/// The rooms from the bottom up, each with how high it stands.
const ROOMS: [(&str, u8); 12] = [
    ("event", 0),
    ("stance", 1),
    ("merkle", 1),
    ("log", 2),
    ("projection", 3),
    ("query", 4),
    ("audit", 5),
    ("exchange", 6),
    ("ledger", 7),
    ("chart", 8),
    ("cli", 9),
    ("http", 9),
];

fn height(room: &str) -> Option<u8> {
    ROOMS.iter().find(|(name, _)| *name == room).map(|(_, height)| *height)
}

fn room_of<'a>(file: &File<'a>) -> &'a str {
    file.path.trim_start_matches("src/").split(['/', '.']).next().unwrap_or_default()
}

/// The rooms that a file names, as `crate::room` or inside `crate::{…}`.
pub fn rooms_named(text: &str) -> Vec<&str> {
    let mut rooms = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(list) => {
                // The names that follow a brace or a comma at the list's own level.
                let (mut depth, mut start) = (0, Some(0));
                for (index, c) in list.char_indices() {
                    if let (Some(from), false) = (start, c.is_alphanumeric() || c == '_' || c.is_whitespace()) {
                        rooms.push(list[from..index].trim());
                        start = None;
                    }
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = Some(index + 1),
                        _ => {}
                    }
                }
            }
            None => rooms.extend(rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()),
        }
    }
    rooms.retain(|name| height(name).is_some());
    rooms
}

pub fn one_way(file: &File<'_>) -> Vec<String> {
    let room = room_of(file);
    let Some(own) = height(room) else { return Vec::new() };
    let is_door = own == 9;
    let may_see = |other: &str| match height(other) {
        _ if other == room => true,
        Some(_) if is_door => ["ledger", "chart", "event", "stance"].contains(&other),
        Some(height) => height < own,
        None => true,
    };
    let code = without_comments(file.text);
    rooms_named(&code).into_iter().filter(|other| !may_see(other)).map(|other| format!("`{room}` names `{other}`")).collect()
}

pub fn opens_with_a_sentence(file: &File<'_>) -> Vec<String> {
    let paragraph: Vec<&str> = file.text.lines().map_while(|line| line.strip_prefix("//! ")).collect();
    let ends = paragraph.last().is_some_and(|line| line.ends_with(['.', ':']));
    if ends { Vec::new() } else { vec!["does not open with a `//!` sentence".to_owned()] }
}

fn is_short(file: &File<'_>) -> Vec<String> {
    let lines = file.text.lines().count();
    if lines > 400 { vec![format!("has {lines} lines: which two ideas is it?")] } else { Vec::new() }
}

/// The text without comments, doctests included; a `//` inside a string would cut the line, which hides nothing here.
fn without_comments(text: &str) -> String {
    text.lines()
        .map(|line| line.split_once("//").map_or(line, |(code, _)| if code.contains('"') { line } else { code }))
        .fold(String::new(), |all, line| all + line + "\n")
}

/// The text without what is compiled for tests only: each `#[cfg(test)]` with the item behind it.
fn without_tests(text: &str) -> String {
    let (mut code, mut until) = (String::new(), None::<String>);
    for line in text.lines() {
        let indent: String = line.chars().take_while(|c| c.is_whitespace()).collect();
        match &until {
            Some(end) if line == end => until = None,
            Some(_) => {}
            None if line.trim_start().starts_with("#[cfg(test)]") => until = Some(format!("{indent}}}")),
            None => {
                code.push_str(line);
                code.push('\n');
            }
        }
    }
    code
}

pub fn lines_with(code: &str, found: impl Fn(&str) -> bool) -> Vec<String> {
    code.lines().filter(|line| found(line)).map(|line| line.trim().to_owned()).collect()
}

pub fn does_not_unwrap(file: &File<'_>) -> Vec<String> {
    lines_with(&without_comments(&without_tests(file.text)), |line| {
        [".unwrap()", ".expect(", ".unwrap_err()", ".expect_err("].iter().any(|call| line.contains(call))
    })
}

fn no_sql_elsewhere(file: &File<'_>) -> Vec<String> {
    if ["log", "projection", "query"].contains(&room_of(file)) {
        return Vec::new();
    }
    let words = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE ", "PRAGMA ", " FROM ", " WHERE ", "rusqlite"];
    lines_with(&without_comments(&without_tests(file.text)), |line| words.iter().any(|word| line.contains(word)))
}

pub fn is_no_drawer(file: &File<'_>) -> Vec<String> {
    let drawers = ["util", "utils", "helper", "helpers", "common", "manager", "service", "core", "types", "misc"];
    let parts = file.path.split(['/', '.', '_']);
    parts.filter(|part| drawers.contains(part)).map(|part| format!("`{part}` names no idea")).collect()
}

pub fn no_machine(file: &File<'_>) -> Vec<String> {
    let own = env!("CARGO_MANIFEST_DIR");
    let places = [own, "/home/", "/root/", "/Users/", "C:\\"];
    lines_with(file.text, |line| places.iter().any(|place| line.contains(place)))
}

pub fn nothing_left(file: &File<'_>) -> Vec<String> {
    let words = ["todo!", "unimplemented!", "dbg!", "TODO", "FIXME", "XXX"];
    lines_with(file.text, |line| words.iter().any(|word| line.contains(word)))
}
