//! Text: decodable, free of binary, and not a page that a browser would run.

use super::{BYTE_ORDER_MARK, HEAD_BYTES, TAIL_BYTES};

/// The longest character of UTF-8 less the byte that leads it: what a cut leaves at a beginning.
const CUT_BYTES_MAX: usize = 3;

/// How pages begin, in lower case, each followed by white space, `>` or `/` (the first step of the
/// WHATWG MIME Sniffing Standard, 7.1, and SVG).
const TAGS: &[&str] = &[
    "<!doctype",
    "<html",
    "<head",
    "<script",
    "<iframe",
    "<h1",
    "<div",
    "<font",
    "<table",
    "<a",
    "<style",
    "<title",
    "<b",
    "<body",
    "<br",
    "<p",
    "<svg",
    "<img",
    "<object",
    "<embed",
    "<link",
    "<meta",
    "<base",
    "<form",
];
/// How pages begin, whatever follows.
const OPENINGS: &[&str] = &["<!--", "<?xml"];

/// Whether the file is text: UTF-8 at both ends, or UTF-16 with a byte order mark at its beginning.
pub(super) fn is_prose(head: &[u8], tail: &[u8]) -> bool {
    let text = match head {
        [] => None,
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ if !utf8_tail(tail) => None,
        _ => utf8_head(head),
    };
    text.is_some_and(|text| !text.contains(is_binary) && !is_page(&text))
}

/// Whether a cut may have gone through the last character of `head`.
fn is_cut(head: &[u8]) -> bool {
    HEAD_BYTES <= head.len()
}

fn utf8_head(head: &[u8]) -> Option<String> {
    let text = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head);
    match std::str::from_utf8(text) {
        Ok(text) => Some(text.to_owned()),
        Err(err) if err.error_len().is_none() && is_cut(head) => {
            let whole = text.get(..err.valid_up_to())?;
            std::str::from_utf8(whole).ok().map(str::to_owned)
        }
        Err(_) => None,
    }
}

fn utf8_tail(tail: &[u8]) -> bool {
    let is_cut = TAIL_BYTES <= tail.len();
    let skipped = tail.iter().take(CUT_BYTES_MAX).take_while(|byte| (0x80..0xC0).contains(*byte));
    let start = if is_cut { skipped.count() } else { 0 };
    let text = tail.get(start..).map(std::str::from_utf8);
    text.is_some_and(|text| text.is_ok_and(|text| !text.contains(is_binary)))
}

/// Decodes what follows a byte order mark of UTF-16; `rest` is the head less those two bytes.
fn utf16(rest: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let is_cut = HEAD_BYTES <= rest.len() + 2;
    let (pairs, odd) = rest.as_chunks::<2>();
    let mut units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    if is_cut {
        // The cut may have parted two surrogates.
        units.pop_if(|last| (0xD800..0xDC00).contains(last));
    } else if !odd.is_empty() {
        return None;
    }
    String::from_utf16(&units).ok()
}

/// Control characters that no text has: all but tab, line, page and the terminal's escape, and
/// Ctrl-Z, with which DOS ended its files.
fn is_binary(c: char) -> bool {
    c < ' ' && !matches!(c, '\t'..='\r' | '\u{1A}' | '\u{1B}')
}

fn is_page(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    let begins = |opening: &str| {
        let start = text.get(..opening.len())?;
        start.eq_ignore_ascii_case(opening).then(|| text.get(opening.len()..))?
    };
    let ends_tag =
        |rest: &str| rest.starts_with(|c: char| c.is_whitespace() || c == '>' || c == '/');
    OPENINGS.iter().any(|opening| begins(opening).is_some())
        || TAGS.iter().any(|tag| begins(tag).is_some_and(ends_tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_whole(file: &[u8]) -> bool {
        is_prose(file, file)
    }

    fn utf16_of(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        format!("\u{FEFF}{text}").encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn text_in_any_script_is_text() {
        assert!(is_whole(b"a,b\r\n1,2\r\n"));
        assert!(is_whole("\u{FEFF}größe;naïveté;日本語;🦦".as_bytes()));
        assert!(is_whole(&utf16_of("größe 🦦", u16::to_le_bytes)));
        assert!(is_whole(&utf16_of("größe 🦦", u16::to_be_bytes)));
        assert!(is_whole("x < y and <anna@example.com> wrote <b".as_bytes()));
        assert!(is_whole(b"<anna@example.com> wrote"));
    }

    #[test]
    fn other_encodings_and_binary_are_no_text() {
        assert!(!is_whole(b""));
        assert!(!is_whole(b"gr\xF6\xDFe"), "Latin-1");
        assert!(!is_whole(b"a\0b"));
        assert!(!is_whole(b"\x01\x02\x03"));
        assert!(!is_whole(b"\xFF\xFEa"), "half a character");
        let long = utf16_of(&"x".repeat(HEAD_BYTES / 3), u16::to_le_bytes);
        assert!(!is_whole(&[&long[..], b"a"].concat()), "half a character in a longer file");
        assert!(!is_whole(b"\xFF\xFEa\0\0\0"), "a zero character");
        assert!(!is_whole(b"\xFF\xFE\x00\xD8a\0"), "half a pair");
    }

    #[test]
    fn a_character_cut_at_the_end_of_the_head_is_forgiven_and_only_there() {
        for character in ["é", "日", "🦦"] {
            for kept in 1..character.len() {
                let start = "x".repeat(HEAD_BYTES - kept);
                let file = format!("{start}{character} and on");
                let (head, _) = file.as_bytes().split_at(HEAD_BYTES);
                assert!(is_prose(head, file.as_bytes()), "{character} {kept}");
                let short = &character.as_bytes()[..kept];
                assert!(!is_whole(short), "a file that ends so is damaged");
            }
        }
        let torn = &"é".as_bytes()[..1];
        assert!(!is_prose(torn, b"text"), "it was not cut");
        let head = [&[b'x'; HEAD_BYTES][1..], b"\xFF"].concat();
        assert!(!is_prose(&head, b"text"), "no character begins so");
        let file = utf16_of(&format!("{}🦦", "x".repeat(HEAD_BYTES / 2 - 2)), u16::to_le_bytes);
        assert!(is_prose(&file[..HEAD_BYTES], &file));
    }

    #[test]
    fn the_tail_may_begin_within_a_character_and_must_be_text() {
        let file = "🦦".repeat(TAIL_BYTES / 4 + 1);
        let tail_at = |cut: usize| &file.as_bytes()[cut..cut + TAIL_BYTES];
        assert!(is_prose(&file.as_bytes()[..HEAD_BYTES], &file.as_bytes()[4..]));
        assert!(!utf8_tail(tail_at(1)), "it ends within one");
        let late = format!("🦦{}", "x".repeat(TAIL_BYTES - 1));
        assert!(is_prose(&late.as_bytes()[..HEAD_BYTES], &late.as_bytes()[3..]));
        assert!(!is_prose(b"text", b"text and then \0"));
    }

    #[test]
    fn pages_are_no_text() {
        for page in [
            "<!DOCTYPE html><p>hi",
            "  \r\n<html>",
            "\u{FEFF}<HTML lang=en>",
            "<script>alert(1)</script>",
            "<script/x>",
            "<?xml version='1.0'?>",
            "<svg onload=alert(1)>",
            "<!-- a --><b>",
            "<a href=x>",
        ] {
            assert!(!is_whole(page.as_bytes()), "{page}");
            assert!(!is_whole(&utf16_of(page, u16::to_le_bytes)), "{page}");
            assert!(!is_whole(&utf16_of(page, u16::to_be_bytes)), "{page}");
        }
    }
}
