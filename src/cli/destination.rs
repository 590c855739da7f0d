//! Where an export or a picture goes: stdout, or a file that has its name only once it is complete.

use std::fs::{self, File};
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::failure::Failure;
use super::out::Out;
use crate::ledger::Error;

/// Writes an answer to a file, or to stdout where none is named.
pub(super) fn write(to: Option<&Path>, out: &mut Out, answer: impl FnOnce(&mut Out) -> Result<(), Failure>) -> Result<(), Failure> {
    let Some(path) = to else { return answer(out) };
    let cannot = |source| Failure::Ledger(Error::File { doing: "write", path: path.to_owned(), source });
    let (file, beside) = open(path).map_err(cannot)?;
    let stdout = out.answer_into(Box::new(file))?;
    let done = answer(out).and_then(|()| out.answer_into(stdout).map(drop));
    done.map_err(|failure| match failure {
        Failure::Output(source) => cannot(source),
        other => other,
    })?;
    if let Some((beside, path)) = beside {
        // If we die before this line, the file that was there before is still there, whole.
        beside.as_file().sync_all().map_err(cannot)?;
        beside.persist(path).map_err(|error| cannot(error.error))?;
    }
    Ok(())
}

/// Refuses to write what is no text to a terminal.
pub(super) fn must_not_be_a_terminal(to: Option<&Path>) -> Result<(), Failure> {
    if to.is_none() && io::stdout().is_terminal() {
        return Err(Failure::Usage("Parquet is not for terminals; name a file with -o FILE".to_owned()));
    }
    Ok(())
}

/// A file to write to; with the one beside it that takes its name in the end, and that name. What is there and no ordinary
/// file, as a device or a pipe, is written to itself.
fn open(path: &Path) -> io::Result<(File, Option<(NamedTempFile, PathBuf)>)> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&path).is_ok_and(|about| !about.is_file()) {
        return Ok((File::options().write(true).open(&path)?, None));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = beside(folder)?;
    Ok((beside.reopen()?, Some((beside, path))))
}

/// A file that goes away unless it is kept, with the rights that any new file has.
fn beside(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".stancelog-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
