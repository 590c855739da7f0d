//! Bundles: one file that answers a question, with everything that the answer follows from and proofs of it. The form is
//! documented in `schema/bundle.md`, for whoever writes another checker.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::error::Error;
use super::proof::{doing, inclusion};
use super::row::hex;
use crate::event::Micros;
use crate::log::{Reader, Seq};
use crate::merkle::{Checkpoint, Hash, SignedNote, SignerKey};
use crate::query::{Counted, Detail, Snapshot};
use crate::stance::Rule;

/// What a bundle says that it is.
pub const BUNDLE_FORMAT: &str = "stancelog-bundle/1";

/// What was asked.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Asking {
    /// The actor's slug.
    pub actor: String,
    /// The target's slug.
    pub target: String,
    /// The end of the date asked for, as a time; nothing: everything counts.
    #[schema(required = true, value_type = Option<Micros>)]
    pub as_of: Option<String>,
    /// The same in microseconds since 1970.
    #[schema(required = true)]
    pub as_of_us: Option<i64>,
    /// What was recorded after this seq does not count.
    pub known_at: i64,
    /// The rule.
    pub rule: Rule,
}

/// One event with everything that is hashed for it, and the proof that it is in the log.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BundledEvent {
    /// Its place in the log; its leaf has the index `seq - 1`.
    pub seq: i64,
    /// 65 bytes, hexadecimal.
    #[schema(pattern = "^[0-9a-f]*$")]
    pub header: String,
    /// 16 bytes, hexadecimal; nothing where the content was erased.
    #[schema(required = true, pattern = "^[0-9a-f]*$")]
    pub salt: Option<String>,
    /// The stored JSON, byte for byte; nothing where the content was erased.
    #[schema(required = true)]
    pub body: Option<String>,
    /// The hashes from its leaf to the root, hexadecimal.
    pub proof: Vec<String>,
}

/// One file that answers a question.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// [`BUNDLE_FORMAT`].
    pub format: String,
    /// What was asked.
    pub question: Asking,
    /// The answer, as `stance` gives it, its fields by name.
    pub answer: serde_json::Value,
    /// The events that count, in valid order, and how.
    pub counted: Vec<Counted>,
    /// Every event that the answer follows from, by seq.
    pub events: Vec<BundledEvent>,
    /// The signed checkpoint that the proofs lead to.
    pub checkpoint: String,
    /// A note signed by the log's key over the hashes of all the other parts.
    pub seal: String,
}

impl Bundle {
    /// Puts together and signs the bundle of a question.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Query`], [`Error::Merkle`].
    pub fn make(snapshot: &Snapshot<'_>, actor: i64, target: i64, key: &SignerKey) -> Result<Self, Error> {
        let reader = snapshot.reader();
        let answer = snapshot.answer(actor, target, Detail::Full)?;
        let note = super::sign_checkpoint(reader, reader.head()?, key)?;
        let head = note.text().parse::<Checkpoint>().map_err(doing("reading a checkpoint"))?.head();
        let events = snapshot.grounds(actor, target)?.into_iter().map(|seq| bundled(reader, seq, head)).collect::<Result<_, _>>()?;
        let as_of = snapshot.when().as_of.filter(|end| *end != Micros::MAX);
        let question = Asking {
            actor: answer.actor.clone(),
            target: answer.target.clone(),
            as_of: as_of.map(|end| end.to_string()),
            as_of_us: as_of.map(|end| end.0),
            known_at: snapshot.known_at().0,
            rule: snapshot.when().rule,
        };
        let (format, counted) = (BUNDLE_FORMAT.to_owned(), snapshot.counted(actor, target)?);
        let (answer, checkpoint) = (serde_json::to_value(answer)?, note.to_string());
        let mut bundle = Self { format, question, answer, counted, events, checkpoint, seal: String::new() };
        bundle.seal = key.sign(&bundle.seal_text()?).map_err(doing("sealing a bundle"))?.to_string();
        Ok(bundle)
    }

    /// The text that the seal signs: the hash of each part, as compact JSON with its own order of fields.
    pub(super) fn seal_text(&self) -> Result<String, Error> {
        let mut text = format!("{}\n", self.format);
        for (name, part) in self.parts()? {
            text.push_str(&format!("{name} {}\n", hex(&Sha256::digest(part.as_bytes()))));
        }
        Ok(text)
    }

    /// The sealed parts, as compact JSON.
    pub(super) fn parts(&self) -> Result<[(&'static str, String); 5], Error> {
        Ok([
            ("question", serde_json::to_string(&self.question)?),
            ("answer", serde_json::to_string(&self.answer)?),
            ("counted", serde_json::to_string(&self.counted)?),
            ("events", serde_json::to_string(&self.events)?),
            ("checkpoint", serde_json::to_string(&self.checkpoint)?),
        ])
    }

    /// The file: JSON with an indent of two, in the one spelling that is accepted.
    ///
    /// # Errors
    /// [`Error::Json`].
    pub fn to_text(&self) -> Result<String, Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

fn bundled(reader: Reader<'_>, seq: Seq, head: crate::merkle::TreeHead) -> Result<BundledEvent, Error> {
    let missing = || crate::log::Error::Damaged { seq, reason: "it is missing".to_owned() };
    let row = reader.at(seq)?.ok_or_else(missing)?;
    let (header, salt) = (reader.header(seq)?, reader.salt(seq)?.map(|salt| hex(&salt)));
    let proof = inclusion(reader, seq, head)?.hashes().iter().map(Hash::to_string).collect();
    Ok(BundledEvent { seq: seq.0, header: hex(&header), salt, body: row.body, proof })
}

/// Reads a signed note that must bear the signatures of known keys alone.
pub(super) fn strict_note(text: &str, known: usize) -> Result<SignedNote, String> {
    let note = SignedNote::parse(text.as_bytes()).map_err(|error| error.to_string())?;
    match note.signatures().len() {
        count if count <= known => Ok(note),
        count => Err(format!("{count} signatures, of which at most {known} are of keys that were given")),
    }
}
