//! How letters are compared: what people see differently and type alike.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Whether `text` could be a word that a contact is found under.
#[must_use]
pub fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| is_letter(c) || is_joiner(c))
}

/// `text` as it is compared: lower case, without accents, in the plainest letters. Scripts that
/// have neither stay as they are.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let letters = text.nfkd().filter(|c| !is_accent(*c)).flat_map(char::to_lowercase);
    for letter in letters {
        match letter {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ð' | 'đ' => folded.push('d'),
            'ħ' => folded.push('h'),
            'ı' => folded.push('i'),
            'ł' => folded.push('l'),
            'ø' => folded.push('o'),
            'ŧ' => folded.push('t'),
            'ς' => folded.push('σ'),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => folded.push('-'),
            other => folded.push(other),
        }
    }
    // What is left apart, such as Hangul and the marks of kana, goes together again.
    folded.nfc().collect()
}

/// A folded text with what apostrophes part joined. Folded again, since the marks beside one have
/// an order of their own once they meet.
pub(crate) fn without_apostrophes(folded: &str) -> String {
    fold(&folded.chars().filter(|c| !is_apostrophe(*c)).collect::<String>())
}

/// Runs of letters, digits and what joins them, of a folded text.
pub(crate) fn tokens(folded: &str) -> Vec<String> {
    folded
        .split(|c| !is_letter(c) && !is_joiner(c))
        .map(|token| token.trim_matches(is_joiner))
        .filter(|token| !token.is_empty())
        .map(str::to_owned)
        .collect()
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// What joins letters to one word: `ada.l+vpn@initech.example`, `Lovelace-Byron`.
pub(crate) fn is_joiner(c: char) -> bool {
    matches!(c, '@' | '.' | '_' | '-' | '+')
}

/// What people leave out as often as not.
pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '`' | '´' | '‘' | '’' | 'ʻ' | 'ʼ')
}

/// Marks that people leave out when they type: accents, the points of Hebrew and Arabic, and what
/// cannot be seen.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200C}' | '\u{200D}')
        || matches!(c, '\u{300}'..='\u{36F}' | '\u{483}'..='\u{487}')
        || matches!(
            c,
            '\u{591}'
                ..='\u{5BD}'
                    | '\u{5BF}'
                    | '\u{5C1}'
                    | '\u{5C2}'
                    | '\u{5C4}'
                    | '\u{5C5}'
                    | '\u{5C7}'
        )
        || matches!(c, '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{670}')
        || matches!(c, '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20F0}' | '\u{FE20}'..='\u{FE2F}')
}

/// Scripts that put no space between words: Chinese, Japanese, Korean names.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn letters_fold_to_what_people_type() {
        for (text, folded) in [
            ("Straße GROẞ", "strasse gross"),
            ("Łódź", "lodz"),
            ("İSTANBUL Işık ısı", "istanbul isik isi"),
            ("Zoe\u{308} Zoë", "zoe zoe"),
            ("Þórður Ångström Øre", "thordur angstrom ore"),
            ("ΟΔΥΣΣΕΎΣ Οδυσσεύς", "οδυσσευσ οδυσσευσ"),
            ("Ёлкин", "елкин"),
            ("ﬁn Ⅳ ｱﾍﾞ", "fin iv アベ"),
            ("王小明 がき 홍길동", "王小明 がき 홍길동"),
            ("मोहन अरविन्द", "मोहन अरविन्द"),
            ("مُحَمَّد", "محمد"),
            ("שָׁלוֹם", "שלום"),
            ("a\u{1AB0}b co\u{AD}op", "ab coop"),
            ("Saint‑Pierre", "saint-pierre"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn a_word_is_of_letters_digits_and_what_joins_them() {
        for word in ["ada", "ada.l+vpn@initech.example", "a_1", "王", "\u{94D}"] {
            assert!(is_word(word), "{word}");
        }
        for other in ["", "a b", "o'brien", "100%", "#"] {
            assert!(!is_word(other), "{other}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
