//! Words to search by: what a contact is found under, and what a searcher typed.
//!
//! Both sides are folded alike: lower case, without accents, each letter spelled the plain way. A
//! word that is the beginning of another word of the same contact is left out, since whatever
//! finds it finds the other.

pub mod fold;

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::email::Email;
use crate::text::{PersonName, Title};
use crate::words::fold::{
    fold, is_apostrophe, is_joiner, is_unspaced, tokens, without_apostrophes,
};

/// Words one contact is found under at the most. Each is a row in up to two lists, and the old and
/// new ones must fit one transaction of 100 steps.
pub const WORDS_MAX: usize = 20;
/// Characters of a word that count; what is beyond is not compared.
pub const WORD_CHARS_MAX: usize = 40;
/// Characters a searched word must have.
pub const WORD_CHARS_MIN: usize = 2;
/// Words one search may have.
pub const SOUGHT_MAX: usize = 8;
/// Characters one search may have.
pub const SOUGHT_CHARS_MAX: usize = 200;

/// Labels under which a country registers companies, so that they tell nothing about one.
const SECOND_LEVELS: [&str; 14] =
    ["ac", "co", "com", "edu", "gob", "gouv", "gov", "go", "mil", "ne", "net", "or", "org", "plc"];

/// What a contact is found under, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub struct Words(Vec<String>);

/// What a searcher typed: each word must be the beginning of a word of the contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    /// The longest, which finds the fewest.
    longest: String,
    others: Vec<String>,
}

/// Why a search is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SoughtError {
    /// There is no letter or digit in it.
    #[error("expected a word of at least {WORD_CHARS_MIN} letters or digits")]
    Nothing,
    /// A word finds too much.
    #[error("`{0}` is too short: each word needs at least {WORD_CHARS_MIN} letters or digits")]
    Short(String),
    /// More characters than anybody searches by.
    #[error("must not be longer than {SOUGHT_CHARS_MAX} characters")]
    TooLong,
    /// More words than anybody searches by.
    #[error("must not have more than {SOUGHT_MAX} words")]
    TooMany,
}

impl Words {
    /// The words of a contact: the names, the address, the company and the parts of each.
    #[must_use]
    pub fn of_contact(
        first_name: &PersonName,
        last_name: &PersonName,
        email: Option<&Email>,
        account_name: Option<&Title>,
    ) -> Self {
        let (first, last) = (first_name.as_str(), last_name.as_str());
        let mut words = Self::default();
        // The words that people know somebody by come first, in case there is no room for all.
        words.add_text(first);
        words.add_text(last);
        if first.chars().chain(last.chars()).any(is_unspaced) {
            // Written without a space between them, the family's name first or last.
            words.add_text(&format!("{last}{first}"));
            words.add_text(&format!("{first}{last}"));
        }
        if let Some(email) = email {
            words.add_all(&tokens(email.as_str()));
        }
        if let Some(name) = account_name {
            words.add_text(name.as_str());
        }
        if let Some(email) = email {
            words.add_parts_of(email);
        }
        words.0.sort_unstable();
        words
    }

    /// The words, in order.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    /// The first word that begins with `beginning`.
    #[must_use]
    fn first_with(&self, beginning: &str) -> Option<&str> {
        self.0.iter().map(String::as_str).find(|word| word.starts_with(beginning))
    }

    /// A text as it was typed: its words, and what hyphens, dots and apostrophes join.
    fn add_text(&mut self, text: &str) {
        let folded = fold(text);
        let joined = without_apostrophes(&folded);
        for token in tokens(&joined) {
            self.add(&token);
            token.split(is_joiner).for_each(|part| self.add(part));
        }
        if joined != folded {
            self.add_all(&tokens(&folded.replace(is_apostrophe, " ")));
        }
    }

    /// The parts of the local part, and each domain above that may be a company's.
    fn add_parts_of(&mut self, email: &Email) {
        let domain = email.domain();
        let local = email.as_str().strip_suffix(domain.as_str()).unwrap_or_default();
        for token in tokens(local) {
            token.split(is_joiner).for_each(|part| self.add(part));
        }
        let spelled = fold(&idna::domain_to_unicode(domain.as_str()).0);
        if spelled != domain.as_str() {
            self.add_all(&tokens(&format!("{local}{spelled}")));
        }
        for name in [domain.as_str(), &spelled] {
            let mut rest = name.to_owned();
            while rest.contains('.') && !is_registry(&rest) {
                self.add(&rest);
                rest = rest.split_once('.').map(|(_, above)| above.to_owned()).unwrap_or_default();
            }
        }
    }

