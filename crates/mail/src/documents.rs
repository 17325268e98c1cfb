//! Lists of documents in words: up to three titles, then how many others.

use crate::clean::Line;

/// Titles told by name; more are counted.
const SHOWN_MAX: usize = 3;

/// The most characters of one title in a mail; a title itself may hold 200.
pub(crate) const TITLE_MAX: usize = 120;

/// Documents as a mail lists them.
pub(crate) struct Documents {
    /// "2 documents".
    pub(crate) count: String,
    /// "it" or "them".
    pub(crate) them: &'static str,
    /// "is" or "are".
    pub(crate) are: &'static str,
    /// The first titles.
    pub(crate) shown: Vec<Line>,
    /// "41 others", if there are more than are shown.
    pub(crate) others: Option<String>,
}

impl Documents {
    pub(crate) fn new(titles: &[String]) -> Self {
        let shown = titles.iter().take(SHOWN_MAX);
        let others = titles.len().saturating_sub(SHOWN_MAX);
        let is_one = titles.len() == 1;
        Self {
            count: count(titles.len(), "document"),
            them: if is_one { "it" } else { "them" },
            are: if is_one { "is" } else { "are" },
            shown: shown.map(|title| Line::new(title, TITLE_MAX)).collect(),
            others: if others == 0 { None } else { Some(count(others, "other")) },
        }
    }

    /// "A, B and C", or "A, B, C and 41 others".
    pub(crate) fn prose(&self) -> String {
        let mut parts: Vec<&str> = self.shown.iter().map(Line::as_str).collect();
        parts.extend(self.others.as_deref());
        match parts.split_last() {
            None => String::new(),
            Some((only, [])) => (*only).to_owned(),
            Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        }
    }
}

/// "1 document", "2,318 documents".
pub(crate) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", separated(number))
}

/// "2,318".
fn separated(number: usize) -> String {
    let digits = number.to_string();
    let places = digits.chars().zip((0..digits.len()).rev());
    places.fold(String::new(), |text, (digit, place)| {
        let comma = if place != 0 && place % 3 == 0 { "," } else { "" };
        format!("{text}{digit}{comma}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(titles: &[&str]) -> Documents {
        Documents::new(&titles.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn three_titles_are_told_and_the_rest_is_counted() {
        assert_eq!(documents(&["A"]).prose(), "A");
        assert_eq!(documents(&["A", "B"]).prose(), "A and B");
        assert_eq!(documents(&["A", "B", "C"]).prose(), "A, B and C");
        assert_eq!(documents(&["A", "B", "C", "D"]).prose(), "A, B, C and 1 other");
        assert_eq!(documents(&["A", "B", "C", "D", "E"]).prose(), "A, B, C and 2 others");
        assert_eq!(documents(&[]).prose(), "");
    }

    #[test]
    fn counts_agree_with_their_noun_and_are_separated() {
        assert_eq!(count(0, "document"), "0 documents");
        assert_eq!(count(1, "document"), "1 document");
        assert_eq!(count(2318, "document"), "2,318 documents");
        assert_eq!(count(1_000_000, "other"), "1,000,000 others");
    }
}
