//! Slugs: the short ASCII names that events point at entities, actions and claims with.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// Longest slug, in bytes.
pub const SLUG_MAX: usize = 100;
/// Longest name or alias, in bytes.
pub const NAME_MAX: usize = 1000;
/// How a claim is written as a target: this, then its slug.
pub const CLAIM_PREFIX: &str = "claim:";

/// Why a text is no slug.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("`{given}` is no slug (a-z and 0-9 in groups joined by single `-`, at most {SLUG_MAX} bytes); did you mean `{nearest}`?")]
pub struct SlugError {
    /// The text, shortened when it is very long.
    pub given: String,
    /// The slug that it would become.
    pub nearest: String,
}

/// Whether the text is a slug: `a-z 0-9` in groups joined by single `-`, at most [`SLUG_MAX`] bytes.
///
/// ```
/// use stancelog::event::is_slug;
/// assert!(is_slug("boris-johnson"));
/// assert!(!is_slug("Boris Johnson") && !is_slug("a--b") && !is_slug("-a") && !is_slug(""));
/// ```
pub fn is_slug(text: &str) -> bool {
    let groups = text.len() <= SLUG_MAX && !text.is_empty();
    groups && text.split('-').all(|g| !g.is_empty() && g.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

/// Checks a slug.
///
/// # Errors
/// [`SlugError`], which names the slug that the text would become.
pub fn check_slug(text: &str) -> Result<(), SlugError> {
    if is_slug(text) {
        return Ok(());
    }
    Err(SlugError { given: super::time::shorten(text), nearest: slug_of(text) })
}

/// The slug derived from a name: transliterated to ASCII, lower case, everything else a single `-`.
/// A name without a letter or digit becomes `x`.
///
/// ```
/// use stancelog::event::slug_of;
/// assert_eq!(slug_of("Volodymyr Zelenskyy"), "volodymyr-zelenskyy");
/// assert_eq!(slug_of("Владимир Путин"), "vladimir-putin");
/// assert_eq!(slug_of("  São Tomé & Príncipe (Government)"), "sao-tome-principe-government");
/// ```
pub fn slug_of(name: &str) -> String {
    let mut slug = String::with_capacity(name.len().min(SLUG_MAX));
    let mut gap = false;
    let ascii: String = if name.is_ascii() { name.to_owned() } else { deunicode::deunicode(&name.nfc().collect::<String>()) };
    for c in ascii.chars() {
        if c == '\'' {
            continue;
        }
        if !c.is_ascii_alphanumeric() {
            gap = true;
            continue;
        }
        if slug.len() + 2 > SLUG_MAX {
            break;
        }
        if gap && !slug.is_empty() {
            slug.push('-');
        }
        gap = false;
        slug.push(c.to_ascii_lowercase());
    }
    if slug.is_empty() { "x".to_owned() } else { slug }
}

/// A slug with a suffix that tells it from another: `mercury`, `mercury-2`, … still at most [`SLUG_MAX`] bytes.
pub fn with_suffix(slug: &str, number: u32) -> String {
    let suffix = format!("-{number}");
    let keep = slug.len().min(SLUG_MAX - suffix.len());
    let stem = slug.get(..keep).unwrap_or(slug).trim_end_matches('-');
    format!("{stem}{suffix}")
}

/// A name as it is compared: Unicode NFC, white space folded to single spaces, none at the ends.
///
/// ```
/// use stancelog::event::fold_name;
/// assert_eq!(fold_name("  Boris \t Johnson\n"), "Boris Johnson");
/// ```
pub fn fold_name(name: &str) -> String {
    let plain = name.is_ascii() && !name.contains(['\t', '\n', '\r', '\u{b}', '\u{c}']) && !name.contains("  ");
    if plain {
        return name.trim().to_owned();
    }
    let mut folded = String::with_capacity(name.len());
    for word in name.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.nfc());
    }
    folded
}

/// A target split in what it is: an entity by slug or name, or a claim by slug.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TargetRef<'a> {
    /// An entity, by slug, name or alias.
    Entity(&'a str),
    /// A claim, by slug.
    Claim(&'a str),
}

impl<'a> TargetRef<'a> {
    /// Tells a claim (`claim:…`) from an entity.
    pub fn of(target: &'a str) -> Self {
        match target.strip_prefix(CLAIM_PREFIX) {
            Some(claim) => Self::Claim(claim),
            None => Self::Entity(target),
        }
    }
}

impl fmt::Display for TargetRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entity(name) => f.write_str(name),
            Self::Claim(slug) => write!(f, "{CLAIM_PREFIX}{slug}"),
        }
    }
}
