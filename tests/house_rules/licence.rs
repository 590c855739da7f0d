//! Licences: everything that this program is built of may be used, changed and passed on by anybody.

use std::process::Command;

/// Licences that let anybody use, change and pass on, with no duty beyond naming the authors.
const PERMISSIVE: [&str; 14] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "0BSD",
    "ISC",
    "Zlib",
    "Unlicense",
    "CC0-1.0",
    "BSL-1.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Apache-2.0 WITH LLVM-exception",
];

/// Whether an SPDX expression leaves the choice of permissive licences only; nothing where it is none.
fn is_permissive(expression: &str) -> Option<bool> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = &words[..];
    let is_any = any_of(&mut rest)?;
    rest.is_empty().then_some(is_any)
}

fn next<'a>(rest: &mut &[&'a str]) -> Option<&'a str> {
    let (first, others) = rest.split_first()?;
    *rest = others;
    Some(first)
}

fn any_of(rest: &mut &[&str]) -> Option<bool> {
    let mut is_any = all_of(rest)?;
    while rest.first() == Some(&"OR") {
        next(rest);
        is_any |= all_of(rest)?;
    }
    Some(is_any)
}

fn all_of(rest: &mut &[&str]) -> Option<bool> {
    let mut is_all = one(rest)?;
    while rest.first() == Some(&"AND") {
        next(rest);
        is_all &= one(rest)?;
    }
    Some(is_all)
}

fn one(rest: &mut &[&str]) -> Option<bool> {
    let word = next(rest)?;
    if word == "(" {
        let inner = any_of(rest)?;
        return (next(rest)? == ")").then_some(inner);
    }
    if rest.first() == Some(&"WITH") {
        next(rest);
        let exception = next(rest)?;
        return Some(PERMISSIVE.contains(&format!("{word} WITH {exception}").as_str()));
    }
    Some(PERMISSIVE.contains(&word))
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_dependency_is_under_a_permissive_licence() {
    let version = cargo(&["-vV"]);
    let platform = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let metadata = cargo(&["metadata", "--offline", "--format-version", "1", "--filter-platform", platform]);
    let metadata: serde_json::Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 50, "only {} packages", packages.len());
    let is_good = |package: &serde_json::Value| package["license"].as_str().and_then(is_permissive) == Some(true);
    let bad: Vec<String> = packages
        .iter()
        .filter(|package| !is_good(package))
        .map(|package| format!("{} is under {}", package["name"], package["license"]))
        .collect();
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn licences_are_read_as_they_are_meant() {
    let table = [
        ("MIT", Some(true)),
        ("MIT OR Apache-2.0", Some(true)),
        ("MIT/Apache-2.0", Some(true)),
        ("GPL-3.0 OR MIT", Some(true)),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", Some(true)),
        ("Apache-2.0 WITH LLVM-exception OR MIT", Some(true)),
        ("GPL-3.0", Some(false)),
        ("MPL-2.0", Some(false)),
        ("MIT AND GPL-3.0", Some(false)),
        ("(MIT OR Apache-2.0) AND AGPL-3.0", Some(false)),
        ("GPL-2.0 WITH Classpath-exception-2.0", Some(false)),
        ("", None),
        ("MIT OR", None),
        ("MIT Apache-2.0", None),
        ("(MIT", None),
    ];
    for (expression, expected) in table {
        assert_eq!(is_permissive(expression), expected, "{expression}");
    }
}
