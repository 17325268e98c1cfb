//! The recovery codes themselves.

use std::fmt;
use std::str::FromStr;

use crate::as_text::{inline_schema, read_as_text};

/// Signs of a recovery code, of 5 bits each: 120 bits, which nobody guesses.
const RECOVERY_SIGNS: usize = 24;
/// Signs of a recovery code that are written without a gap.
const RECOVERY_GROUP: usize = 4;
/// The signs (RFC 4648, 6): none of `0`, `1`, `8` and `9` is among them.
const SIGNS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A recovery code, as it is typed. Never logged; read [`RecoveryCode::signs`] to compare in
/// constant time.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

/// Why a text is no recovery code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected the 24 letters and digits of a recovery code")]
pub struct RecoveryCodeError;

impl RecoveryCode {
    /// The code that the first 120 of some random bits are.
    #[must_use]
    pub fn of_bits(bits: &[u8; 16]) -> Self {
        let bits = u128::from_be_bytes(*bits) >> 8;
        let sign = |place: usize| {
            let sign = usize::try_from(bits >> (5 * (RECOVERY_SIGNS - 1 - place)) & 31);
            char::from(sign.ok().and_then(|sign| SIGNS.get(sign)).copied().unwrap_or(b'A'))
        };
        Self((0..RECOVERY_SIGNS).map(sign).collect())
    }

    /// The signs, without gaps.
    #[must_use]
    pub fn signs(&self) -> &str {
        &self.0
    }

    /// The code as it is written down: in groups of four.
    #[must_use]
    pub fn grouped(&self) -> String {
        let is_gap = |place: usize| 0 < place && place.is_multiple_of(RECOVERY_GROUP);
        let signs = self.0.char_indices();
        signs
            .flat_map(|(place, sign)| is_gap(place).then_some('-').into_iter().chain([sign]))
            .collect()
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(redacted)")
    }
}

impl FromStr for RecoveryCode {
    type Err = RecoveryCodeError;

    /// Forgives small letters, gaps, and digits that look like letters.
    fn from_str(text: &str) -> Result<Self, RecoveryCodeError> {
        let is_gap = |c: &char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2014}');
        let meant = |c: char| match c.to_ascii_uppercase() {
            '0' => 'O',
            '1' => 'I',
            '8' => 'B',
            c => c,
        };
        let signs = text.chars().filter(|c| !is_gap(c)).map(meant);
        // One more than there are, so that a hostile text costs no more than a long one.
        let signs: String = signs.take(RECOVERY_SIGNS + 1).collect();
        let is_sign = |c: &u8| SIGNS.contains(c);
        if signs.len() == RECOVERY_SIGNS && signs.bytes().all(|c| is_sign(&c)) {
            Ok(Self(signs))
        } else {
            Err(RecoveryCodeError)
        }
    }
}

read_as_text!(RecoveryCode);
inline_schema!(RecoveryCode, "RecoveryCode", {
    "type": "string",
    "minLength": 24,
    "examples": ["ABCD-EFGH-IJKL-MNOP-QRST-UVWX"],
});

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_recovery_code_is_typed_as_it_is_written_or_carelessly() {
        let code = RecoveryCode::of_bits(&[0xff; 16]);
        assert_eq!(code.signs(), "7".repeat(24));
        assert_eq!(code.grouped(), "7777-7777-7777-7777-7777-7777");
        assert_eq!(format!("{code:?}"), "RecoveryCode(redacted)");
        let first = RecoveryCode::of_bits(&[0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 255]);
        assert_eq!(first.signs(), "QAAAAAAAAAAAAAAAAAAAAAAB");
        let careless = " qaaa-aaaa aaaa\u{2013}aaaa-aaaa-aaa8 ";
        assert_eq!(careless.parse(), Ok(first));
        assert_eq!("01".repeat(12).parse::<RecoveryCode>().unwrap().signs(), "OI".repeat(12));
        for wrong in ["", "AAAA", &"A".repeat(25), &"9".repeat(24), &"\u{e4}".repeat(12)] {
            assert_eq!(wrong.parse::<RecoveryCode>(), Err(RecoveryCodeError), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_was_written_down_is_what_is_typed(bits: [u8; 16]) {
            let code = RecoveryCode::of_bits(&bits);
            prop_assert_eq!(code.grouped().to_lowercase().parse(), Ok(code));
        }
    }
}
