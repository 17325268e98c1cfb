//! The From header: a display name that can break out of nothing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::clean::Line;

/// The most characters of a display name; phones show about thirty.
const NAME_MAX: usize = 64;

/// The most bytes of text in one encoded word: RFC 2047, section 2 allows a word 75 characters,
/// `=?UTF-8?B?` and `?=` take 12, and 45 bytes make 60 of base64.
const WORD_BYTES_MAX: usize = 45;

/// `"Acme" <mail@host>`, the name quoted (RFC 5322, section 3.2.4) or encoded (RFC 2047).
pub(crate) fn mailbox(name: &str, address: &str) -> String {
    let name = Line::new(name, NAME_MAX);
    let name = name.as_str();
    if name.is_empty() {
        return address.to_owned();
    }
    // Some readers decode encoded words even inside quotes; a typed one must stay text.
    if name.is_ascii() && !name.contains("=?") {
        let quoted = name.replace('\\', r"\\").replace('"', "\\\"");
        return format!("\"{quoted}\" <{address}>");
    }
    format!("{} <{address}>", encoded(name))
}

fn encoded(name: &str) -> String {
    let mut words = vec![String::new()];
    for c in name.chars() {
        match words.last_mut() {
            // A character is never split between words (RFC 2047, section 5).
            Some(word) if word.len() + c.len_utf8() <= WORD_BYTES_MAX => word.push(c),
            _ => words.push(c.to_string()),
        }
    }
    let words = words.iter().map(|word| format!("=?UTF-8?B?{}?=", STANDARD.encode(word)));
    // Readers drop the space between two encoded words.
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_plain_name_is_quoted_and_another_encoded() {
        assert_eq!(mailbox("Acme", "m@v.example"), "\"Acme\" <m@v.example>");
        assert_eq!(mailbox("Acme, \"Inc\" \\", "m@v"), r#""Acme, \"Inc\" \\" <m@v>"#);
        assert_eq!(mailbox("Zürich", "m@v"), "=?UTF-8?B?WsO8cmljaA==?= <m@v>");
        assert_eq!(
            mailbox("=?UTF-8?B?eA==?=", "m@v"),
            "=?UTF-8?B?PT9VVEYtOD9CP2VBPT0/PQ==?= <m@v>"
        );
        assert_eq!(mailbox(" \r\n", "m@v"), "m@v");
    }

    proptest! {
        #[test]
        fn no_name_breaks_out_and_every_name_comes_back(name in any::<String>()) {
            let header = mailbox(&name, "m@v.example");
            let wanted = Line::new(&name, NAME_MAX);
            prop_assert!(header.bytes().all(|byte| (0x20..0x7f).contains(&byte)));
            prop_assert!(header.split(' ').all(|word| !word.starts_with("=?") || word.len() <= 75));
            prop_assert_eq!(decoded(&header), wanted.as_str());
        }
    }

    /// Reads the display name back as a mail program does.
    fn decoded(header: &str) -> String {
        let Some(name) = header.strip_suffix(" <m@v.example>") else {
            assert_eq!(header, "m@v.example");
            return String::new();
        };
        if let Some(quoted) = name.strip_prefix('"') {
            let quoted = quoted.strip_suffix('"').unwrap();
            let mut chars = quoted.chars();
            let mut plain = String::new();
            while let Some(c) = chars.next() {
                assert_ne!(c, '"', "a bare quote ends the name early");
                plain.push(if c == '\\' { chars.next().unwrap() } else { c });
            }
            return plain;
        }
        let words = name.split(' ').map(|word| {
            let base64 = word.strip_prefix("=?UTF-8?B?").unwrap().strip_suffix("?=").unwrap();
            String::from_utf8(STANDARD.decode(base64).unwrap()).unwrap()
        });
        words.collect()
    }
}
