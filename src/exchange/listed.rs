//! One row of a list of entities, read field by field.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

use super::date::date;
use super::fact::{Flaw, is_missing};
use crate::event::{Alias, Common, Entity, Evidence, Kind, Occurred, Role, fold_name, nearest};

/// The fields of a row of JSON, with the other words for them behind.
const FIELDS: [&str; 11] = ["name", "entity", "kind", "aliases", "roles", "wikidata", "identifiers", "note", "url", "slug", "description"];
/// The source of lists whose roles are codes: the actor dictionaries of Phoenix and its kin.
const CODED: &str = "phoenix-actors";

/// A row, read.
#[derive(Debug, Default)]
pub(super) struct Listed {
    name: String,
    entity: String,
    kind: String,
    aliases: Vec<Alias>,
    roles: Vec<Role>,
    identifiers: BTreeMap<String, String>,
    url: Option<String>,
    /// What is told in the entity's note.
    notes: Vec<String>,
    is_coded: bool,
    /// Whether codes tell that it is a country.
    is_country: bool,
    /// Where the fields stand that may be wrong, in a row of a table.
    columns: BTreeMap<&'static str, usize>,
}

/// What the rows so far have shown of a list whose roles are codes.
#[derive(Debug, Default)]
pub(super) struct Coding {
    /// Roles are codes: then the kinds are those of the lists that it was made from (`country` for all of a country's actors),
    /// not those of the entities.
    is_coded: bool,
    /// The codes of countries that were met.
    countries: HashSet<String>,
}

impl Coding {
    /// Whether an entity of a country's list is the country. A code of three letters is the country's own, without what part
    /// somebody has in it; who bears it first is the country, who bears it later belongs to one (Mayotte has the code of
    /// France). Longer codes tell persons, ministries and parties with the same letters: of these no kind is told.
    fn is_country(&mut self, roles: &[Value]) -> bool {
        let codes = roles.iter().filter_map(|role| role.get("code")?.as_str()?.split(' ').next());
        let own: Vec<&str> = codes.filter(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())).collect();
        let is_first = !own.is_empty() && own.iter().all(|code| !self.countries.contains(*code));
        if is_first {
            self.countries.extend(own.into_iter().map(str::to_owned));
        }
        is_first
    }
}

