//! Pictures: whoever looks before they read sees what the answers say, on wide paper and narrow, and so does whoever hears it.

use std::sync::Arc;

use resvg::usvg::roxmltree::{Document, Node};
use resvg::usvg::{self, fontdb};
use serde_json::json;
use stancelog::chart::{self, Chart, Fonts, LANES, NAMES, Options, Seen, Theme};
use stancelog::ledger::Asked;
use stancelog::stance::Value;

use crate::support::{Desk, at};

fn options(width: u32) -> Options {
    Options { width, prefix: "p".to_owned() }
}

fn history(desk: &Desk, actor: &str, target: Option<&str>, asked: &Asked, width: u32) -> Chart {
    let seen = Seen::of(asked, desk.ledger.head().unwrap());
    chart::history(&desk.ledger.lanes(actor, target, LANES, asked).unwrap(), &seen, &options(width))
}

fn sides(desk: &Desk, target: &str, asked: &Asked, width: u32) -> Chart {
    let seen = Seen::of(asked, desk.ledger.head().unwrap());
    chart::sides(&desk.ledger.numbers(target, NAMES, asked).unwrap(), &seen, &options(width))
}

fn claim(desk: &Desk, claim: &str, asked: &Asked, width: u32) -> Chart {
    let seen = Seen::of(asked, desk.ledger.head().unwrap());
    chart::claim(&desk.ledger.course(claim, asked).unwrap(), &seen, &options(width))
}

/// All that is written in a picture, line by line.
fn lines(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    let is_text = |node: &Node<'_, '_>| node.has_tag_name("text");
    document.descendants().filter(is_text).map(|node| node.text().unwrap_or_default().to_owned()).collect()
}

fn count(svg: &str, wanted: impl Fn(&Node<'_, '_>) -> bool) -> usize {
    Document::parse(svg).unwrap().descendants().filter(wanted).count()
}

/// Where each line of a picture stands when it is written with the fonts of this machine.
fn written(svg: &str) -> Vec<(String, usvg::Rect)> {
    fn gather(group: &usvg::Group, found: &mut Vec<(String, usvg::Rect)>) {
        for node in group.children() {
            match node {
                usvg::Node::Text(text) => {
                    let said: String = text.chunks().iter().map(|chunk| chunk.text()).collect();
                    found.push((said, text.abs_bounding_box()));
                }
                usvg::Node::Group(group) => gather(group, found),
                usvg::Node::Path(_) | usvg::Node::Image(_) => {}
            }
        }
    }
    let mut database = fontdb::Database::new();
    database.load_system_fonts();
    // The widest of the usual fonts, where it is there.
    let has_wide = database.faces().any(|face| face.families.iter().any(|(name, _)| name == "DejaVu Sans"));
    let svg = if has_wide { svg.replace("system-ui,", "\"DejaVu Sans\",system-ui,") } else { svg.to_owned() };
    let options = usvg::Options { fontdb: Arc::new(database), ..usvg::Options::default() };
    let mut found = Vec::new();
    gather(usvg::Tree::from_str(&svg, &options).unwrap().root(), &mut found);
    assert!(!found.is_empty(), "no font is installed");
    found
}

/// No line leaves the paper, and none covers another.
fn assert_legible(chart: &Chart, width: u32) {
    let lines = written(&chart.standalone(Theme::Light));
    for (index, (said, place)) in lines.iter().enumerate() {
        assert!(place.left() >= 0.0 && place.right() <= width as f32, "{said:?} leaves {width}: {place:?}");
        for (other, beside) in &lines[index + 1..] {
            let overlap = |a: (f32, f32), b: (f32, f32)| a.1.min(b.1) - a.0.max(b.0);
            let across = overlap((place.left(), place.right()), (beside.left(), beside.right()));
            let down = overlap((place.top(), place.bottom()), (beside.top(), beside.bottom()));
            assert!(across <= 1.0 || down <= 3.0, "{said:?} covers {other:?} at {width}: {place:?} {beside:?}");
        }
    }
}

