//! Two sets of views, compared row by row: the live ones against others that were made apart.

use std::cmp::Ordering;

use rusqlite::types::Value;
use rusqlite::{Connection, Rows, Statement};

use super::error::{Error, doing};
use super::views::Views;

/// A row that one of the views has and the other has not, or that differs.
#[derive(Clone, PartialEq, Debug)]
pub struct Difference {
    /// The table.
    pub table: String,
    /// The row that was made apart, in words; nothing where it is not there.
    pub expected: Option<String>,
    /// The live row.
    pub found: Option<String>,
}

/// A table with the columns of its key.
struct Table {
    name: String,
    /// Its columns, those of the key first.
    columns: Vec<String>,
    key: usize,
}

impl Views {
    /// Visits every row in which these views differ from others, which were made apart and come equally far.
    ///
    /// # Errors
    /// [`Error::Sqlite`], and the visitor's own.
    pub fn differences<E: From<Error>>(&self, apart: &Views, mut visit: impl FnMut(Difference) -> Result<(), E>) -> Result<(), E> {
        for table in tables(&apart.conn)? {
            compare(&table, &self.conn, &apart.conn, &mut visit)?;
        }
        Ok(())
    }
}

impl Views {
    /// What is wrong with how the full text is indexed, in SQLite's words: whether each word is found where it stands, and
    /// nowhere else. Indexes are not compared with each other, as the same words may be stored in more ways than one.
    ///
    /// # Errors
    /// [`Error::Sqlite`].
    pub fn search_fault(&self) -> Result<Option<String>, Error> {
        let checks = doing("checking the index of the full text");
        let said: String = self.conn.query_row("PRAGMA integrity_check(search)", [], |row| row.get(0)).map_err(checks)?;
        Ok((said != "ok").then_some(said))
    }
}

/// The tables of the layout; for one of full text its rows, as how they are indexed depends on when they came in.
fn tables(conn: &Connection) -> Result<Vec<Table>, Error> {
    let reads = doing("listing the tables of the views");
    let sql = "SELECT l.name, group_concat(c.name, char(10) ORDER BY c.pk = 0, c.pk, c.cid), sum(c.pk > 0) \
               FROM pragma_table_list l JOIN pragma_table_info(l.name) c \
               WHERE l.schema = 'main' AND l.type IN ('table', 'virtual') AND l.name NOT LIKE 'sqlite_%' GROUP BY l.name";
    let mut statement = conn.prepare(sql).map_err(reads)?;
    let table = |row: &rusqlite::Row<'_>| {
        let columns: String = row.get(1)?;
        let (mut columns, mut key): (Vec<String>, i64) = (columns.split('\n').map(str::to_owned).collect(), row.get(2)?);
        if key == 0 {
            columns.insert(0, "rowid".to_owned());
            key = 1;
        }
        Ok(Table { name: row.get(0)?, columns, key: usize::try_from(key).unwrap_or(1) })
    };
    let tables: Vec<Table> = statement.query_map([], table).and_then(Iterator::collect).map_err(reads)?;
    Ok(tables.into_iter().map(Table::without_begin).collect())
}

impl Table {
    /// When the views were begun, and what became of those before them, is no part of what they say.
    fn without_begin(mut self) -> Self {
        self.columns.retain(|column| column != "begun_at" && column != "swept");
        self
    }

    fn rows<'c>(&self, conn: &'c Connection) -> Result<Statement<'c>, Error> {
        let columns: Vec<String> = self.columns.iter().map(|column| format!("\"{column}\"")).collect();
        let sql = format!("SELECT {} FROM \"{}\" ORDER BY {}", columns.join(", "), self.name, columns[..self.key].join(", "));
        conn.prepare(&sql).map_err(doing("comparing the views"))
    }

    fn next(&self, rows: &mut Rows<'_>) -> Result<Option<Vec<Value>>, Error> {
        let reads = doing("comparing the views");
        let Some(row) = rows.next().map_err(reads)? else { return Ok(None) };
        (0..self.columns.len()).map(|column| row.get(column)).collect::<rusqlite::Result<_>>().map(Some).map_err(reads)
    }

    fn told(&self, row: &[Value]) -> String {
        let cells = self.columns.iter().zip(row).map(|(column, value)| match value {
            Value::Null => format!("{column} NULL"),
            Value::Integer(number) => format!("{column} {number}"),
            Value::Real(number) => format!("{column} {number}"),
            Value::Text(text) => format!("{column} `{text}`"),
            Value::Blob(bytes) => format!("{column} of {} bytes", bytes.len()),
        });
        cells.collect::<Vec<_>>().join(", ")
    }
}

fn compare<E: From<Error>>(
    table: &Table,
    live: &Connection,
    apart: &Connection,
    visit: &mut impl FnMut(Difference) -> Result<(), E>,
) -> Result<(), E> {
    let (mut live, mut apart) = (table.rows(live)?, table.rows(apart)?);
    let reads = doing("comparing the views");
    let (mut live, mut apart) = (live.query([]).map_err(reads)?, apart.query([]).map_err(reads)?);
    let (mut is, mut due) = (table.next(&mut live)?, table.next(&mut apart)?);
    loop {
        let order = match (&is, &due) {
            (None, None) => return Ok(()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(is), Some(due)) => in_order(&is[..table.key], &due[..table.key]),
        };
        if order != Ordering::Equal || is != due {
            let told = |row: &Option<Vec<Value>>, there: bool| row.as_ref().filter(|_| there).map(|row| table.told(row));
            let (expected, found) = (told(&due, order != Ordering::Less), told(&is, order != Ordering::Greater));
            visit(Difference { table: table.name.clone(), expected, found })?;
        }
        if order != Ordering::Greater {
            is = table.next(&mut live)?;
        }
        if order != Ordering::Less {
            due = table.next(&mut apart)?;
        }
    }
}

/// The order in which SQLite sorts values of STRICT tables: numbers, then text, then bytes.
fn in_order(a: &[Value], b: &[Value]) -> Ordering {
    let kind = |value: &Value| match value {
        Value::Null => 0,
        Value::Integer(_) | Value::Real(_) => 1,
        Value::Text(_) => 2,
        Value::Blob(_) => 3,
    };
    let one = |a: &Value, b: &Value| match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Value::Blob(a), Value::Blob(b)) => a.cmp(b),
        (a, b) => kind(a).cmp(&kind(b)),
    };
    a.iter().zip(b).map(|(a, b)| one(a, b)).find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal)
}
