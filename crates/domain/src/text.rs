//! Texts that people type: bounded, trimmed, in one normal form, and free of what could forge a
//! line or a header.

use std::fmt;
use std::str::FromStr;

use unicode_normalization::UnicodeNormalization;

use crate::as_text::{display_as_str, inline_schema, serde_as_text};

/// Why a text is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing is left after trimming.
    #[error("must not be empty")]
    Empty,
    /// More characters than the field holds.
    #[error("must not be longer than {max} characters")]
    TooLong {
        /// The most characters the field holds.
        max: usize,
    },
    /// Line breaks, tabs, bidirectional overrides and other invisible characters.
    #[error("must not contain control or invisible formatting characters")]
    Control,
}

/// One line of 1 to `MAX` characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line<const MAX: usize>(String);

/// One or more lines of 1 to `MAX` characters together.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prose<const MAX: usize>(String);

/// A first or last name.
pub type PersonName = Line<100>;
/// The name of a company, document or file; product rules allow 200 characters.
pub type Title = Line<200>;
/// What somebody does for a living.
pub type JobTitle = Line<200>;
/// What a document is filed under.
pub type Category = Line<60>;
/// A reason, a question or an answer.
pub type Note = Prose<2000>;
/// Why somebody declines.
pub type Reason = Prose<500>;
/// The text of a non-disclosure agreement.
pub type Agreement = Prose<100_000>;

/// Stands in place of what was erased; short enough for every field.
const ERASED: &str = "Erased";

macro_rules! text {
    ($name:ident, $called:literal, $breaks:expr) => {
        impl<const MAX: usize> $name<MAX> {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// What stands where a person's text was erased.
            #[must_use]
            pub fn erased() -> Self {
                Self(ERASED.to_owned())
            }
        }

        impl<const MAX: usize> FromStr for $name<MAX> {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                clean(text, MAX, $breaks).map(Self)
            }
        }

        impl<const MAX: usize> fmt::Debug for $name<MAX> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        display_as_str!($name<const MAX: usize>);
        serde_as_text!($name<const MAX: usize>);
        inline_schema!($name<const MAX: usize>, $called, {
            "type": "string", "minLength": 1, "maxLength": MAX
        });
    };
}

text!(Line, "LineText", Breaks::Refused);
text!(Prose, "ProseText", Breaks::Kept);

impl<const MAX: usize> Prose<MAX> {
    /// The same text in a field that holds at least as much.
    #[must_use]
    pub fn widened<const TO: usize>(self) -> Prose<TO> {
        const { assert!(MAX <= TO, "the wider field holds less") };
        Prose(self.0)
    }
}

#[derive(Clone, Copy)]
enum Breaks {
    Refused,
    Kept,
}

fn clean(text: &str, max: usize, breaks: Breaks) -> Result<String, TextError> {
    // A hostile text is cut off before it is normalised, which may lengthen it threefold.
    if max.saturating_mul(4) < text.len() {
        return Err(TextError::TooLong { max });
    }
    let text: String = text.trim().replace("\r\n", "\n").nfc().collect();
    let is_break = |c: char| matches!(breaks, Breaks::Kept) && matches!(c, '\n' | '\t');
    if text.is_empty() {
        Err(TextError::Empty)
    } else if text.chars().any(|c| is_hidden(c) && !is_break(c)) {
        Err(TextError::Control)
    } else if max < text.chars().count() {
        Err(TextError::TooLong { max })
    } else {
        Ok(text)
    }
}

/// Whether `c` is a control, a line or paragraph separator, or one of the invisible characters
/// that reorder or hide text (Unicode Technical Report 36, section 2.2).
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_line_holds_no_break_and_prose_does() {
        assert_eq!("a\nb".parse::<Title>(), Err(TextError::Control));
        assert_eq!("a\r\nb".parse::<Note>().map(|note| note.to_string()), Ok("a\nb".to_owned()));
    }

    #[test]
    fn length_counts_characters_after_trimming() {
        assert!(format!("  {}  ", "é".repeat(100)).parse::<PersonName>().is_ok());
        assert_eq!("é".repeat(101).parse::<PersonName>(), Err(TextError::TooLong { max: 100 }));
        assert_eq!("   ".parse::<PersonName>(), Err(TextError::Empty));
    }

    #[test]
    fn a_name_cannot_run_backwards() {
        assert_eq!("invoice\u{202E}fdp.exe".parse::<Title>(), Err(TextError::Control));
    }

    #[test]
    fn the_longest_text_is_taken_in_any_script_and_no_longer_one() {
        let wide = "\u{10437}";
        assert!(wide.repeat(100).parse::<PersonName>().is_ok());
        assert_eq!(wide.repeat(101).parse::<PersonName>(), Err(TextError::TooLong { max: 100 }));
        let spaced = format!("x{}", " ".repeat(400));
        assert_eq!(spaced.parse::<PersonName>(), Err(TextError::TooLong { max: 100 }));
    }

    #[test]
    fn what_cannot_be_seen_is_refused_and_prose_keeps_its_tabs() {
        for hidden in ["\0", "\u{200B}", "\u{2028}", "\u{FEFF}", "\u{2066}", "\u{E0041}"] {
            let text = format!("a{hidden}b");
            assert_eq!(text.parse::<Title>(), Err(TextError::Control), "{text:?}");
            assert_eq!(text.parse::<Note>(), Err(TextError::Control), "{text:?}");
        }
        assert!("a\tb".parse::<Note>().is_ok() && "a\tb".parse::<Title>().is_err());
        assert_eq!(Title::erased().as_str(), "Erased");
        let reason: Reason = "No.".parse().unwrap();
        assert_eq!(reason.widened::<2000>(), "No.".parse().unwrap());
    }

    proptest! {
        #[test]
        fn parsing_is_idempotent(text in "\\PC{0,120}") {
            if let Ok(once) = text.parse::<Title>() {
                prop_assert_eq!(once.as_str().parse::<Title>(), Ok(once.clone()));
            }
        }
    }
}