#[test]
fn a_history_has_a_lane_for_each_target_and_alleged_acts_apart() {
    let desk = Desk::with_article();
    let svg = history(&desk, "Boris Johnson", None, &Asked::default(), 960).standalone(Theme::Light);
    // Roles, six targets, claims, alleged acts.
    assert_eq!(count(&svg, |node| node.attribute("class") == Some("sl-lane")), 9, "{svg}");
    let lines = lines(&svg);
    for said in ["Where Boris Johnson stands", "Ukraine joins NATO", "favor, declared · 6 events", "Prime Minister of the United Kingdom"]
    {
        assert!(lines.iter().any(|line| line == said), "{said}: {lines:?}");
    }
    let soft = count(&svg, |node| node.attribute("fill-opacity") == Some("0.4"));
    assert_eq!(soft, 5, "stances that rest on imprecise dates begin softly");
    let putin = lines_of(&history(&desk, "vladimir-putin", None, &Asked::default(), 960));
    let alleged = putin.iter().position(|line| line == "Alleged acts").unwrap();
    let threat = putin.iter().position(|line| line.starts_with("threatens Boris Johnson: said by Boris Johnson, denied by")).unwrap();
    assert!(threat > alleged, "{putin:?}");
}

fn lines_of(chart: &Chart) -> Vec<String> {
    lines(&chart.standalone(Theme::Light))
}

#[test]
fn a_picture_says_in_sentences_what_it_shows() {
    let desk = Desk::with_article();
    let one = history(&desk, "Boris Johnson", Some("Ukraine"), &at("2022-02-28"), 960);
    insta::assert_snapshot!(one.description(), @"Toward Ukraine: favor from 2019-07-24. Everything recorded so far about the world as of 2022-02-28. Rule latest: the last day of the strongest kind of event decides.");
    let two = claim(&desk, "missile-threat", &Asked::default(), 960);
    insta::assert_snapshot!(two.description());
    let three = sides(&desk, "Ukraine", &Asked::default(), 960);
    insta::assert_snapshot!(three.description(), @"In the end: 1 favor, 1 against. Favor: Boris Johnson. Against: Russia. The numbers begin on 2019-07-24 and change for the last time on 2022-02-24. Everything recorded so far. Rule latest: the last day of the strongest kind of event decides.");
    let svg = three.standalone(Theme::Auto);
    let document = Document::parse(&svg).unwrap();
    let root = document.root_element();
    assert_eq!((root.attribute("role"), root.attribute("aria-labelledby")), (Some("img"), Some("p-title p-desc")));
    let labels: Vec<_> = root.children().filter_map(|node| node.attribute("id").zip(node.text())).collect();
    assert_eq!(labels, [("p-title", three.title()), ("p-desc", three.description())]);
}

#[test]
fn a_small_picture_stays_as_it_is() {
    let desk = Desk::new();
    desk.says("Ann", "votes-for", "Tax", "2023-05-01");
    desk.says("Ann", "votes-against", "Tax", "2024-05-01");
    desk.says("Bea", "abstains-on", "Tax", "2023-06");
    let own = |svg: String| svg.split_once("</defs>").unwrap().1.replace("><", ">\n<");
    insta::assert_snapshot!("history", own(history(&desk, "Ann", None, &Asked::default(), 640).standalone(Theme::Light)));
    insta::assert_snapshot!("sides", own(sides(&desk, "Tax", &Asked::default(), 640).standalone(Theme::Light)));
    let again = history(&desk, "Ann", None, &Asked::default(), 640).standalone(Theme::Light);
    assert_eq!(again, history(&desk, "Ann", None, &Asked::default(), 640).standalone(Theme::Light), "chart-1");
}