    fn add_all(&mut self, words: &[String]) {
        for word in words {
            self.add(word);
        }
    }

    fn add(&mut self, word: &str) {
        let word: String = word.chars().take(WORD_CHARS_MAX).collect();
        let word = word.trim_matches(is_joiner);
        let is_covered = self.first_with(word).is_some();
        if word.chars().count() < WORD_CHARS_MIN || is_covered {
            return;
        }
        self.0.retain(|shorter| !word.starts_with(shorter.as_str()));
        if self.0.len() < WORDS_MAX {
            self.0.push(word.to_owned());
        }
    }
}

impl From<Words> for String {
    fn from(words: Words) -> Self {
        words.0.join(" ")
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Self(text.split_whitespace().map(str::to_owned).collect())
    }
}

impl Sought {
    /// The word to look up; the others only narrow.
    #[must_use]
    pub fn longest(&self) -> &str {
        &self.longest
    }

    /// Whether one look at the word tells everything.
    #[must_use]
    pub fn is_one_word(&self) -> bool {
        self.others.is_empty()
    }

    /// Whether the row under `word` shows a contact with `words`. A contact of which several words
    /// begin alike is shown under the first of them only.
    #[must_use]
    pub fn is_shown_under(&self, word: &str, words: &Words) -> bool {
        words.first_with(&self.longest) == Some(word)
            && self.others.iter().all(|other| words.first_with(other).is_some())
    }
}

impl FromStr for Sought {
    type Err = SoughtError;

    fn from_str(text: &str) -> Result<Self, SoughtError> {
        if SOUGHT_CHARS_MAX < text.chars().count() {
            return Err(SoughtError::TooLong);
        }
        let mut words: Vec<String> = Vec::new();
        for token in tokens(&without_apostrophes(&fold(text))) {
            if token.chars().count() < WORD_CHARS_MIN {
                return Err(SoughtError::Short(token));
            }
            let word: String = token.chars().take(WORD_CHARS_MAX).collect();
            words.push(word.trim_end_matches(is_joiner).to_owned());
        }
        words.sort_by(|a, b| b.chars().count().cmp(&a.chars().count()).then(a.cmp(b)));
        words.dedup();
        if SOUGHT_MAX < words.len() {
            return Err(SoughtError::TooMany);
        }
        let mut words = words.into_iter();
        let longest = words.next().ok_or(SoughtError::Nothing)?;
        Ok(Self { longest, others: words.collect() })
    }
}