impl Listed {
    /// What a row of JSON tells.
    pub(super) fn of_object(fields: &Map<String, Value>, coding: &mut Coding) -> Result<Self, Flaw> {
        for key in fields.keys().filter(|key| !FIELDS.contains(&key.as_str()) && !key.starts_with('@')) {
            let near = nearest(key, FIELDS.into_iter());
            if !near.is_empty() {
                return Err(Flaw::new("unknown field", key, format!("unknown field `{key}`")).with_nearest(near));
            }
        }
        let text = |name: &'static str| match fields.get(name) {
            None | Some(Value::Null) => Ok(String::new()),
            Some(Value::String(text)) => Ok(text.trim().to_owned()),
            Some(_) => Err(Flaw::new("wrong type", name, "expected a string")),
        };
        let either = |name, other| text(name).and_then(|one| if one.is_empty() { text(other) } else { Ok(one) });
        let list = |name: &'static str| match fields.get(name) {
            None | Some(Value::Null) => Ok(&[] as &[Value]),
            Some(Value::Array(values)) => Ok(values.as_slice()),
            Some(_) => Err(Flaw::new("wrong type", name, "expected a list")),
        };
        let mut listed = Self { name: text("name")?, entity: either("entity", "slug")?, kind: text("kind")?, ..Self::default() };
        let roles = list("roles")?;
        coding.is_coded |= roles.iter().any(|role| role.get("code").is_some());
        listed.is_coded = coding.is_coded;
        listed.is_country = listed.is_coded && listed.kind == Kind::Country.word() && coding.is_country(roles);
        let known = |value: &Value| {
            serde_json::from_value(value.clone())
                .map_err(|_| Flaw::new("wrong type", "aliases", "expected names, or objects {name, from?, to?, source?}"))
        };
        listed.add_aliases(list("aliases")?.iter().map(known).collect::<Result<_, Flaw>>()?);
        roles.iter().try_for_each(|role| listed.add_role_of(role))?;
        match fields.get("identifiers") {
            None | Some(Value::Null) => {}
            Some(value) => {
                let wrong = |_| Flaw::new("wrong type", "identifiers", "expected an object of strings, such as {\"wikidata\": \"Q42\"}");
                listed.identifiers = serde_json::from_value(value.clone()).map_err(wrong)?;
            }
        }
        listed.add_wikidata(&text("wikidata")?);
        listed.tell(&either("note", "description")?, text("url")?);
        Ok(listed)
    }

    /// What a row of a table tells: `value` of a column by its name, and where the column stands.
    pub(super) fn of_row<'a>(value: impl Fn(&str) -> Result<&'a str, Flaw>, column: impl Fn(&str) -> Option<usize>) -> Result<Self, Flaw> {
        let text = |name: &str| value(name).map(|text| if is_missing(text) { String::new() } else { text.to_owned() });
        let either = |name: &str, other: &str| text(name).and_then(|one| if one.is_empty() { text(other) } else { Ok(one) });
        let mut listed = Self { name: text("name")?, entity: either("entity", "slug")?, kind: text("kind")?, ..Self::default() };
        listed.columns = ["name", "kind", "wikidata", "roles"].into_iter().filter_map(|name| Some((name, column(name)?))).collect();
        listed.add_aliases(parts(&text("aliases")?, ';').map(|name| Alias::Always(name.to_owned())).collect());
        let at = |flaw: Flaw| flaw.in_column(column("roles"));
        let roles: Vec<Role> = parts(&text("roles")?, ';').map(role_of_text).collect::<Result<_, Flaw>>().map_err(at)?;
        listed.roles = roles;
        listed.add_wikidata(&text("wikidata")?);
        listed.tell(&either("note", "description")?, text("url")?);
        Ok(listed)
    }

    /// Adds aliases, each once, and none that is the name itself.
    fn add_aliases(&mut self, aliases: Vec<Alias>) {
        let (name, mut seen) = (fold_name(&self.name), HashSet::new());
        for alias in aliases {
            let folded = fold_name(alias.name());
            if is_cut(&folded) {
                self.notes.push(format!("left out: the alias `{folded}`, whose bracket never closes"));
                continue;
            }
            let alias = match alias {
                Alias::Always(_) => Alias::Always(folded),
                Alias::Within(limits) => Alias::Within(limits),
            };
            let is_own = matches!(&alias, Alias::Always(other) if *other == name || other.is_empty());
            // A list of aliases may be long: what was there is known by its JSON.
            if !is_own && seen.insert(serde_json::to_string(&alias).unwrap_or_default()) {
                self.aliases.push(alias);
            }
        }
    }

    fn add_role_of(&mut self, role: &Value) -> Result<(), Flaw> {
        let text = |name: &str| role.get(name).and_then(Value::as_str).unwrap_or_default().trim();
        let title = [text("title"), text("role"), text("code")].into_iter().find(|one| !is_missing(one)).unwrap_or_default();
        // Codes are one word; what stands behind it is a date that was not read.
        let (title, rest) = if self.is_coded { title.split_once(' ').unwrap_or((title, "")) } else { (title, "") };
        if title.is_empty() && self.is_coded {
            self.notes.push("left out: a role without a code".to_owned());
            return Ok(());
        }
        if let Some(raw) = role.get("raw").and_then(Value::as_str) {
            self.notes.push(format!("left out: the role {title}, whose dates cannot be read ({raw})"));
            return Ok(());
        }
        if !rest.is_empty() {
            self.notes.push(format!("the dates of the role {title} are not read, their years having two digits ({rest})"));
        }
        self.roles.push(read_role(title, text("of"), text("from"), text("to"))?);
        Ok(())
    }

    fn add_wikidata(&mut self, given: &str) {
        if !given.is_empty() {
            let id = given.rsplit('/').next().unwrap_or(given).to_uppercase();
            self.identifiers.insert("wikidata".to_owned(), id);
        }
    }

    fn tell(&mut self, note: &str, url: String) {
        if self.is_coded && !self.kind.is_empty() {
            self.notes.insert(0, format!("listed as {}", self.kind));
        }
        if !note.is_empty() {
            self.notes.insert(0, note.to_owned());
        }
        self.url = Some(url).filter(|url| !url.is_empty());
    }

    fn flaw(&self, kind: &'static str, field: &'static str, said: String) -> Flaw {
        Flaw::new(kind, field, said).in_column(self.columns.get(field).copied())
    }

    /// The entity, with what is told beside it. Its slug is empty where the row gives none.
    pub(super) fn entity(self) -> Result<(Entity, Common), Flaw> {
        let name = fold_name(&self.name);
        if name.is_empty() {
            return Err(self.flaw("no name", "name", "the row has no name".to_owned()));
        }
        if let Some(control) = name.chars().find(|c| c.is_control()) {
            let said = format!("holds the control character U+{:04X}: the name is damaged", u32::from(control));
            return Err(self.flaw("control character", "name", said));
        }
        if is_cut(&name) {
            return Err(self.flaw(
                "cut name",
                "name",
                format!("`{name}` has a bracket that never closes, or closes one that it does not open"),
            ));
        }
        let kind = match (self.is_coded, Kind::from_word(&self.kind.to_lowercase())) {
            (true, _) if self.is_country => Kind::Country,
            (true, _) => Kind::Unknown,
            (false, _) if self.kind.is_empty() => Kind::Unknown,
            (false, Some(kind)) => kind,
            (false, None) => {
                let words = Kind::ALL.iter().map(|kind| kind.word());
                let said = format!("`{}` is no kind; expected one of {}", self.kind, words.clone().collect::<Vec<_>>().join(", "));
                return Err(self.flaw("unknown kind", "kind", said).with_nearest(nearest(&self.kind, words)));
            }
        };
        let is_id = |id: &str| {
            id.strip_prefix('Q')
                .is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit() && c != '0') && number.parse::<u64>().is_ok())
        };
        if let Some(id) = self.identifiers.get("wikidata").filter(|id| !is_id(id)) {
            return Err(self.flaw("bad Wikidata id", "wikidata", format!("`{id}` is no id like Q42")));
        }
        let source = self.is_coded.then(|| CODED.to_owned());
        let is_told = source.is_some() || self.url.is_some();
        let evidence = is_told.then(|| Evidence { source, url: self.url, ..Evidence::default() }).into_iter().collect();
        let note = Some(self.notes.join("; ")).filter(|note| !note.is_empty());
        let (entity, aliases, roles, identifiers) = (self.entity, self.aliases, self.roles, self.identifiers);
        let entity = Entity { entity, kind, name, aliases, roles, identifiers, stands_for: Vec::new() };
        Ok((entity, Common { note, evidence, ..Common::default() }))
    }
}