#[test]
fn flips_gaps_and_unknown_orders_are_marked() {
    let desk = Desk::new();
    desk.says("Ann", "votes-for", "Tax", "2023-05-01");
    desk.says("Ann", "votes-against", "Tax", "2024-05-01");
    desk.says("Bea", "backs", "Tax", "2023-01-01/2023-12-31");
    desk.says("Bea", "opposes", "Tax", "2023-06-01");
    desk.says("Cid", "backs", "Tax", "2023-01-01");
    desk.says("Cid", "sanctions", "Tax", "2023-06-01");
    let legend = |actor: &str| lines_of(&history(&desk, actor, None, &Asked::default(), 960));
    let has = |lines: &[String], said: &str| lines.iter().any(|line| line == said);
    assert!(has(&legend("Ann"), "flip") && !has(&legend("Ann"), "order of events unknown"));
    assert!(has(&legend("Bea"), "order of events unknown") && !has(&legend("Bea"), "flip"));
    assert!(has(&legend("Cid"), "words and deeds part") && has(&legend("Cid"), "declared favor, enacted against"));
}

#[test]
fn the_numbers_of_a_target_move_as_the_answers_do() {
    let desk = Desk::new();
    desk.says("Ann", "backs", "Tax", "../2022");
    desk.says("Bea", "backs", "Tax", "2023-01-01");
    desk.says("Cid", "opposes", "Tax", "2023-01-01");
    desk.says("Bea", "opposes", "Tax", "2024-01-01");
    let numbers = desk.ledger.numbers("Tax", NAMES, &Asked::default()).unwrap();
    for point in &numbers.points {
        let asked = if point.at.to_string() == ".." { at("2021") } else { at(&point.at.to_string()) };
        let tally = desk.ledger.tally("Tax", &asked).unwrap();
        for value in [Value::Favor, Value::Against] {
            assert_eq!(point.count(value), tally.get(&value).copied().unwrap_or(0), "{value} after {}", point.at);
        }
    }
    assert_eq!(numbers.points.len(), 3);
    // The same where a merge makes one of two, so that the pairs have to be read one by one.
    desk.tell(json!({"type": "merge", "from": "cid", "into": "bea"}));
    let merged = desk.ledger.numbers("Tax", NAMES, &Asked::default()).unwrap();
    let last = merged.points.last().unwrap();
    assert_eq!((last.count(Value::Favor), last.count(Value::Against), last.total()), (1, 1, 2));
}

#[test]
fn a_claim_shows_voices_status_verdicts_and_alternatives() {
    let desk = Desk::with_article();
    desk.tell(json!({"type": "verdict", "claim": "missile-threat", "reviewer": "Checkers", "label": "Unproven", "rating": "other", "published": "2023-02-03"}));
    let lines = lines_of(&claim(&desk, "missile-threat", &Asked::default(), 960));
    for said in ["Status", "disputed", "Boris Johnson", "stands by it", "denies it", "Verdicts", "“Unproven” (other), Checkers"] {
        assert!(lines.iter().any(|line| line == said), "{said}: {lines:?}");
    }
    assert!(lines.iter().any(|line| line.starts_with("Alternative: ")), "{lines:?}");
    let course = desk.ledger.course("missile-threat", &at("2023-01-29")).unwrap();
    assert!(course.statuses.is_empty() && course.voices.is_empty(), "{course:?}");
}

/// Guards chart-3.
#[test]
fn what_others_wrote_is_text_and_stays_on_the_paper() {
    let desk = Desk::new();
    let names = [
        "<script>alert(1)</script>".to_owned(),
        "\u{202e}evil\u{2066} & \"quoted\"".to_owned(),
        "روسيا الاتحادية".to_owned(),
        "Ω".repeat(90),
    ];
    for (index, name) in names.iter().enumerate() {
        desk.tell(json!({"type": "entity", "entity": format!("e{index}"), "kind": "person", "name": name,
            "roles": [{"title": name, "from": "2020", "to": "2022-05"}]}));
    }
    for target in ["e1", "e2", "e3"] {
        desk.says("e0", "backs", target, "2021");
        desk.says(target, "opposes", "e0", "2022-03~/..");
    }
    let text = "<b>".repeat(200);
    desk.tell(json!({"type": "claim", "claim": "c", "text": text, "about": {"actor": "e0", "action": "threatens", "target": "e3"}}));
    desk.says("e2", "asserts", "claim:c", "2022-01");
    desk.says("e1", "denies", "claim:c", "2022-02");
    desk.tell(json!({"type": "verdict", "claim": "c", "reviewer": "e3", "label": "<i>".repeat(100), "rating": "false"}));
    for width in [360, 960] {
        let asked = Asked::default();
        for chart in [history(&desk, "e0", None, &asked, width), sides(&desk, "e0", &asked, width), claim(&desk, "c", &asked, width)] {
            let svg = chart.standalone(Theme::Auto);
            for tag in ["script", "b", "i"] {
                assert_eq!(count(&svg, |node| node.has_tag_name(tag)), 0, "{svg}");
            }
            assert!(!svg.contains('\u{202e}') && !svg.contains('\u{2066}'));
            assert!(svg.len() < 60_000, "{}", svg.len());
            assert_legible(&chart, width);
        }
    }
}

