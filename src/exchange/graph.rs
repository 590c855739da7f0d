//! GraphML out: actors and targets as nodes, stances as signed edges, written as they come.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::query::Answer;
use crate::stance::Value;

/// What nodes, edges and the graph tell: for what, the name, the type.
const KEYS: [(&str, &str, &str); 21] = [
    ("graph", "as_of", "string"),
    ("graph", "known_at", "long"),
    ("graph", "rule", "string"),
    ("graph", "head", "long"),
    ("graph", "root", "string"),
    ("graph", "version", "string"),
    ("node", "name", "string"),
    ("node", "kind", "string"),
    ("edge", "sign", "int"),
    ("edge", "stance", "string"),
    ("edge", "basis", "string"),
    ("edge", "rule", "string"),
    ("edge", "since", "string"),
    ("edge", "last", "string"),
    ("edge", "certain", "boolean"),
    ("edge", "gap", "boolean"),
    ("edge", "flips", "int"),
    ("edge", "events", "long"),
    ("edge", "voices", "long"),
    ("edge", "decided_by", "string"),
    ("edge", "erased", "long"),
];

/// A graph that is being written.
pub struct GraphMl<W: Write> {
    writer: Writer<W>,
    nodes: HashSet<String>,
}

impl<W: Write> GraphMl<W> {
    /// Begins a graph with what is known of it as a whole: names of keys with their values.
    ///
    /// # Errors
    /// Those of the output.
    pub fn begin(output: W, about: &[(&str, Option<String>)]) -> io::Result<Self> {
        let mut writer = Writer::new_with_indent(output, b' ', 1);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let schema = "http://graphml.graphdrawing.org/xmlns";
        writer.write_event(Event::Start(BytesStart::new("graphml").with_attributes([("xmlns", schema)])))?;
        for (of, name, kind) in KEYS {
            let id = key(of, name);
            let attributes = [("id", id.as_str()), ("for", of), ("attr.name", name), ("attr.type", kind)];
            writer.write_event(Event::Empty(BytesStart::new("key").with_attributes(attributes)))?;
        }
        writer.write_event(Event::Start(BytesStart::new("graph").with_attributes([("id", "stances"), ("edgedefault", "directed")])))?;
        let mut graph = Self { writer, nodes: HashSet::new() };
        for (name, value) in about {
            graph.data("graph", name, value.as_deref())?;
        }
        Ok(graph)
    }

    /// Whether a node is written already.
    pub fn has(&self, slug: &str) -> bool {
        self.nodes.contains(slug)
    }

    /// Writes a node.
    ///
    /// # Errors
    /// Those of the output.
    pub fn node(&mut self, slug: &str, name: &str, kind: Option<&str>) -> io::Result<()> {
        self.nodes.insert(slug.to_owned());
        self.writer.write_event(Event::Start(BytesStart::new("node").with_attributes([("id", slug)])))?;
        self.data("node", "name", Some(name))?;
        self.data("node", "kind", kind)?;
        self.writer.write_event(Event::End(BytesEnd::new("node")))
    }

    /// Writes a stance as an edge between two nodes.
    ///
    /// # Errors
    /// Those of the output.
    pub fn edge(&mut self, answer: &Answer) -> io::Result<()> {
        let ends = [("source", answer.actor.as_str()), ("target", answer.target.as_str())];
        self.writer.write_event(Event::Start(BytesStart::new("edge").with_attributes(ends)))?;
        let decided_by: Vec<String> = answer.decided_by.iter().map(ToString::to_string).collect();
        for (name, value) in [
            ("sign", Some(sign(answer.stance).to_owned())),
            ("stance", Some(answer.stance.to_string())),
            ("basis", answer.basis.map(|tier| tier.to_string())),
            ("rule", Some(answer.rule.to_string())),
            ("since", answer.since.clone()),
            ("last", answer.last.clone()),
            ("certain", Some(answer.certain.to_string())),
            ("gap", Some(answer.gap.to_string())),
            ("flips", Some(answer.flips.to_string())),
            ("events", Some(answer.events.to_string())),
            ("voices", Some(answer.voices.to_string())),
            ("decided_by", Some(decided_by.join(" "))),
            ("erased", Some(answer.erased.to_string())),
        ] {
            self.data("edge", name, value.as_deref())?;
        }
        self.writer.write_event(Event::End(BytesEnd::new("edge")))
    }

    /// Ends the graph.
    ///
    /// # Errors
    /// Those of the output.
    pub fn end(mut self) -> io::Result<()> {
        self.writer.write_event(Event::End(BytesEnd::new("graph")))?;
        self.writer.write_event(Event::End(BytesEnd::new("graphml")))?;
        let mut output = self.writer.into_inner();
        output.write_all(b"\n")?;
        output.flush()
    }

    /// Says something of what is open; what is not known is not said.
    fn data(&mut self, of: &str, name: &str, value: Option<&str>) -> io::Result<()> {
        let Some(value) = value else { return Ok(()) };
        let key = key(of, name);
        self.writer.write_event(Event::Start(BytesStart::new("data").with_attributes([("key", key.as_str())])))?;
        self.writer.write_event(Event::Text(BytesText::new(&allowed(value))))?;
        self.writer.write_event(Event::End(BytesEnd::new("data")))
    }
}

fn key(of: &str, name: &str) -> String {
    format!("{of}-{name}")
}

/// The side as a number.
fn sign(value: Value) -> &'static str {
    match value {
        Value::Favor => "1",
        Value::Against => "-1",
        Value::Mixed | Value::Abstain | Value::Neutral | Value::None => "0",
    }
}

/// The text with what XML 1.0 forbids replaced visibly: control characters by their pictures, what is no character by U+FFFD.
fn allowed(text: &str) -> Cow<'_, str> {
    let is_forbidden = |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    if !text.contains(is_forbidden) {
        return Cow::Borrowed(text);
    }
    let shown = |c: char| match c {
        '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        control => char::from_u32(0x2400 + u32::from(control)).unwrap_or('\u{fffd}'),
    };
    Cow::Owned(text.chars().map(|c| if is_forbidden(c) { shown(c) } else { c }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_name_holds_the_file_is_xml() {
        let mut bytes = Vec::new();
        let mut graph = GraphMl::begin(&mut bytes, &[("as_of", None), ("known_at", Some("7".to_owned()))]).unwrap();
        graph.node("a", "<A> & \"B\" \u{1}\u{1b}[31m\u{ffff} Zoë", Some("person")).unwrap();
        assert!(graph.has("a") && !graph.has("b"));
        graph.end().unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("&lt;A&gt; &amp; "), "{text}");
        assert!(text.contains("\u{2401}\u{241b}[31m\u{fffd} Zoë</data>"), "{text}");
        assert!(text.contains(r#"<data key="graph-known_at">7</data>"#) && !text.contains(r#"key="graph-as_of""#), "{text}");
    }
}
