//! The three ways bytes and numbers are written in these texts, read strictly: every value has exactly one accepted spelling.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Error, Format};

/// Standard padded base64 (RFC 4648, section 4).
pub(super) fn base64_encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads canonical base64 only: full padding, no stray bits, no other characters.
pub(super) fn base64_decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Lowercase hexadecimal digits, two for each byte.
pub(super) fn hex_encode(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0x0f)]).collect()
}

/// Reads lowercase hexadecimal of exactly `N` bytes.
pub(super) fn hex_decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != N.checked_mul(2)? {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let &[high, low] = pair else { return None };
        *byte = (nibble(high)? << 4) | nibble(low)?;
    }
    Some(bytes)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// Reads an ASCII decimal without sign, spaces or leading zeros (but `0` itself).
pub(super) fn decimal_decode(text: &str) -> Option<u64> {
    let digits = text.as_bytes();
    let canonical = match digits {
        [] => false,
        [b'0'] => true,
        [first, ..] => *first != b'0' && digits.iter().all(u8::is_ascii_digit),
    };
    canonical.then(|| text.parse().ok()).flatten()
}

/// Reads UTF-8 without ASCII control characters other than newlines, as the C2SP texts must be.
pub(super) fn plain_text(format: Format, bytes: &[u8]) -> Result<&str, Error> {
    let malformed = |before: &[u8], expected| Error::Malformed { format, line: before.split(|byte| *byte == b'\n').count(), expected };
    let (valid, is_valid) = match std::str::from_utf8(bytes) {
        Ok(text) => (text.as_bytes(), Ok(text)),
        Err(error) => {
            let (valid, _) = bytes.split_at(error.valid_up_to());
            (valid, Err(malformed(valid, "UTF-8")))
        }
    };
    match valid.iter().position(is_control) {
        Some(place) => {
            let (before, _) = valid.split_at(place);
            Err(malformed(before, "free of control characters but newlines"))
        }
        None => is_valid,
    }
}

/// Whether the text holds a character that no signed note may hold: ASCII control characters other than newline.
pub(super) fn has_control_character(text: &str) -> bool {
    text.as_bytes().iter().any(is_control)
}

fn is_control(byte: &u8) -> bool {
    *byte < 0x20 && *byte != b'\n'
}

/// Refuses what is longer than this room reads.
pub(super) fn within(format: Format, found: usize, limit: usize, unit: &'static str) -> Result<(), Error> {
    if found <= limit {
        return Ok(());
    }
    Err(Error::TooLong { format, found, limit, unit })
}