/// Guards chart-4.
#[test]
fn a_chart_for_a_page_has_no_style_and_only_its_own_ids() {
    let desk = Desk::with_article();
    let asked = Asked::default();
    let charts = [
        history(&desk, "Boris Johnson", None, &asked, 960),
        sides(&desk, "Ukraine", &asked, 960),
        claim(&desk, "missile-threat", &asked, 960),
    ];
    for chart in charts {
        let svg = chart.inline().into_string();
        assert_eq!(count(&svg, |node| node.has_tag_name("style") || node.has_tag_name("script") || node.attribute("style").is_some()), 0);
        let document = Document::parse(&svg).unwrap();
        for id in document.descendants().filter_map(|node| node.attribute("id")) {
            assert!(id.starts_with("p-"), "{id}");
        }
        for class in document.descendants().filter_map(|node| node.attribute("class")).flat_map(str::split_whitespace) {
            assert!(class.starts_with("sl-"), "{class}");
            assert!(chart::STYLE.contains(&format!(".{class}")) || class == "sl-lane", "{class} has no style");
        }
    }
}

#[test]
fn the_article_is_legible_on_wide_paper_and_on_a_phone() {
    let desk = Desk::with_article();
    for width in [360, 640, 960] {
        for asked in [Asked::default(), at("2022-03"), at("2019")] {
            for actor in ["boris-johnson", "vladimir-putin", "dmitry-peskov", "ukraine"] {
                assert_legible(&history(&desk, actor, None, &asked, width), width);
            }
            for target in ["ukraine", "vladimir-putin", "ukraine-joins-nato"] {
                assert_legible(&sides(&desk, target, &asked, width), width);
            }
            for item in desk.ledger.claims(None, None, &asked).unwrap() {
                assert_legible(&claim(&desk, &item.claim, &asked, width), width);
            }
        }
    }
}

/// Guards chart-5.
#[test]
fn a_long_history_makes_no_large_picture() {
    let desk = Desk::new();
    for year in 2000..2024 {
        for (month, action) in ["backs", "opposes", "visits", "sanctions", "meets", "promises"].into_iter().enumerate() {
            desk.says("Ann", action, "Tax", &format!("{year}-{:02}-03", month + 1));
        }
    }
    for width in [360, 960] {
        let chart = history(&desk, "Ann", None, &Asked::default(), width);
        assert_legible(&chart, width);
        assert!(chart.standalone(Theme::Light).len() < 40_000);
    }
    assert!(lines_of(&history(&desk, "Ann", None, &Asked::default(), 360)).iter().any(|line| line.starts_with("events for it")));
}

#[test]
fn pixels_are_twice_as_many_as_the_picture_is_wide() {
    let desk = Desk::with_article();
    let chart = sides(&desk, "Ukraine", &Asked::default(), 360);
    for theme in [Theme::Light, Theme::Dark] {
        let png = chart::png(&chart, theme, &Fonts::load(None).unwrap()).unwrap();
        assert_eq!((&png[..8], &png[16..20]), (&b"\x89PNG\r\n\x1a\n"[..], &720_u32.to_be_bytes()[..]));
    }
}
