//! The registry: which slugs, names and words the log knows, for whoever resolves what a user wrote.

use rusqlite::{Connection, OptionalExtension};

use super::entries::slug_number;
use super::error::{Error, doing};
use crate::event::{Kind, Meaning, Micros};

/// A slug as the registry has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    /// Its number in the tables.
    pub number: i64,
    /// The slug.
    pub slug: String,
    /// The name in force; nothing where no definition is.
    pub name: Option<String>,
}

/// A name as the registry has it: the slug that it names, and within which limits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// The slug.
    pub slug: Known,
    /// The event that gave the name.
    pub seq: i64,
    /// From when on it holds.
    pub from: Micros,
    /// Until when it holds.
    pub to: Micros,
    /// In which source alone it holds.
    pub source: Option<String>,
}

/// The registry of the present.
pub struct Registry<'a> {
    conn: &'a Connection,
}

fn known(row: &rusqlite::Row<'_>) -> rusqlite::Result<Known> {
    Ok(Known { number: row.get(0)?, slug: row.get(1)?, name: row.get(2)? })
}

impl<'a> Registry<'a> {
    /// The registry of open views.
    pub fn of(views: &'a super::Views) -> Self {
        Self { conn: &views.conn }
    }

    /// A slug that some event names.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn slug(&self, slug: &str) -> Result<Option<Known>, Error> {
        let reads = doing("looking up a slug");
        let mut statement = self.conn.prepare_cached("SELECT id, slug, name FROM slug WHERE slug = ?1").map_err(reads)?;
        statement.query_row([slug], known).optional().map_err(reads)
    }

    /// What kind of thing a slug is; nothing where no definition is in force.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn kind(&self, slug: &str) -> Result<Option<Kind>, Error> {
        let reads = doing("looking up the kind of a slug");
        let mut statement = self.conn.prepare_cached("SELECT kind FROM slug WHERE slug = ?1").map_err(reads)?;
        let number: Option<Option<i64>> = statement.query_row([slug], |row| row.get(0)).optional().map_err(reads)?;
        Ok(number.flatten().and_then(Kind::from_number))
    }

    /// A slug by its number.
    ///
    /// # Errors
    /// [`Error::Sqlite`]; [`Error::Unreadable`] for a number that was never given.
    pub fn by_number(&self, number: i64) -> Result<Known, Error> {
        let reads = doing("looking up a slug by its number");
        let mut statement = self.conn.prepare_cached("SELECT id, slug, name FROM slug WHERE id = ?1").map_err(reads)?;
        let found = statement.query_row([number], known).optional().map_err(reads)?;
        found.ok_or(Error::Unreadable { what: "the number of a slug" })
    }

    /// What a name (folded) was ever given to.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn named(&self, name: &str) -> Result<Vec<Named>, Error> {
        let reads = doing("looking up a name");
        let sql = "SELECT slug.id, slug.slug, slug.name, name.seq, valid_from, valid_to, nullif(source, '') FROM name JOIN slug ON slug.id = name.slug WHERE name.name = ?1";
        let mut statement = self.conn.prepare_cached(sql).map_err(reads)?;
        let named = |row: &rusqlite::Row<'_>| {
            Ok(Named { slug: known(row)?, seq: row.get(3)?, from: Micros(row.get(4)?), to: Micros(row.get(5)?), source: row.get(6)? })
        };
        statement.query_map([name], named).and_then(Iterator::collect).map_err(reads)
    }

    /// Whether a name (folded) was ever given to a slug, in force or not.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn was_named(&self, slug: &str, name: &str) -> Result<bool, Error> {
        let reads = doing("looking up a name");
        let sql = "SELECT 1 FROM name JOIN slug ON slug.id = name.slug WHERE name.name = ?1 AND slug.slug = ?2";
        self.conn.prepare_cached(sql).and_then(|mut s| s.exists((name, slug))).map_err(reads)
    }

    /// A word of the vocabulary, with what it means.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn action(&self, action: &str) -> Result<Option<Meaning>, Error> {
        let reads = doing("looking up an action");
        let sql = "SELECT meaning FROM action WHERE action = ?1 AND meaning IS NOT NULL";
        let code: Option<i64> =
            self.conn.prepare_cached(sql).and_then(|mut s| s.query_row([action], |row| row.get(0)).optional()).map_err(reads)?;
        Ok(code.and_then(Meaning::from_code))
    }

    /// Whether any event uses or defines a word, in force or not.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn has_action(&self, action: &str) -> Result<bool, Error> {
        let mut statement = self.conn.prepare_cached("SELECT 1 FROM action WHERE action = ?1").map_err(doing("looking up an action"))?;
        statement.exists([action]).map_err(doing("looking up an action"))
    }

    /// All words of the vocabulary that have a meaning.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn actions(&self) -> Result<Vec<String>, Error> {
        self.texts("SELECT action FROM action WHERE meaning IS NOT NULL ORDER BY action", [])
    }

    /// Whether a claim is registered.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn has_claim(&self, target: &str) -> Result<bool, Error> {
        let reads = doing("looking up a claim");
        let Some(number) = slug_number(self.conn, target)? else { return Ok(false) };
        self.conn.prepare_cached("SELECT 1 FROM claim WHERE claim = ?1").and_then(|mut s| s.exists([number])).map_err(reads)
    }

    /// Names and slugs that begin alike, for suggestions; at most some hundreds.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn similar(&self, text: &str) -> Result<Vec<String>, Error> {
        let (Some(stem), slug) = (text.chars().next().map(String::from), crate::event::slug_of(text)) else { return Ok(Vec::new()) };
        let slug_stem = slug.get(..2.min(slug.len())).unwrap_or_default().to_owned();
        let between = |from: &str| (from.to_owned(), format!("{from}\u{10ffff}"));
        let mut found =
            self.texts("SELECT slug FROM slug WHERE slug BETWEEN ?1 AND ?2 AND slug NOT LIKE 'source:%' LIMIT 400", between(&slug_stem))?;
        found.extend(self.texts("SELECT DISTINCT name FROM name WHERE name BETWEEN ?1 AND ?2 LIMIT 2000", between(&stem))?);
        Ok(found)
    }

    /// Slugs of entities one of whose names has all the words of a text, for suggestions; at most three.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn containing(&self, text: &str) -> Result<Vec<String>, Error> {
        let words: Vec<String> = text
            .split(|c: char| c.is_whitespace() || c == '\0')
            .filter(|word| !word.is_empty())
            .take(8)
            .map(|word| format!("\"{}\"*", word.replace('"', "\"\"")))
            .collect();
        if words.is_empty() || text.len() > 200 {
            return Ok(Vec::new());
        }
        let sql =
            "SELECT DISTINCT slug.slug FROM search JOIN slug ON slug.id = search.ref WHERE search MATCH ?1 AND search.kind = 0 LIMIT 3";
        self.texts(sql, [words.join(" ")])
    }

    fn texts(&self, sql: &str, key: impl rusqlite::Params) -> Result<Vec<String>, Error> {
        let reads = doing("looking through the registry");
        let mut statement = self.conn.prepare_cached(sql).map_err(reads)?;
        statement.query_map(key, |row| row.get(0)).and_then(Iterator::collect).map_err(reads)
    }
}

impl Named {
    /// Whether the name holds for something that happened in an interval and is told in some sources.
    pub fn holds(&self, earliest: Micros, latest: Micros, sources: &[&str]) -> bool {
        let in_source = self.source.as_deref().is_none_or(|source| sources.contains(&source));
        in_source && self.from <= latest && earliest <= self.to
    }
}
