//! Signed notes: a text, an empty line, and a line for each signature (C2SP `signed-note`).

use std::fmt;

use super::encoding::{has_control_character, plain_text, within};
use super::signature::LINE_FORM;
use super::{Error, Format, KeyId, KeyName, NoteSignature, VerifiedSignature, VerifierKey};

/// The longest note that is read or written: room for sixteen post-quantum signatures, which every verifier must accept.
pub const MAX_NOTE_BYTES: usize = 256 * 1024;
/// The most signatures on a note that is read or written.
pub const MAX_SIGNATURES: usize = 100;

/// A text with its signatures, well formed but not believed: only [`SignedNote::verify`] says who signed it.
///
/// Prints as the note's exact bytes. [`super::VerifierKey`] has an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl SignedNote {
    /// A note with its first signature.
    pub(super) fn new(text: &str, signature: NoteSignature) -> Result<Self, Error> {
        if !text.ends_with('\n') || has_control_character(text) {
            let expected = "a text that ends in a newline and has no other control character";
            return Err(malformed(1, expected));
        }
        let note = Self { text: text.to_owned(), signatures: vec![signature] };
        note.within_limits()
    }

    /// Reads a note strictly: UTF-8, no control characters but newlines, canonical base64.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        within(Format::SignedNote, bytes.len(), MAX_NOTE_BYTES, "bytes")?;
        let note = plain_text(Format::SignedNote, bytes)?;
        let blank = note.rfind("\n\n").ok_or(malformed(1, "followed by an empty line and signatures"))?;
        let (text, lines) = note.split_at(blank + 1);
        let first_line = text.matches('\n').count() + 2;
        let lines = lines[1..].strip_suffix('\n').ok_or(malformed(first_line, "signatures that end in a newline"))?;
        let signatures = lines
            .split('\n')
            .enumerate()
            .map(|(number, line)| NoteSignature::read(line).ok_or(malformed(first_line + number, LINE_FORM)))
            .collect::<Result<_, _>>()?;
        let text = text.to_owned();
        Self { text, signatures }.within_limits()
    }

    /// The signed text, with its last newline. Do not believe it before [`SignedNote::verify`].
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All signatures, in order, of known and unknown keys.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// The same note with a signature line added, such as a witness returns. It takes the place of an earlier one of the same key.
    pub fn with_signature_line(&self, line: &str) -> Result<Self, Error> {
        within(Format::SignatureLine, line.len(), MAX_NOTE_BYTES, "bytes")?;
        let line = line.strip_suffix('\n').unwrap_or(line);
        let added = NoteSignature::read(line).ok_or(Error::Malformed { format: Format::SignatureLine, line: 1, expected: LINE_FORM })?;
        let mut note = self.clone();
        note.signatures.retain(|kept| !kept.same_key(&added.name, added.id));
        note.signatures.push(added);
        note.within_limits()
    }

    /// Which of the trusted keys have signed the note; at least one must have.
    ///
    /// Signatures of other keys are ignored. One that claims a trusted key's name and id but does not fit refuses the whole note, and
    /// so does a second signature of the same trusted key.
    pub fn verify(&self, trusted: &[VerifierKey]) -> Result<Vec<VerifiedSignature>, Error> {
        let mut verified: Vec<VerifiedSignature> = Vec::new();
        for signature in &self.signatures {
            let (name, id) = (&signature.name, signature.id);
            let Some(key) = only_key(trusted, name, id)? else {
                continue;
            };
            let bad = || Error::BadSignature { name: name.clone(), id };
            let time_s = key.check(&self.text, &signature.bytes).ok_or_else(bad)?;
            if verified.iter().any(|seen| seen.name == *name && seen.id == id) {
                let name = name.clone();
                return Err(Error::RepeatedSignature { name, id });
            }
            let name = name.clone();
            verified.push(VerifiedSignature { name, id, time_s });
        }
        if verified.is_empty() {
            return Err(Error::NotSigned { wanted: names_of(trusted) });
        }
        Ok(verified)
    }

    fn within_limits(self) -> Result<Self, Error> {
        let format = Format::SignedNote;
        within(format, self.signatures.len(), MAX_SIGNATURES, "signatures")?;
        within(format, self.to_string().len(), MAX_NOTE_BYTES, "bytes")?;
        Ok(self)
    }
}

impl fmt::Display for SignedNote {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.text)?;
        let mut lines = self.signatures.iter();
        lines.try_for_each(|signature| writeln!(formatter, "{signature}"))
    }
}

/// The trusted key with this name and id; the same key listed twice is one key, two different ones are refused.
fn only_key<'keys>(trusted: &'keys [VerifierKey], name: &KeyName, id: KeyId) -> Result<Option<&'keys VerifierKey>, Error> {
    let mut matching = trusted.iter().filter(|key| key.name() == name && key.id() == id);
    let first = matching.next();
    if matching.any(|key| Some(key) != first) {
        let name = name.clone();
        return Err(Error::AmbiguousKey { name, id });
    }
    Ok(first)
}

fn names_of(keys: &[VerifierKey]) -> String {
    let names: Vec<_> = keys.iter().map(|key| format!("`{}`", key.name())).collect();
    if names.is_empty() {
        return "any key, as none is trusted".to_owned();
    }
    names.join(" or ")
}

fn malformed(line: usize, expected: &'static str) -> Error {
    let format = Format::SignedNote;
    Error::Malformed { format, line, expected }
}