/// Whether everybody of a country registers under this domain, as under `co.uk`.
fn is_registry(domain: &str) -> bool {
    domain
        .split_once('.')
        .is_some_and(|(second, top)| top.len() == 2 && SECOND_LEVELS.contains(&second))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::words::fold::is_word;

    fn words(first: &str, last: &str, email: &str, account: &str) -> Vec<String> {
        let (first, last) = (first.parse().unwrap(), last.parse().unwrap());
        let (email, account) = (email.parse().ok(), account.parse().ok());
        Words::of_contact(&first, &last, email.as_ref(), account.as_ref()).0
    }

    /// Whether `typed` finds the contact.
    fn finds(typed: &str, found: &[String]) -> bool {
        let (sought, words): (Sought, _) = (typed.parse().unwrap(), Words(found.to_vec()));
        let shown: Vec<_> =
            found.iter().filter(|word| sought.is_shown_under(word, &words)).collect();
        assert!(shown.len() <= 1, "`{typed}` shows the contact twice: {shown:?}");
        !shown.is_empty()
    }

    #[test]
    fn a_contact_is_found_by_what_it_is_called_and_where_it_works() {
        let ada = words("Ada", "Lovelace-Byron", "ada.l+vpn@mail.initech.co.uk", "Initech & Söhne");
        assert_eq!(
            ada,
            [
                "ada.l+vpn@mail.initech.co.uk",
                "byron",
                "initech.co.uk",
                "lovelace-byron",
                "mail.initech.co.uk",
                "sohne",
                "vpn",
            ]
        );
        for typed in [
            "ada",
            "ADA",
            "lovelace",
            "Lovelace-By",
            "byron ada",
            "ada.l+vpn@mail",
            "initech.co",
            "initech",
            "söhne",
            "mail.init",
            "vp",
            "ad lo by in so",
        ] {
            assert!(finds(typed, &ada), "{typed}");
        }
        for typed in ["co", "uk", "velace", "adab", "ada hopper", "lovelace byronx"] {
            assert!(!finds(typed, &ada), "{typed}");
        }
    }

    #[test]
    fn apostrophes_join_and_part() {
        let found = words("Siobhán", "O’Brien", "x@y.example", "L'Oréal");
        for typed in ["o'brien", "OBrien", "brien", "oréal", "l’oreal", "siobhan"] {
            assert!(finds(typed, &found), "{typed} in {found:?}");
        }
        // Two marks that an apostrophe held apart change places once they meet.
        let found = words("Ada", "A", "", "\u{859}'\u{c3c}");
        assert!(finds("\u{859}'\u{c3c}", &found) && finds("\u{c3c}\u{859}", &found));
    }

    #[test]
    fn names_without_spaces_are_found_whole_and_domains_in_every_spelling() {
        let found = words("小明", "王", "ming@bücher.example", "");
        for typed in
            ["王小明", "小明", "小明王", "bücher", "bucher.example", "ming@bucher", "xn--bcher"]
        {
            assert!(finds(typed, &found), "{typed} in {found:?}");
        }
    }

    #[test]
    fn what_finds_nothing_or_everything_is_refused() {
        let refused = |text: &str| text.parse::<Sought>().unwrap_err();
        for nothing in ["", "  ", "%", "😀", "* ?", "---", "'"] {
            assert_eq!(refused(nothing), SoughtError::Nothing, "{nothing}");
        }
        assert_eq!(refused("ada b"), SoughtError::Short("b".to_owned()));
        assert_eq!(refused(&"a".repeat(201)), SoughtError::TooLong);
        assert_eq!(refused("aa bb cc dd ee ff gg hh ii"), SoughtError::TooMany);
        let long = words("Wolfgang", &"x".repeat(100), "", "");
        assert!(finds(&"x".repeat(41), &long), "only what counts is compared");
    }

    #[test]
    fn the_longest_word_is_looked_up_and_one_alone_tells_everything() {
        let sought = |text: &str| text.parse::<Sought>().unwrap();
        assert_eq!(sought("ada byron lin").longest(), "byron");
        assert_eq!(sought("ada lin").longest(), "ada", "the first of the longest");
        assert!(sought("ada").is_one_word() && sought("ada Ada").is_one_word());
        assert!(!sought("ada byron").is_one_word());
        assert!("ab".parse::<Sought>().is_ok());
        assert!("aa bb cc dd ee ff gg hh".parse::<Sought>().is_ok(), "so many are taken");
        assert!("a".repeat(SOUGHT_CHARS_MAX).parse::<Sought>().is_ok());
    }

    #[test]
    fn a_contact_has_so_many_words_and_its_names_come_first() {
        let names: Vec<String> = ('a'..='z').map(|c| format!("{c}q")).collect();
        let found = words(&names[..13].join(" "), &names[13..].join(" "), "x@y.example", "Initech");
        assert_eq!(found, names[..WORDS_MAX]);
    }

    #[test]
    fn what_a_country_registers_under_tells_nothing_and_a_company_does() {
        let found = words("Ada", "Lin", "x@mail.org.example", "");
        assert!(found.contains(&"org.example".to_owned()), "{found:?}");
        let found = words("Ada", "Lin", "x@acme.gov.uk", "");
        assert!(!found.contains(&"gov.uk".to_owned()), "{found:?}");
        let found = words("Ada", "Lin", "x@acme.zurich.ch", "");
        assert!(found.contains(&"zurich.ch".to_owned()), "{found:?}");
    }

    proptest! {
        #[test]
        fn words_are_few_short_and_find_their_contact(
            first in "\\PC{1,99}", last in "\\PC{1,99}", account in "\\PC{1,199}",
        ) {
            if let (Ok(first), Ok(last), account) = (first.parse(), last.parse(), account.parse().ok()) {
                let found = Words::of_contact(&first, &last, None, account.as_ref());
                prop_assert!(found.0.len() <= WORDS_MAX && found.0.is_sorted());
                for word in &found.0 {
                    prop_assert!(word.chars().count() <= WORD_CHARS_MAX && is_word(word), "{}", word);
                    let sought: Sought = word.parse().unwrap();
                    prop_assert!(sought.is_shown_under(word, &found), "{:?} in {:?}", sought, found);
                }
                let kept: Words = String::from(found.clone()).into();
                prop_assert_eq!(kept, found);
            }
        }

        #[test]
        fn whatever_is_typed_is_a_search_or_refused(text in ".{0,220}") {
            if let Ok(sought) = text.parse::<Sought>() {
                prop_assert!(is_word(sought.longest()));
                prop_assert!(WORD_CHARS_MIN <= sought.longest().chars().count());
            }
        }
    }
}
