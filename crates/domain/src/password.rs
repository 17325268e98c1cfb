//! Which passwords are good enough.
//!
//! Length and commonness decide, nothing else: rules of composition make people predictable (NIST
//! SP 800-63B-4, 3.1.1.2). The list of common passwords is drawn from zxcvbn's and carries its MIT
//! licence in `password/common.LICENSE.txt`.

use std::fmt;

use serde::{Deserialize, Deserializer};
use unicode_normalization::UnicodeNormalization;

use crate::as_text::inline_schema;

/// Least characters of a password that is the only proof (NIST SP 800-63B-4, 3.1.1.2).
pub const CHARACTERS_MIN_ALONE: usize = 15;
/// Least characters of a password beside a second factor (NIST SP 800-63B-4, 3.1.1.2).
pub const CHARACTERS_MIN_WITH_SECOND_FACTOR: usize = 8;
/// Most characters of a password: room for any phrase, and a bound on what is hashed.
pub const CHARACTERS_MAX: usize = 256;

/// Common passwords in lower case, one a line, sorted by byte.
const COMMON: &str = include_str!("password/common.txt");
/// Shortest word of [`COMMON`]; what is left of a password is not looked up below this.
const WORD_CHARACTERS_MIN: usize = 5;
/// Longest piece that makes a password weak by being repeated, whatever it is.
const REPEATED_CHARACTERS_MAX: usize = 4;
/// Shortest text of a person or company that counts as theirs; below, it is chance.
const PERSONAL_CHARACTERS_MIN: usize = 3;
/// What fingers and lips say in order; a piece of one, forwards or backwards, protects nothing.
const RUNS: &[&str] = &[
    "012345678901234567890123456789012345678901234567890123456789",
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "1234567890qwertyuiopasdfghjklzxcvbnm1234567890",
    "1234567890qwertzuiopasdfghjklyxcvbnm1234567890",
    "1234567890azertyuiopqsdfghjklmwxcvbn1234567890",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p1qaz2wsx",
    "qazwsxedcrfvtgbyhnujmikolpqazwsxedcrfv",
    "1q2w3e4r5t6y7u8i9o0p1q2w3e4r5t",
    "q1w2e3r4t5y6u7i8o9p0q1w2e3r4t5",
];

/// What else protects the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// Nothing: the password stands alone.
    Alone,
    /// A second factor is asked for at every sign-in.
    WithSecondFactor,
}

/// A password as somebody typed it: of bounded length, never printed, never sent back.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// The password.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.chars().nth(CHARACTERS_MAX).is_some() {
            return Err(serde::de::Error::custom(PasswordError::TooLong { max: CHARACTERS_MAX }));
        }
        Ok(Self(text))
    }
}

inline_schema!(Password, "Password", {
    "type": "string",
    "format": "password",
    "maxLength": CHARACTERS_MAX,
});

/// Why a password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too few characters for what else protects the account.
    #[error("must have at least {min} characters")]
    TooShort {
        /// The least characters.
        min: usize,
    },
    /// More than [`CHARACTERS_MAX`].
    #[error("must not have more than {max} characters")]
    TooLong {
        /// The most characters.
        max: usize,
    },
    /// On the list of common passwords, or such a word with digits or signs around it.
    #[error("is one of the passwords that are tried first")]
    Common,
    /// A few characters over and over, or keys and letters in their order.
    #[error("must not be a repetition or a run such as `abcd` or `qwerty`")]
    Pattern,
    /// Nothing but the person's own name, address or company, with digits or signs around it.
    #[error("must not consist of your own name, address or company")]
    Personal,
}

impl Strength {
    /// Least characters of a password.
    #[must_use]
    fn characters_min(self) -> usize {
        match self {
            Self::Alone => CHARACTERS_MIN_ALONE,
            Self::WithSecondFactor => CHARACTERS_MIN_WITH_SECOND_FACTOR,
        }
    }
}

/// Judges `password` for a person about whom `context` is known: their address, its local part and
/// domain, their name and company, in any spelling.
///
/// # Errors
/// [`PasswordError`] with the first rule that refuses.
pub fn check(password: &str, strength: Strength, context: &[&str]) -> Result<(), PasswordError> {
    let min = strength.characters_min();
    // Counting stops just past the ceiling, so that a hostile text costs no more than a long one.
    let characters = password.chars().take(CHARACTERS_MAX + 1).count();
    if CHARACTERS_MAX < characters {
        return Err(PasswordError::TooLong { max: CHARACTERS_MAX });
    }
    if characters < min {
        return Err(PasswordError::TooShort { min });
    }

    let folded = fold(password);
    let head = folded.trim_end_matches(is_garnish);
    for part in [folded.as_str(), head, head.trim_start_matches(is_garnish)] {
        if is_common(part) {
            return Err(PasswordError::Common);
        }
        if is_repeated(part) || is_run(part) {
            return Err(PasswordError::Pattern);
        }
    }
    if is_personal(&folded, context) {
        return Err(PasswordError::Personal);
    }
    Ok(())
}

