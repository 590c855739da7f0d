//! The bytes of a foreign file as UTF-8 text: unpacked, without a byte-order mark, decoded.
//!
//! Gzip (of several members) and zstd (of several frames) are known by their first bytes, whatever the file is called. All
//! of it streams: what a packed file unpacks to is never held.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use encoding_rs::{Decoder, WINDOWS_1252};
use flate2::bufread::MultiGzDecoder;

/// How the characters of a file are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Encoding {
    /// UTF-8; rows with other bytes are refused.
    #[default]
    Utf8,
    /// Latin-1, read as its superset Windows-1252, as browsers do.
    Latin1,
}

/// Text that streams out of a file.
pub type Text<'a> = Box<dyn BufRead + Send + 'a>;

/// Files that are packed in ways that are not read here: their first bytes, the name, and how to unpack them.
const PACKED_OTHERWISE: [(&[u8], &str, &str); 3] =
    [(b"PK\x03\x04", "a zip file", "unzip -p"), (b"BZh", "packed with bzip2", "bzip2 -dc"), (b"\xfd7zXZ", "packed with xz", "xz -dc")];

/// The text of a file.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] for files that are UTF-16 or packed in another way; what reading the first bytes fails with.
pub fn text<'a>(input: impl Read + Send + 'a, encoding: Encoding) -> io::Result<Text<'a>> {
    let (start, packed) = peek(input, 6)?;
    if let Some((_, what, how)) = PACKED_OTHERWISE.iter().find(|(magic, ..)| start.starts_with(magic)) {
        return Err(invalid(format!("it is {what}; unpack it first, as in `{how} FILE | stancelog import … -`")));
    }
    let plain: Box<dyn Read + Send + 'a> = if start.starts_with(b"\x1f\x8b") {
        Box::new(Unpacked { input: MultiGzDecoder::new(BufReader::with_capacity(BUFFER, packed)), packing: "gzip" })
    } else if start.starts_with(b"\x28\xb5\x2f\xfd") {
        Box::new(Unpacked { input: zstd::stream::read::Decoder::with_buffer(BufReader::with_capacity(BUFFER, packed))?, packing: "zstd" })
    } else {
        Box::new(packed)
    };
    let (start, plain) = peek(plain, 3)?;
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
        return Err(invalid("it is UTF-16; write it as UTF-8 first, as in `iconv -f UTF-16 -t UTF-8`".to_owned()));
    }
    let has_mark = start.starts_with(b"\xef\xbb\xbf");
    let mut plain = BufReader::with_capacity(BUFFER, plain);
    if has_mark {
        io::copy(&mut (&mut plain).take(3), &mut io::sink())?;
    }
    // A byte-order mark says UTF-8, whatever the user thought.
    Ok(match encoding {
        Encoding::Latin1 if !has_mark => Box::new(BufReader::with_capacity(BUFFER, Decoded::of(plain))),
        Encoding::Latin1 | Encoding::Utf8 => Box::new(plain),
    })
}

const BUFFER: usize = 1 << 16;

/// The first bytes of an input, and the input with them.
fn peek<'a, R: Read + Send + 'a>(mut input: R, bytes: u64) -> io::Result<(Vec<u8>, impl Read + Send + 'a)> {
    let mut start = Vec::new();
    (&mut input).take(bytes).read_to_end(&mut start)?;
    Ok((start.clone(), Cursor::new(start).chain(input)))
}

fn invalid(said: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, said)
}

/// What a packed file unpacks to, which says so where the packing is not whole. The unpackers have words of their own for
/// that, and some of them sound like a failure of the system.
struct Unpacked<R> {
    input: R,
    packing: &'static str,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.input.read(buffer).map_err(|error| {
            let packing = self.packing;
            match error.kind() {
                io::ErrorKind::UnexpectedEof => {
                    io::Error::new(error.kind(), format!("it is packed with {packing}, and its end is missing"))
                }
                // What the system says has a number.
                io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other if error.raw_os_error().is_none() => {
                    invalid(format!(
                        "it is packed with {packing}, and not whole: {error}; `{packing} -t FILE` checks it, another copy of it may do"
                    ))
                }
                _ => error,
            }
        })
    }
}

/// Windows-1252 as UTF-8.
struct Decoded<R> {
    input: R,
    decoder: Decoder,
}

impl<R: BufRead> Decoded<R> {
    fn of(input: R) -> Self {
        Self { input, decoder: WINDOWS_1252.new_decoder_without_bom_handling() }
    }
}

impl<R: BufRead> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let given = self.input.fill_buf()?;
        let at_end = given.is_empty();
        // The buffer behind this one is large: there is always room for a character.
        let (_, taken, written, _) = self.decoder.decode_to_utf8(given, buffer, at_end);
        self.input.consume(taken);
        Ok(written)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read(bytes: &[u8], encoding: Encoding) -> io::Result<Vec<u8>> {
        let mut all = Vec::new();
        text(bytes, encoding)?.read_to_end(&mut all)?;
        Ok(all)
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn packed_files_of_several_parts_are_unpacked_by_their_first_bytes() {
        let two = [gzip(b"\xef\xbb\xbfone\n"), gzip(b"two\n")].concat();
        assert_eq!(read(&two, Encoding::Utf8).unwrap(), b"one\ntwo\n");
        let frame = |bytes: &[u8]| zstd::encode_all(bytes, 1).unwrap();
        assert_eq!(read(&[frame(b"one\n"), frame(b"two\n")].concat(), Encoding::Utf8).unwrap(), b"one\ntwo\n");
        assert_eq!(read(b"", Encoding::Utf8).unwrap(), b"");
        assert_eq!(read(b"\x1f", Encoding::Utf8).unwrap(), b"\x1f");
    }

    #[test]
    fn a_packed_file_that_is_cut_off_fails() {
        for packed in [gzip(&[b'x'; 5000]), zstd::encode_all(&[b'x'; 5000][..], 1).unwrap()] {
            let error = read(&packed[..packed.len() - 3], Encoding::Utf8).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{error}");
        }
    }

    #[test]
    fn a_packed_file_that_is_damaged_is_no_failure_of_the_system() {
        let text: Vec<u8> = (0..20_000_u32).flat_map(|n| n.to_string().into_bytes()).collect();
        let mut checked = zstd::Encoder::new(Vec::new(), 1).unwrap();
        checked.include_checksum(true).unwrap();
        checked.write_all(&text).unwrap();
        for (name, packed) in [("gzip", gzip(&text)), ("zstd", checked.finish().unwrap())] {
            let mut damaged = 0;
            for at in (4..packed.len()).step_by(packed.len() / 97) {
                let mut packed = packed.clone();
                packed[at] ^= 0xff;
                let Err(error) = read(&packed, Encoding::Utf8) else { continue };
                assert!(matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof), "{name} at {at}: {error:?}");
                assert!(error.to_string().contains(&format!("packed with {name}")), "{error}");
                damaged += 1;
            }
            assert!(damaged > 90, "{name}: {damaged}");
        }
    }

    #[test]
    fn latin_1_becomes_utf_8_and_utf_16_and_zip_are_named() {
        assert_eq!(read(b"S\xe3o \x80", Encoding::Latin1).unwrap(), "São €".as_bytes());
        assert_eq!(read("\u{feff}São".as_bytes(), Encoding::Latin1).unwrap(), "São".as_bytes());
        assert!(read(b"\xff\xfea\0", Encoding::Utf8).unwrap_err().to_string().contains("UTF-16"));
        assert!(read(b"PK\x03\x04..", Encoding::Utf8).unwrap_err().to_string().contains("unzip -p"));
    }
}