/// Whether a name has a bracket without the other one, as names have that were cut off.
fn is_cut(name: &str) -> bool {
    name.matches('(').count() != name.matches(')').count()
}

fn parts(text: &str, by: char) -> impl Iterator<Item = &str> {
    text.split(by).map(str::trim).filter(|part| !part.is_empty())
}

/// A role as a table has it: `title | of | from | to`, the last ones as far as they are known.
fn role_of_text(text: &str) -> Result<Role, Flaw> {
    let mut given: Vec<&str> = text.split('|').map(str::trim).collect();
    if given.len() > 4 {
        return Err(Flaw::new("bad role", "roles", format!("`{text}` has more than title | of | from | to")));
    }
    given.resize(4, "");
    read_role(given[0], given[1], given[2], given[3])
}

fn read_role(title: &str, of: &str, from: &str, to: &str) -> Result<Role, Flaw> {
    let bad = |said: String| Flaw::new("bad role", "roles", said);
    if title.is_empty() {
        return Err(bad("a role has no title".to_owned()));
    }
    let read = |text: &str| -> Result<Option<Occurred>, Flaw> {
        if text == ".." { Ok(None) } else { date(text, "roles").map_err(|flaw| bad(flaw.said().to_owned())) }
    };
    let (from, to) = (read(from)?, read(to)?);
    if let (Some(from), Some(to)) = (&from, &to)
        && to.latest() < from.earliest()
    {
        return Err(bad(format!("`{to}` is before `{from}`, where the role {title} begins")));
    }
    Ok(Role { title: title.to_owned(), of: Some(of.to_owned()).filter(|of| !of.is_empty()), from, to })
}
