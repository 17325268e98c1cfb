//! Media types that may be uploaded, and whether bytes are what they claim to be.

mod archive;
mod prose;
#[cfg(test)]
mod samples;

use std::borrow::Cow;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::as_text::{display_as_str, serde_as_text};

/// Longest file: 500 MiB, a limit of the product.
pub const FILE_BYTES_MAX: u64 = 500 * 1024 * 1024;
/// How much of a file's beginning [`MediaType::fits`] wants; the whole file, if it is shorter.
pub const HEAD_BYTES: usize = 4096;
/// How much of a file's end [`MediaType::fits`] wants; the whole file, if it is shorter.
///
/// It holds the directory of an office document: its longest trailer is 65,557 bytes (APPNOTE.TXT
/// 6.3.10, 4.3.16), the rest is room for about ten thousand parts.
pub const TAIL_BYTES: usize = 1024 * 1024;

/// PDF readers look for the header this far in (PDF 1.7 reference, implementation note 13).
const PDF_HEADER_BYTES: usize = 1024;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// What a file may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MediaType {
    /// Portable Document Format.
    Pdf,
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP, still or moving.
    Webp,
    /// Word without macros.
    Docx,
    /// Excel without macros.
    Xlsx,
    /// `PowerPoint` without macros.
    Pptx,
    /// Plain text in UTF-8, or in UTF-16 with a byte order mark.
    Txt,
    /// Comma-separated values, encoded as plain text is.
    Csv,
}

/// The text names no media type that may be uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected one of {}", MediaType::ALL.map(|accepted| format!("`{accepted}`")).join(", "))]
pub struct MediaTypeError;

impl MediaType {
    /// All that may be uploaded.
    pub const ALL: [Self; 9] = [
        Self::Pdf,
        Self::Png,
        Self::Jpeg,
        Self::Webp,
        Self::Docx,
        Self::Xlsx,
        Self::Pptx,
        Self::Txt,
        Self::Csv,
    ];

    /// The name registered with IANA.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => {
                "application/vnd.openxmlformats-officedocument.presentationml.presentation"
            }
            Self::Txt => "text/plain",
            Self::Csv => "text/csv",
        }
    }

    /// How names of such files end, without the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Pptx => "pptx",
            Self::Txt => "txt",
            Self::Csv => "csv",
        }
    }

    /// Whether bytes are of this type as far as their beginning and end tell. `head` is the first
    /// [`HEAD_BYTES`] of the file, `tail` the last [`TAIL_BYTES`], each the whole of a shorter
    /// file. An empty file fits nothing.
    ///
    /// It stops a mistake and a disguise, such as a page of HTML called a PDF; it does not prove
    /// that a reader will open the file.
    #[must_use]
    pub fn fits(self, head: &[u8], tail: &[u8]) -> bool {
        match self {
            Self::Pdf => is_pdf(head),
            Self::Png => is_png(head),
            Self::Jpeg => is_jpeg(head),
            Self::Webp => is_webp(head),
            Self::Docx => archive::holds_only(b"word/", head, tail),
            Self::Xlsx => archive::holds_only(b"xl/", head, tail),
            Self::Pptx => archive::holds_only(b"ppt/", head, tail),
            Self::Txt | Self::Csv => {
                // The others begin with bytes that no text has.
                let is_other = is_pdf(head) || is_webp(head);
                !is_other && prose::is_prose(head, tail)
            }
        }
    }
}

/// `%PDF-` and a digit, after nothing but white space: readers would also take a header amid other
/// content, and browsers would take that content for what it is.
fn is_pdf(head: &[u8]) -> bool {
    let head = head.get(..PDF_HEADER_BYTES).unwrap_or(head);
    let head = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head).trim_ascii_start();
    matches!(head, [b'%', b'P', b'D', b'F', b'-', b'0'..=b'9', ..])
}

