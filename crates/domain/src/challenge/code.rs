//! The six digits themselves.

use std::fmt;
use std::str::FromStr;

use crate::as_text::{inline_schema, read_as_text};

/// How many codes there are: 000000 to 999999 (NIST SP 800-63B-4, 3.1.3.2: at least six digits).
pub const CODES: u32 = 1_000_000;
/// Words from here on are thrown away, else the codes below 967296 would be likelier: the largest
/// multiple of [`CODES`] that a `u32` counts, 4,294,000,000.
const WORDS_FAIR: u32 = u32::MAX / CODES * CODES;

/// Six digits that prove an address, or hold of an authenticator app. Never logged, never stored; read [`Code::value`] to compare in
/// constant time, [`Code::digits`] to mail them.
#[derive(Clone, Copy)]
pub struct Code(u32);

/// Why a text is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected six digits")]
pub struct CodeError;

impl Code {
    /// The code that the last six digits of `number` are.
    #[must_use]
    pub fn ending(number: u32) -> Self {
        Self(number % CODES)
    }

    /// The code as a number below [`CODES`].
    #[must_use]
    pub fn value(self) -> u32 {
        self.0
    }

    /// The six digits, leading zeros included.
    #[must_use]
    pub fn digits(self) -> String {
        format!("{:06}", self.0)
    }
}

/// Takes a code from uniformly random words, each code equally likely: words that would tip the
/// balance are passed over. `None` if all were; one word in 4,440 is, so eight words fail once in
/// 10²⁹ times.
#[must_use]
pub fn six_digits(words: impl IntoIterator<Item = u32>) -> Option<Code> {
    words.into_iter().find(|word| *word < WORDS_FAIR).map(|word| Code(word % CODES))
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(redacted)")
    }
}

impl FromStr for Code {
    type Err = CodeError;

    /// Forgives the spaces and dashes that people and mail programs put between digits.
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let is_gap = |c: &char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2014}');
        let mut value = 0;
        let mut digits = 0;
        for c in text.chars().filter(|c| !is_gap(c)) {
            let digit = c.to_digit(10).ok_or(CodeError)?;
            if digits == 6 {
                return Err(CodeError);
            }
            value = value * 10 + digit;
            digits += 1;
        }
        if digits == 6 { Ok(Self(value)) } else { Err(CodeError) }
    }
}

read_as_text!(Code);
// Wider than the six digits that are kept: gaps are forgiven.
inline_schema!(Code, "Code", { "type": "string", "minLength": 6, "examples": ["042917"] });

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(text: &str) -> Result<u32, CodeError> {
        text.parse().map(Code::value)
    }

    #[test]
    fn a_code_is_in_no_log() {
        assert_eq!(format!("{:?}", "042917".parse::<Code>().unwrap()), "Code(redacted)");
    }

    #[test]
    fn words_at_the_bounds_reduce_without_bias() {
        let reduced = |word| six_digits([word]).map(Code::value);
        assert_eq!(reduced(0), Some(0));
        assert_eq!(reduced(999_999), Some(999_999));
        assert_eq!(reduced(1_000_000), Some(0));
        assert_eq!(reduced(4_293_999_999), Some(999_999));
        assert_eq!(reduced(4_294_000_000), None);
        assert_eq!(reduced(u32::MAX), None);
        assert_eq!(WORDS_FAIR % CODES, 0, "every code has as many words as any other");
    }

    #[test]
    fn unfair_words_are_passed_over() {
        assert_eq!(six_digits([u32::MAX, 4_294_000_000, 42, 7]).map(Code::value), Some(42));
        assert!(six_digits([]).is_none());
    }

    #[test]
    fn a_code_keeps_its_zeros_in_mail_and_its_secret_in_logs() {
        let code = six_digits([42]).unwrap();
        assert_eq!(code.digits(), "000042");
        assert!(!format!("{code:?}").contains("42"));
    }

    #[test]
    fn gaps_are_forgiven_and_nothing_else() {
        assert_eq!(parsed("042917"), Ok(42_917));
        assert_eq!(parsed(" 042 917\n"), Ok(42_917));
        assert_eq!(parsed("042-917"), Ok(42_917));
        assert_eq!(parsed("0 4\u{a0}2–9-1\u{2011}7"), Ok(42_917));
        for wrong in
            ["", "12345", "1234567", "12345a", "１２３４５６", "+12345", "-1.2345", "123.456"]
        {
            assert_eq!(parsed(wrong), Err(CodeError), "{wrong}");
        }
        assert_eq!(parsed(&"1".repeat(1_000_000)), Err(CodeError), "no overflow");
    }

    proptest! {
        #[test]
        fn what_is_mailed_is_what_parses(word: u32) {
            if let Some(code) = six_digits([word]) {
                prop_assert_eq!(parsed(&code.digits()), Ok(word % CODES));
            }
        }

        #[test]
        fn garbage_never_panics(text in "\\PC{0,40}") {
            let _ = text.parse::<Code>();
        }
    }
}
