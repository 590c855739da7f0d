//! Lists of entities: names, aliases, roles with dates, ids elsewhere; as JSON (lines or a list) or as a table with a header.
//!
//! What cannot be read is not guessed at: it is refused, or left out where the entity stands without it, and then its note says
//! so. A row without a slug gets one from the log, by its name. That two rows tell one name otherwise must be noticed, so that
//! memory holds some 30 bytes for each name.

use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::hash::{Hash, Hasher};
use std::io::Read;

use csv::ByteRecord;

use super::document::{Content, Object, Objects, content};
use super::fact::{Fact, Flaw, Told, Trouble};
use super::input::Encoding;
use super::listed::{Coding, Listed};
use super::roll_call::{Header, header_of, value};
use super::row::Rows;
use crate::event::{Draft, EventId, Micros, fold_name};

/// Reads the entities of a list. One without a slug has an empty one: the log knows who is called so.
pub fn facts<'a>(input: impl Read + Send + 'a, encoding: Encoding) -> Box<dyn Iterator<Item = Told> + Send + 'a> {
    let rows = match content(input, encoding) {
        Ok(Content::Objects(objects)) => Origin::Objects(objects),
        Ok(Content::Table(table)) => Origin::Table(Box::new(Rows::of(table, Encoding::Utf8, None)), None),
        Err(error) => return Box::new(std::iter::once(Err(Trouble::File(error)))),
    };
    Box::new(Entities { rows, coding: Coding::default(), told: HashMap::new(), is_done: false })
}

struct Entities<'a> {
    rows: Origin<'a>,
    coding: Coding,
    /// Names that were told, as hashes, with that of the row and its line.
    told: HashMap<u64, (u64, u64)>,
    is_done: bool,
}

/// Where the rows come from.
enum Origin<'a> {
    Objects(Objects<'a>),
    /// With the header, once it is read, and how many columns it has.
    Table(Box<Rows<'a>>, Option<(Header, usize)>),
}

/// A row: its line, itself as it is shown, what it tells.
type Row = (u64, ByteRecord, Result<Listed, Flaw>);

impl Iterator for Entities<'_> {
    type Item = Told;

    fn next(&mut self) -> Option<Told> {
        if self.is_done {
            return None;
        }
        let row = match &mut self.rows {
            Origin::Objects(objects) => objects.read().map(|object| object.map(|object| of_object(&object, &mut self.coding))),
            Origin::Table(rows, header) => of_table(rows, header),
        };
        match row {
            Ok(row) => {
                let (line, record, listed) = row?;
                let told = listed.and_then(|listed| self.fact(listed, line, &record));
                Some(told.map_err(|flaw| Trouble::Row(flaw.of_row(line, &record))))
            }
            Err(trouble) => {
                self.is_done = matches!(trouble, Trouble::File(_));
                Some(Err(trouble))
            }
        }
    }
}

fn of_object(object: &Object, coding: &mut Coding) -> Row {
    (object.line, object.record(), Listed::of_object(&object.fields, coding))
}

/// The next row of a table, behind its header.
fn of_table(rows: &mut Rows<'_>, header: &mut Option<(Header, usize)>) -> Result<Option<Row>, Trouble> {
    let mut record = ByteRecord::new();
    loop {
        let Some(line) = rows.read(&mut record)? else { return Ok(None) };
        let Some((header, width)) = &*header else {
            *header = Some((header_of(&record, &["name"]).map_err(Trouble::File)?, record.len()));
            continue;
        };
        let listed = if record.len() == *width {
            Listed::of_row(|name| value(&record, header, name), |name| header.get(name).copied())
        } else {
            Err(Flaw::new("column count", "", format!("{} columns, expected {width}", record.len())))
        };
        return Ok(Some((line, record, listed)));
    }
}

impl Entities<'_> {
    fn fact(&mut self, listed: Listed, line: u64, record: &ByteRecord) -> Result<Fact, Flaw> {
        let (body, common) = listed.entity()?;
        let parts: Vec<&[u8]> = [b"entity".as_slice()].into_iter().chain(record).collect();
        let id = EventId::of_content(Micros(0), &parts);
        if body.entity.is_empty() {
            let content = hash(id.as_bytes());
            match self.told.entry(hash(&fold_name(&body.name))) {
                Entry::Vacant(new) => drop(new.insert((content, line))),
                Entry::Occupied(known) if known.get().0 == content => {}
                Entry::Occupied(known) => {
                    let said = format!(
                        "`{}` is told otherwise in line {}: if it is the same, one row should tell all; if not, give each its slug (`entity`)",
                        body.name,
                        known.get().1
                    );
                    return Err(Flaw::new("name told twice", "name", said));
                }
            }
        }
        let draft = Draft { id: Some(id), body: crate::event::Body::Entity(body), common };
        Ok(Fact { draft, beside: Vec::new(), line, rows: 1, record: record.clone() })
    }
}

fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Body, Entity};

    fn told(text: &str) -> Vec<Result<(Entity, String), String>> {
        facts(text.as_bytes(), Encoding::Utf8)
            .map(|told| match told {
                Ok(Fact { draft: Draft { body: Body::Entity(entity), common, .. }, .. }) => Ok((entity, common.note.unwrap_or_default())),
                Ok(other) => panic!("{other:?}"),
                Err(Trouble::Row(bad)) => Err(format!("{}:{} {}: {}", bad.line, bad.column.unwrap_or(0), bad.kind, bad.reason)),
                Err(Trouble::File(error)) => Err(error.to_string()),
            })
            .collect()
    }

    fn refused(text: &str) -> String {
        told(text).pop().unwrap().unwrap_err()
    }

    #[test]
    fn a_table_and_lines_of_json_tell_the_same() {
        let table = "name,entity,kind,aliases,wikidata,roles,,\nAnn Lee,ann,person,A. Lee; Ann  Lee ;A. Lee,q42,\"Premier | Ruritania | 2019-07-24 | 2022; Mayor || 2008\",,\n";
        let json = r#"{"name":"Ann Lee","entity":"ann","kind":"person","aliases":["A. Lee"],"wikidata":"https://www.wikidata.org/wiki/Q42","roles":[{"title":"Premier","of":"Ruritania","from":"2019-07-24","to":"2022"},{"title":"Mayor","from":"2008"}]}"#;
        let (table, json) = (told(table), told(json));
        assert_eq!(table, json);
        let (ann, _) = table[0].as_ref().unwrap();
        assert_eq!((ann.aliases.len(), ann.roles.len(), ann.identifiers["wikidata"].as_str()), (1, 2, "Q42"));
        assert_eq!(told(&format!("[{}]", r#"{"name":"Bob"}"#))[0].as_ref().unwrap().0.kind.word(), "unknown");
    }

    #[test]
    fn in_coded_lists_the_kind_is_that_of_the_list_but_for_the_country_itself() {
        let text = r#"{"name":"Ruritania","kind":"country","aliases":[],"roles":[{"code":"RUR","from":null,"to":null}]}
{"name":"Ann","kind":"country","aliases":["Ann (Acting"],"roles":[{"code":"RURGOV","from":"2012-12-07","to":"2012-08-02","raw":"20121207-20120802"},{"code":"IGOUNO 930921-940920","from":null,"to":null},{"code":"---","from":null,"to":null}]}
{"name":"Bob","kind":"country","aliases":[],"roles":[]}
{"name":"Strelsau","kind":"country","aliases":[],"roles":[{"code":"RUR","from":null,"to":null},{"code":"SYL","from":null,"to":null}]}
{"name":"Syldavia","kind":"country","aliases":[],"roles":[{"code":"BORSYL","from":null,"to":"1918"},{"code":"SYL","from":"1918","to":null}]}
{"name":"Press","kind":"international","aliases":[],"roles":[{"code":"MED","from":null,"to":null}]}
"#;
        let told: Vec<(Entity, String)> = told(text).into_iter().map(Result::unwrap).collect();
        let kinds: Vec<&str> = told.iter().map(|(entity, _)| entity.kind.word()).collect();
        assert_eq!(kinds, ["country", "unknown", "unknown", "unknown", "country", "unknown"]);
        assert!(told[..5].iter().all(|(_, note)| note.starts_with("listed as country")), "{told:?}");
        let (ann, note) = &told[1];
        assert_eq!((ann.aliases.len(), ann.roles.len(), ann.roles[0].title.as_str()), (0, 1, "IGOUNO"));
        assert_eq!(
            note,
            "listed as country; left out: the alias `Ann (Acting`, whose bracket never closes; left out: the role RURGOV, whose dates cannot be read (20121207-20120802); the dates of the role IGOUNO are not read, their years having two digits (930921-940920); left out: a role without a code"
        );
    }

    #[test]
    fn a_hundred_thousand_aliases_are_compared_by_what_they_are() {
        let aliases: Vec<String> = (0..50_000).flat_map(|n| [format!("\"a{n}\""), format!("\"a{}\"", n / 2)]).collect();
        let told = told(&format!("{{\"name\":\"x\",\"aliases\":[{}]}}", aliases.join(",")));
        assert_eq!(told[0].as_ref().unwrap().0.aliases.len(), 50_000);
    }

    #[test]
    fn what_is_broken_or_ambiguous_is_refused_by_reason() {
        let table = "name,kind,wikidata,roles\n";
        let cases = [
            ("x,persn,,\n", "2:2 unknown kind", "did you mean `person`"),
            ("x,,42,\n", "2:3 bad Wikidata id", "no id like Q42"),
            ("x,,Q+42,\n", "2:3 bad Wikidata id", "no id like Q42"),
            (",person,,\n", "2:1 no name", "has no name"),
            ("x (acting,,,\n", "2:1 cut name", "`x (acting` has a bracket that never closes"),
            ("x\u{1a}y,,,\n", "2:1 control character", "U+001A"),
            ("x,,,a | b | 2020 | 2019\n", "2:4 bad role", "`2019` is before `2020`"),
            ("x,,,a | b | 20201 | \n", "2:4 bad role", "no EDTF date"),
            ("x,,,a | b | 2020 | 2021 | c\n", "2:4 bad role", "title | of | from | to"),
            ("x,,\n", "2:0 column count", "3 columns, expected 4"),
            ("x,person,,\nx,person,,\nx,group,,\n", "4:0 name told twice", "otherwise in line 2"),
        ];
        for (rows, kind, said) in cases {
            let refused = refused(&format!("{table}{rows}"));
            assert!(refused.starts_with(kind) && refused.contains(said), "{rows}{refused}");
        }
        assert!(refused(r#"{"name":"x","alias":["y"]}"#).contains("did you mean `aliases`"));
        assert!(told(r#"{"name":"x","population":7}"#)[0].is_ok());
        assert!(refused("a,b\n").contains("expected a header with a column `name`"));
    }
}
