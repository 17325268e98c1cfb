//! Typed texts made safe for headers and bodies: one place, used by everything a template prints.

use std::fmt;

/// One line: no controls, no invisible characters, single spaces, bounded.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Line(String);

/// Several lines, each as [`Line`].
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Prose {
    pub(crate) lines: Vec<Line>,
}

/// The most characters of an address (RFC 5321, section 4.5.3.1.3, less its brackets).
pub(crate) const EMAIL_MAX: usize = 254;

/// The most lines of a [`Prose`]; 2,000 characters rarely make more.
const LINES_MAX: usize = 100;

/// The most characters of one line of a [`Prose`]; notes hold 2,000 in all.
const PROSE_LINE_MAX: usize = 2000;

impl Line {
    /// Cleans `text` and cuts it to `max` characters, the last one then being an ellipsis.
    pub(crate) fn new(text: &str, max: usize) -> Self {
        // A break becomes a space, so that words do not melt; what is invisible goes.
        let spaced = text.chars().map(|c| if is_break(c) { ' ' } else { c });
        let visible: String = spaced.filter(|c| !is_hidden(*c)).collect();
        let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() <= max {
            return Self(line);
        }
        let kept: String = line.chars().take(max.saturating_sub(1)).collect();
        Self(format!("{}…", kept.trim_end()))
    }

    /// As [`Line::new`], but nothing if nothing visible is left.
    pub(crate) fn some(text: &str, max: usize) -> Option<Self> {
        let line = Self::new(text, max);
        if line.is_empty() { None } else { Some(line) }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Prose {
    /// Cleans `text` line by line; empty lines at both ends go, runs of them become one.
    pub(crate) fn new(text: &str) -> Self {
        let text = text.replace("\r\n", "\n");
        let mut lines: Vec<Line> = Vec::new();
        for line in text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
            let line = Line::new(line, PROSE_LINE_MAX);
            let follows_a_gap = lines.last().is_none_or(Line::is_empty);
            if !(line.is_empty() && follows_a_gap) && lines.len() < LINES_MAX {
                lines.push(line);
            }
        }
        if lines.last().is_some_and(Line::is_empty) {
            lines.pop();
        }
        Self { lines }
    }

    /// All of it on one line of at most `max` characters.
    pub(crate) fn as_line(&self, max: usize) -> Line {
        let lines: Vec<&str> = self.lines.iter().map(Line::as_str).collect();
        Line::new(&lines.join(" "), max)
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Characters that separate words or lines, wherever a reader's program may break at them.
fn is_break(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Controls, and what hides or reorders text (Unicode Technical Report 36, section 2.2):
/// bidirectional marks, embeddings, overrides and isolates, zero-width characters, soft hyphen,
/// blank Hangul and Mongolian fillers, interlinear marks and tags.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180E}')
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
        || matches!(c, '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}')
        || matches!(c, '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_break_becomes_one_space_and_an_override_goes() {
        let line = Line::new(" a\r\nBcc: b\u{2028}c\u{202E}\u{200B}d\t\u{0} ", 50);
        assert_eq!(line.as_str(), "a Bcc: b cd");
    }

    #[test]
    fn a_long_line_is_cut_with_an_ellipsis() {
        assert_eq!(Line::new("Partner terms", 9).as_str(), "Partner…");
        assert_eq!(Line::new("Partner", 7).as_str(), "Partner");
    }

    #[test]
    fn prose_keeps_its_lines_and_single_gaps() {
        let prose = Prose::new("\n\nOne\r\n\r\n\n\nTwo\u{2029}Three\n");
        let lines: Vec<&str> = prose.lines.iter().map(Line::as_str).collect();
        assert_eq!(lines, ["One", "", "Two", "Three"]);
    }

    #[test]
    fn prose_ends_after_its_last_line() {
        let lines = |count: usize| Prose::new(&"line\n".repeat(count)).lines.len();
        assert_eq!([lines(99), lines(100), lines(101), lines(5000)], [99, 100, 100, 100]);
    }

    #[test]
    fn nothing_visible_is_nothing() {
        assert!(Line::some(" \u{200B}\n", 9).is_none());
    }

    proptest! {
        #[test]
        fn no_line_holds_a_control_or_more_than_its_measure(
            text in any::<String>(),
            max in 1_usize..80,
        ) {
            let line = Line::new(&text, max);
            prop_assert!(line.as_str().chars().count() <= max);
            prop_assert!(!line.as_str().chars().any(|c| is_hidden(c) || (c != ' ' && is_break(c))));
        }
    }
}
