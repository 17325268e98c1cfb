//! File names in headers.

use std::fmt::Write;

/// `Content-Disposition` for saving under `name` (RFC 6266): an ASCII form that every client
/// reads, and the name itself in UTF-8 (RFC 8187). What could leave the header or the folder is
/// replaced.
#[must_use]
pub fn attachment(name: &str) -> String {
    let safe: String = name
        .chars()
        .map(|c| match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            c if domain::text::is_hidden(c) => '_',
            c => c,
        })
        .collect();
    let safe = safe.trim_start_matches('.').trim();
    // Of a name of nothing but dots nothing is left; browsers would take the key instead.
    let safe = if safe.is_empty() { "file" } else { safe };
    let ascii: String =
        safe.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '_' }).collect();
    let ascii = ascii.replace(['%', ';'], "_");
    let mut utf8 = String::new();
    for byte in safe.bytes() {
        // RFC 8187, section 3.2.1: attr-char.
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            utf8.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(utf8, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{utf8}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_plain_name_stays() {
        assert_eq!(
            attachment("SOC 2 Report.pdf"),
            "attachment; filename=\"SOC 2 Report.pdf\"; filename*=UTF-8''SOC%202%20Report.pdf"
        );
    }

    #[test]
    fn a_path_and_a_header_do_not_get_out() {
        let header = attachment("../../x\"\r\nSet-Cookie: a=b");
        let name = "_.._x___Set-Cookie_ a=b";
        assert!(header.starts_with(&format!("attachment; filename=\"{name}\";")), "{header}");
        assert!(header.bytes().all(|c| c == b' ' || c.is_ascii_graphic()));
    }

    #[test]
    fn what_ends_a_name_early_or_hides_it_is_written_otherwise() {
        assert_eq!(
            attachment("50%; a\u{202E}b.pdf"),
            "attachment; filename=\"50__ a_b.pdf\"; filename*=UTF-8''50%25%3B%20a_b.pdf"
        );
        assert_eq!(attachment(".profile "), attachment("profile"));
    }

    #[test]
    fn a_name_of_dots_becomes_a_name() {
        assert_eq!(attachment(".."), "attachment; filename=\"file\"; filename*=UTF-8''file");
    }

    proptest! {
        #[test]
        fn any_name_makes_a_header_of_visible_ascii(name in ".{0,80}") {
            let header = attachment(&name);
            prop_assert!(header.bytes().all(|c| c == b' ' || c.is_ascii_graphic()));
            prop_assert_eq!(header.matches('"').count(), 2);
            prop_assert!(!header.contains('/') && !header.contains('\\'));
        }
    }
}
