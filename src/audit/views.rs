//! The views against a fresh replay: made again apart from the log, and compared row by row.

use std::path::Path;

use super::error::Error;
use super::finding::{Finding, Kind};
use crate::log::Reader;
use crate::projection::{Views, catch_up};

/// Compares views with others that are made afresh in a folder; visits every row in which they differ.
///
/// # Errors
/// What keeps log or views from being read; damage is a finding.
pub fn compare_views<E: From<Error>>(
    views: &Views,
    reader: Reader<'_>,
    folder: &Path,
    progress: &mut dyn FnMut(i64),
    mut visit: impl FnMut(Finding) -> Result<(), E>,
) -> Result<(), E> {
    let compared = compare(views, reader, folder, progress, &mut |finding| visit(finding));
    match compared {
        Ok(()) => Ok(()),
        Err(Stopped::Visitor(error)) => Err(error),
        Err(Stopped::Audit(error)) => visit(error.into_finding("views", None).map_err(E::from)?),
    }
}

/// Why a comparison ended early: the visitor would not go on, or something does not read.
enum Stopped<E> {
    Visitor(E),
    Audit(Error),
}

impl<E> From<crate::projection::Error> for Stopped<E> {
    fn from(error: crate::projection::Error) -> Self {
        Stopped::Audit(error.into())
    }
}

fn compare<E>(
    views: &Views,
    reader: Reader<'_>,
    folder: &Path,
    progress: &mut dyn FnMut(i64),
    visit: &mut dyn FnMut(Finding) -> Result<(), E>,
) -> Result<(), Stopped<E>> {
    let apart = Views::open(&folder.join("views"))?;
    apart.be_fleeting()?;
    let (_live, _apart) = loop {
        catch_up(&apart, reader, |seq| progress(seq.0))?;
        let reading = (views.read()?, apart.read()?);
        // Others may go on appending, and bring the live views up to that.
        if views.cursor()?.seq == apart.cursor()?.seq {
            break reading;
        }
        drop(reading);
        catch_up(views, reader, |_| {})?;
    };
    if let Some(said) = views.search_fault()? {
        visit(Finding::of("views/search", Kind::Views, "an index in which each word is found where it stands", said))
            .map_err(Stopped::Visitor)?;
    }
    if !views.is_swept()? {
        let found = "one that may still hold text that was erased; the next command that writes removes it";
        visit(Finding::of("views", Kind::Erasure, "a file written anew since it was emptied", found)).map_err(Stopped::Visitor)?;
    }
    views.differences(&apart, |difference| {
        let said = |row: Option<String>| row.unwrap_or_else(|| "no such row".to_owned());
        let table = format!("views/{}", difference.table);
        visit(Finding::of(&table, Kind::Views, said(difference.expected), said(difference.found))).map_err(Stopped::Visitor)
    })
}
