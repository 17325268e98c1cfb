//! Office documents: ZIP archives whose directory says what they are (ECMA-376, part 2).
//!
//! Field offsets are those of APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.14 to 4.3.16.

const LOCAL_SIGNATURE: &[u8] = b"PK\x03\x04";
const ENTRY_SIGNATURE: &[u8] = b"PK\x01\x02";
const END_SIGNATURE: &[u8] = b"PK\x05\x06";
const END64_SIGNATURE: &[u8] = b"PK\x06\x06";
const LOCATOR64_SIGNATURE: &[u8] = b"PK\x06\x07";

/// The end record without its comment.
const END_BYTES: usize = 22;
/// The longest comment, a 16-bit count.
const COMMENT_BYTES_MAX: usize = 65_535;
/// The record and its locator that large-file writers put before the end record.
const END64_BYTES: usize = 56;
const LOCATOR64_BYTES: usize = 20;
/// An entry of the directory without its name, extra field and comment.
const ENTRY_BYTES: usize = 46;
/// Bit of an entry's flags that says it is encrypted (4.4.4).
const ENCRYPTED: usize = 1;

/// What makes up each kind of office document; a file holds one of them.
const FOLDERS: [&[u8]; 3] = [b"word/", b"xl/", b"ppt/"];
/// Parts that are or carry code: Visual Basic, Excel 4 macros, and the binary workbook that may
/// hold either.
const MACRO_PARTS: [&[u8]; 3] = [b"vbaproject", b"/macrosheets/", b"xl/workbook.bin"];

/// Whether a file begins as ZIP archives do.
fn begins(head: &[u8]) -> bool {
    head.starts_with(LOCAL_SIGNATURE)
}

/// Whether the archive names its content types, holds parts in `folder` and in no other kind's, and
/// neither macros nor encrypted parts.
pub(super) fn holds_only(folder: &[u8], head: &[u8], tail: &[u8]) -> bool {
    if !begins(head) {
        return false;
    }
    let Some(names) = directory(tail).and_then(names) else { return false };
    let has_macros = names.iter().any(|name| {
        MACRO_PARTS.iter().any(|part| name.windows(part.len()).any(|window| window == *part))
    });
    let folders = FOLDERS.iter().filter(|kind| names.iter().any(|name| name.starts_with(kind)));
    let content_types = names.iter().filter(|name| *name == b"[content_types].xml").count();
    !has_macros && content_types == 1 && folders.eq([&folder])
}

/// The directory's bytes and how many entries it should have.
#[derive(Clone, Copy)]
struct Directory<'a> {
    bytes: &'a [u8],
    entries: usize,
}

/// Finds the directory from the end record, which must be the very end but for its comment. `None`
/// if there is none, it is damaged, or it does not lie within `tail`.
fn directory(tail: &[u8]) -> Option<Directory<'_>> {
    let first = tail.len().saturating_sub(END_BYTES + COMMENT_BYTES_MAX);
    let end_at = (first..=tail.len().checked_sub(END_BYTES)?).rev().find(|at| {
        let record = tail.get(*at..).unwrap_or_default();
        record.starts_with(END_SIGNATURE)
            && number::<2>(record, 20).is_some_and(|comment| END_BYTES + comment == record.len())
    })?;
    let (before, end) = tail.split_at_checked(end_at)?;
    let entries = number::<2>(end, 10)?;
    let size_bytes = number::<4>(end, 12)?;

    // Writers that stream put large-file records here however small the file is; the end record
    // still tells the truth then. Files that really need them are beyond our limits.
    let large_at = before.len().checked_sub(LOCATOR64_BYTES + END64_BYTES);
    let large = large_at.and_then(|at| before.split_at_checked(at)).filter(|(_, records)| {
        records.starts_with(END64_SIGNATURE)
            && records.get(END64_BYTES..).is_some_and(|rest| rest.starts_with(LOCATOR64_SIGNATURE))
    });
    let before = large.map_or(before, |(before, _)| before);
    let start = before.len().checked_sub(size_bytes)?;
    Some(Directory { bytes: before.get(start..)?, entries })
}

/// Names of all parts, in lower case with slashes forward: they are compared without regard to
/// case (ECMA-376, part 2, 6.2.2.3). `None` if the directory is damaged or a part encrypted.
fn names(directory: Directory<'_>) -> Option<Vec<Vec<u8>>> {
    let mut rest = directory.bytes;
    let mut names = Vec::new();
    while !rest.is_empty() {
        if !rest.starts_with(ENTRY_SIGNATURE) || number::<2>(rest, 8)? & ENCRYPTED != 0 {
            return None;
        }
        let name_bytes = number::<2>(rest, 28)?;
        let more_bytes = number::<2>(rest, 30)? + number::<2>(rest, 32)?;
        let name = rest.get(ENTRY_BYTES..ENTRY_BYTES + name_bytes)?;
        let name = name.strip_prefix(b"/").unwrap_or(name);
        let slashed = name.iter().map(|c| if *c == b'\\' { b'/' } else { *c });
        names.push(slashed.map(|c| c.to_ascii_lowercase()).collect());
        rest = rest.get(ENTRY_BYTES + name_bytes + more_bytes..)?;
    }
    (names.len() == directory.entries).then_some(names)
}