/// Removes differences that a guesser would try first: case, full-width and composed forms.
fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

/// Whether `c` is what people put around a word to please a rule: digits, signs, spaces.
fn is_garnish(c: char) -> bool {
    !c.is_alphabetic()
}

fn is_common(folded: &str) -> bool {
    let mut rest = COMMON;
    // Searches by byte offset and then finds the line around it, so that no table of 12,000 lines
    // is built at each cold start. Every step drops at least one line.
    while !rest.is_empty() {
        let middle = rest.len() / 2;
        let (before, after) = rest.split_at_checked(middle).unwrap_or((rest, ""));
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let end = after.find('\n').map_or(rest.len(), |at| middle + at);
        let line = rest.get(start..end).unwrap_or_default();
        match folded.cmp(line) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => rest = rest.get(..start).unwrap_or_default(),
            std::cmp::Ordering::Greater => rest = rest.get(end + 1..).unwrap_or_default(),
        }
    }
    false
}

/// Whether one short piece, or one common word, makes up all of `folded` by being repeated.
fn is_repeated(folded: &str) -> bool {
    let characters: Vec<char> = folded.chars().collect();
    if characters.len() < WORD_CHARACTERS_MIN {
        return false;
    }
    let repeats = |period: &usize| {
        characters.iter().zip(characters.iter().skip(*period)).all(|(a, b)| a == b)
    };
    let Some(period) = (1..=characters.len() / 2).find(repeats) else { return false };
    let unit: String = characters.iter().take(period).collect();
    period <= REPEATED_CHARACTERS_MAX
        || is_common(&unit)
        || is_common(unit.trim_matches(is_garnish))
}

fn is_run(folded: &str) -> bool {
    let backwards: String = folded.chars().rev().collect();
    WORD_CHARACTERS_MIN <= folded.len()
        && RUNS.iter().any(|run| run.contains(folded) || run.contains(&backwards))
}

/// Whether `folded`, without what is known of the person, keeps no letter or one common word.
fn is_personal(folded: &str, context: &[&str]) -> bool {
    let mut known: Vec<String> = context.iter().flat_map(|text| spellings(text)).collect();
    // A whole address goes before the parts it consists of.
    known.sort_by_key(|text| std::cmp::Reverse(text.len()));
    let mut rest = folded.to_owned();
    for text in &known {
        // A space keeps what stood on both sides from growing together into something known.
        rest = rest.replace(text.as_str(), " ");
    }
    if rest == folded {
        return false;
    }
    let letters: String = rest.chars().filter(|c| c.is_alphabetic()).collect();
    letters.is_empty() || is_common(&letters)
}