/// The signature and the chunk that must come first (PNG, third edition, 5.2 and 5.6).
fn is_png(head: &[u8]) -> bool {
    head.starts_with(b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR")
}

/// Start of image, then another marker (ITU-T T.81, B.1.1.3).
fn is_jpeg(head: &[u8]) -> bool {
    matches!(head, [0xFF, 0xD8, 0xFF, 0xC0..=0xFE, ..])
}

/// A RIFF container of WebP and the chunk that must come first (RFC 9649, 2.4 to 2.7).
fn is_webp(head: &[u8]) -> bool {
    head.starts_with(b"RIFF")
        && head.get(8..15) == Some(b"WEBPVP8".as_slice())
        && matches!(head.get(15), Some(b' ' | b'L' | b'X'))
}

impl FromStr for MediaType {
    type Err = MediaTypeError;

    fn from_str(text: &str) -> Result<Self, MediaTypeError> {
        Self::ALL.into_iter().find(|accepted| accepted.as_str() == text).ok_or(MediaTypeError)
    }
}

display_as_str!(MediaType);
serde_as_text!(MediaType);

impl JsonSchema for MediaType {
    fn schema_name() -> Cow<'static, str> {
        "MediaType".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": Self::ALL.map(Self::as_str) })
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn fits(claim: MediaType, file: &[u8]) -> bool {
        let head = &file[..file.len().min(HEAD_BYTES)];
        let tail = &file[file.len().saturating_sub(TAIL_BYTES)..];
        claim.fits(head, tail)
    }

    #[test]
    fn a_file_has_500_mebibytes_at_the_most() {
        assert_eq!(FILE_BYTES_MAX, 524_288_000);
    }

    #[test]
    fn every_sample_fits_its_own_type_and_no_other() {
        use MediaType::{Csv, Txt};
        for truth in MediaType::ALL {
            for sample in samples::of(truth) {
                for claim in MediaType::ALL {
                    // Any text is plain text, and nothing tells a table of one column from prose.
                    let is_text = matches!((truth, claim), (Txt | Csv, Txt | Csv));
                    let expected = claim == truth || is_text;
                    assert_eq!(fits(claim, &sample), expected, "{truth} as {claim}: {sample:.60?}");
                }
            }
        }
    }

    #[test]
    fn disguises_fit_nothing() {
        for sample in samples::disguises() {
            for claim in MediaType::ALL {
                assert!(
                    !fits(claim, &sample),
                    "as {claim}: {:?}",
                    String::from_utf8_lossy(&sample)
                );
            }
        }
    }

    #[test]
    fn names_round_trip_and_errors_say_what_is_accepted() {
        for media_type in MediaType::ALL {
            let json = serde_json::to_string(&media_type).unwrap();
            assert_eq!(json, format!("\"{media_type}\""));
            assert_eq!(serde_json::from_str::<MediaType>(&json).unwrap(), media_type);
        }
        let error = serde_json::from_str::<MediaType>("\"text/html\"").unwrap_err().to_string();
        for accepted in MediaType::ALL {
            assert!(error.contains(accepted.as_str()), "{error}");
        }
    }

    #[test]
    fn the_schema_lists_what_is_accepted() {
        let schema = serde_json::to_value(schemars::schema_for!(MediaType)).unwrap();
        assert_eq!(schema["type"], "string");
        assert_eq!(schema["enum"].as_array().map(Vec::len), Some(MediaType::ALL.len()));
    }

    #[test]
    fn extensions_are_distinct() {
        let mut extensions = MediaType::ALL.map(MediaType::extension);
        extensions.sort_unstable();
        assert!(extensions.is_sorted_by(|a, b| a < b));
    }

    fn truth() -> impl Strategy<Value = MediaType> {
        prop::sample::select(MediaType::ALL.to_vec())
    }

    proptest! {
        #[test]
        fn garbage_never_panics(claim in truth(), head: Vec<u8>, tail: Vec<u8>) {
            let _ = claim.fits(&head, &tail);
        }

        #[test]
        fn damaged_files_never_panic(
            truth in truth(), claim in truth(),
            damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
            cut in any::<prop::sample::Index>(),
        ) {
            for mut file in samples::of(truth) {
                for (at, byte) in &damage {
                    let at = at.index(file.len());
                    file[at] = *byte;
                }
                let _ = fits(claim, &file);
                file.truncate(cut.index(file.len()));
                let _ = fits(claim, &file);
            }
        }
    }
}