/// The little-endian number of `BYTES` bytes, at most four, at `offset`.
fn number<const BYTES: usize>(record: &[u8], offset: usize) -> Option<usize> {
    let bytes = record.get(offset..offset + BYTES)?;
    Some(bytes.iter().rev().fold(0, |value, byte| value << 8 | usize::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Large, archive, archive_with};
    use super::*;

    const WORD: [&str; 3] = ["[Content_Types].xml", "_rels/.rels", "word/document.xml"];

    fn is_word(file: &[u8]) -> bool {
        holds_only(b"word/", file, file)
    }

    #[test]
    fn spelling_of_names_does_not_matter() {
        assert!(is_word(&archive(&["[content_types].XML", "Word\\document.xml"])));
        assert!(is_word(&archive(&["/[Content_Types].xml", "/word/document.xml"])));
    }

    #[test]
    fn macros_are_refused_wherever_they_hide() {
        for part in ["word/vbaProject.bin", "word/VBAPROJECT.BIN", "x/vbaProjectSignature.bin"] {
            assert!(!is_word(&archive(&[&WORD[..], &[part]].concat())), "{part}");
        }
        let sheets = ["[Content_Types].xml", "xl/workbook.xml", "xl/macrosheets/sheet1.xml"];
        let file = archive(&sheets);
        assert!(!holds_only(b"xl/", &file, &file));
        let file = archive(&["[Content_Types].xml", "xl/workbook.bin"]);
        assert!(!holds_only(b"xl/", &file, &file));
    }

    #[test]
    fn a_file_is_one_kind_of_document() {
        assert!(!is_word(&archive(&[&WORD[..], &["xl/workbook.xml"]].concat())));
        assert!(!is_word(&archive(&["[Content_Types].xml", "keyword/document.xml"])));
        assert!(!is_word(&archive(&["word/document.xml"])), "no content types");
        assert!(!is_word(&archive(&[&WORD[..], &["[CONTENT_TYPES].xml"]].concat())), "two of them");
        assert!(!is_word(&archive(&[])));
    }

    #[test]
    fn comments_and_large_file_records_are_understood() {
        assert!(is_word(&archive_with(&WORD, Large::No, b"made by hand")));
        assert!(is_word(&archive_with(&WORD, Large::No, &vec![b'x'; COMMENT_BYTES_MAX])));
        assert!(is_word(&archive_with(&WORD, Large::Yes, b"")));
    }

    #[test]
    fn only_the_true_end_counts() {
        let file = archive(&WORD);
        assert!(!is_word(&[&file[..], b"x"].concat()), "something after the end");
        assert!(!is_word(&[b"x", &file[..]].concat()), "something before the beginning");
        assert!(!is_word(&file[..file.len() - 1]));
        // An end record hidden in the comment of another must not be the one that is believed by
        // us alone: both are at the end, and the inner one claims an empty directory.
        let inner = archive(&[]);
        assert!(!is_word(&archive_with(&WORD, Large::No, &inner[inner.len() - END_BYTES..])));
    }

    #[test]
    fn a_directory_beyond_the_tail_is_refused() {
        let file = archive(&WORD);
        assert!(!holds_only(b"word/", &file, &file[file.len() - 60..]));
    }

    #[test]
    fn encrypted_parts_are_refused() {
        let mut file = archive(&WORD);
        let entry = file.windows(4).position(|window| window == ENTRY_SIGNATURE).unwrap();
        file[entry + 8] |= 1;
        assert!(!is_word(&file));
    }

    #[test]
    fn extra_fields_and_comments_of_parts_are_passed_over() {
        let mut file = archive(&WORD);
        let entry = file.windows(4).position(|window| window == ENTRY_SIGNATURE).unwrap();
        (file[entry + 30], file[entry + 32]) = (2, 3);
        let name_end = entry + ENTRY_BYTES + WORD[0].len();
        drop(file.splice(name_end..name_end, *b"xyabc"));
        let size_at = file.len() - END_BYTES + 12;
        file[size_at] += 5;
        assert!(is_word(&file));
    }

    #[test]
    fn a_part_that_is_called_like_a_large_file_record_is_a_part() {
        let part = format!("PK\u{6}\u{6}{}", "x".repeat(END64_BYTES + LOCATOR64_BYTES - 4));
        assert!(is_word(&archive(&[&WORD[..], &[part.as_str()]].concat())));
    }
}