/// `text` as it is, run together, and piece by piece.
fn spellings(text: &str) -> Vec<String> {
    let folded = fold(text);
    let pieces = folded.split(|c: char| !c.is_alphanumeric());
    let joined: String = pieces.clone().collect();
    let mut all: Vec<String> = pieces.map(str::to_owned).collect();
    all.extend([joined, folded]);
    all.retain(|spelling| PERSONAL_CHARACTERS_MIN <= spelling.chars().count());
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn alone(password: &str) -> Result<(), PasswordError> {
        check(password, Strength::Alone, &[])
    }

    fn beside(password: &str) -> Result<(), PasswordError> {
        check(password, Strength::WithSecondFactor, &[])
    }

    #[test]
    fn the_list_is_sorted_unique_lower_case_and_of_sensible_size() {
        let lines: Vec<&str> = COMMON.lines().collect();
        assert!(lines.is_sorted_by(|a, b| a < b));
        assert!(lines.iter().all(|line| *line == fold(line)));
        assert!(lines.iter().all(|line| WORD_CHARACTERS_MIN <= line.len()));
        assert!(10_000 <= lines.iter().filter(|line| 8 <= line.len()).count());
        assert!(300 <= lines.iter().filter(|line| 15 <= line.len()).count());
        assert!(COMMON.len() < 200_000);
    }

    #[test]
    fn every_word_of_the_list_is_found_and_its_neighbours_are_not() {
        for line in COMMON.lines() {
            assert!(is_common(line), "{line}");
            assert!(!is_common(&format!("{line}\u{1}")), "{line}");
            assert!(!is_common(&format!("\u{1}{line}")), "{line}");
        }
        assert!(!is_common(""));
        assert!(!is_common("~~~~~~~~~"));
    }

    #[test]
    fn length_is_the_only_composition_rule() {
        assert_eq!(beside("tulgeyx"), Err(PasswordError::TooShort { min: 8 }));
        assert_eq!(beside("tulgeyxo"), Ok(()));
        assert_eq!(alone("tulgeyxo"), Err(PasswordError::TooShort { min: 15 }));
        assert_eq!(alone("fourteen chars"), Err(PasswordError::TooShort { min: 15 }));
        assert_eq!(alone("a quiet otter sings"), Ok(()));
        assert_eq!(alone("84736291058473629"), Ok(()));
        assert_eq!(alone("müde Äpfel über Öl"), Ok(()));
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        let word = "ждановъёлкащукацапля";
        assert_eq!(word.chars().count(), 20);
        assert_eq!(alone(word), Ok(()));
        let most: String = "a quiet otter sings ".repeat(13).chars().take(256).collect();
        assert_eq!(alone(&most), Ok(()));
        assert_eq!(alone(&format!("{most}x")), Err(PasswordError::TooLong { max: 256 }));
    }

    #[test]
    fn common_passwords_are_refused_in_any_dress() {
        for password in [
            "password",
            "PassWord",
            "Password123!",
            "...sunshine2024",
            "ｐａｓｓｗｏｒｄ",
            "Dragon2024!",
            "iloveyou!!!",
            "trustno1",
        ] {
            assert_eq!(beside(password), Err(PasswordError::Common), "{password}");
        }
        for password in ["CorrectHorseBatteryStaple", "thisismypassword", "Welcome2024!!!!!!"] {
            assert_eq!(alone(password), Err(PasswordError::Common), "{password}");
        }
    }

    #[test]
    fn repetitions_and_runs_are_refused() {
        for password in [
            "aaaaaaaaaaaaaaaa",
            "xyxyxyxyxyxyxyxyx",
            "7411741174117411",
            "Sunshine7Sunshine7Sunshine7",
            "qwertyuiopasdfgh!",
            "zyxwvutsrqponmlk",
            "90123456789012345",
            "lkjhgfdsapoiuytrewq",
            "1qaz2wsx3edc4rfv5tgb",
        ] {
            assert!(
                matches!(alone(password), Err(PasswordError::Pattern | PasswordError::Common)),
                "{password}"
            );
        }
        assert_eq!(alone("tulgeywoodtulgeywood"), Ok(()), "twice a rare word is still rare");
    }

    #[test]
    fn what_everyone_knows_of_a_person_is_no_password() {
        let context = ["ada.lovelace@engines.example", "Ada", "Lovelace", "Analytical Engines Ltd"];
        let judge = |password| check(password, Strength::WithSecondFactor, &context);
        for password in [
            "ada.lovelace@engines.example",
            "AdaLovelace1815",
            "lovelace!",
            "AnalyticalEngines",
            "Engines-2024",
            "lovelace_password",
        ] {
            assert_eq!(judge(password), Err(PasswordError::Personal), "{password}");
        }
        assert_eq!(judge("lovelace likes loom cards"), Ok(()));
        assert_eq!(judge("83640172956301"), Ok(()), "digits alone name nobody");
        assert_eq!(check("quokka grazes", Strength::WithSecondFactor, &["", "-", "qu"]), Ok(()));
    }

    proptest! {
        #[test]
        fn the_search_agrees_with_a_walk(word in "[a-z0-9]{5,7}") {
            prop_assert_eq!(is_common(&word), COMMON.lines().any(|line| line == word));
        }

        #[test]
        fn any_text_is_judged_and_none_short_or_endless_passes(
            password in "\\PC{0,300}",
            context in proptest::collection::vec("\\PC{0,12}", 0..4),
        ) {
            let context: Vec<&str> = context.iter().map(String::as_str).collect();
            if check(&password, Strength::Alone, &context).is_ok() {
                prop_assert!((15..=256).contains(&password.chars().count()));
            }
        }
    }

    #[test]
    fn a_password_is_never_printed_and_never_read_beyond_its_bound() {
        let read = |length| {
            let json = serde_json::to_string(&"x".repeat(length)).unwrap();
            serde_json::from_str::<Password>(&json)
        };
        let longest = read(CHARACTERS_MAX).unwrap();
        assert_eq!(longest.as_str(), "x".repeat(CHARACTERS_MAX));
        assert_eq!(format!("{longest:?}"), "Password(…)");
        assert!(read(CHARACTERS_MAX + 1).is_err());
    }
}
