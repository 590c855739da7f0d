//! Checkpoints: the text that says of which log, how large and with which root a tree is (C2SP `tlog-checkpoint`).

use std::fmt;
use std::str::FromStr;

use super::encoding::{has_control_character, within};
use super::note::MAX_NOTE_BYTES;
use super::{Error, Format, Hash, MAX_NAME_BYTES, TreeHead, TreeSize};

/// The head of a log's tree, as it is signed. Prints as the text to sign; read from others, it is only worth its signature.
///
/// ```
/// use stancelog::merkle::{Checkpoint, SignerKey, TreeHead, Trust};
///
/// let signer = SignerKey::generate("example.com/log".parse()?)?;
/// let checkpoint = Checkpoint::new("example.com/log", TreeHead::EMPTY)?;
/// let note = signer.sign(&checkpoint.to_string())?;
///
/// let trust = Trust::new(signer.verifier())?;
/// let verified = trust.open(note.to_string().as_bytes())?;
/// assert_eq!(verified.checkpoint, checkpoint);
/// # Ok::<(), stancelog::merkle::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    head: TreeHead,
    extensions: Vec<String>,
}

impl Checkpoint {
    /// A checkpoint without extension lines. The origin names the log for ever; by custom it is the name of the log's key.
    pub fn new(origin: &str, head: TreeHead) -> Result<Self, Error> {
        let no_extensions = Vec::new();
        Self::checked(origin, head, no_extensions)
    }

    /// The same checkpoint with one more extension line. The specification advises against them, as nobody can audit them.
    pub fn with_extension(mut self, line: &str) -> Result<Self, Error> {
        self.extensions.push(line.to_owned());
        Self::checked(&self.origin, self.head, self.extensions)
    }

    /// Which log this is about.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Size and root of the log's tree.
    pub const fn head(&self) -> TreeHead {
        self.head
    }

    /// Lines after the root, opaque, usually none.
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }

    fn checked(origin: &str, head: TreeHead, extensions: Vec<String>) -> Result<Self, Error> {
        let is_line = |line: &str| !line.is_empty() && !line.contains('\n') && !has_control_character(line);
        if !is_line(origin) {
            return Err(malformed(1, "the log's origin, one line that is not empty"));
        }
        within(Format::Checkpoint, origin.len(), MAX_NAME_BYTES, "bytes of origin")?;
        if head.size == TreeSize::EMPTY && head.root != Hash::EMPTY_TREE {
            return Err(malformed(3, "the root of the empty tree, as its size is 0"));
        }
        if let Some(place) = extensions.iter().position(|line| !is_line(line)) {
            return Err(malformed(place + 4, "an extension line that is not empty"));
        }
        let origin = origin.to_owned();
        Ok(Self { origin, head, extensions })
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TreeHead { size, root } = self.head;
        writeln!(formatter, "{}\n{size}\n{}", self.origin, root.to_base64())?;
        let mut lines = self.extensions.iter();
        lines.try_for_each(|line| writeln!(formatter, "{line}"))
    }
}

impl FromStr for Checkpoint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        within(Format::Checkpoint, text.len(), MAX_NOTE_BYTES, "bytes")?;
        let body = text.strip_suffix('\n').ok_or(malformed(1, "lines that end in newlines"))?;
        let mut lines = body.split('\n');
        let origin = lines.next().ok_or(malformed(1, "the log's origin"))?;
        let size = lines.next().ok_or(malformed(2, "the tree size"))?;
        let size = size.parse().map_err(|error| match error {
            Error::TooLarge { .. } => error,
            _ => malformed(2, "the tree size, a decimal number without sign or leading zeros"),
        })?;
        let root = lines.next().and_then(Hash::from_base64).ok_or(malformed(3, "the root hash, base64 of 32 bytes"))?;
        let extensions = lines.map(str::to_owned).collect();
        Self::checked(origin, TreeHead { size, root }, extensions)
    }
}

fn malformed(line: usize, expected: &'static str) -> Error {
    let format = Format::Checkpoint;
    Error::Malformed { format, line, expected }
}
