//! Making any text legible: what cannot be shown as it is gets shown by its number.

use domain::text::is_hidden;
use unicode_normalization::char::is_combining_mark;

use crate::fonts::Face;

/// Marks that one letter may bear besides those it has in one character with them; more would run
/// into the lines above and below.
const MARKS_MAX: usize = 2;

/// `text` as `face` can show it without losing any of it: line breaks and tabs are spaces, and
/// whatever it lacks, hides or piles up stands as its number, as in `[U+738B]`.
pub(crate) fn legible(text: &str, face: &Face) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut marks_left = 0;
    for c in text.chars() {
        let is_mark = is_combining_mark(c);
        if matches!(c, '\n' | '\r' | '\t') {
            shown.push(' ');
            marks_left = 0;
        } else if is_unseen(c) || !face.has(c) || (is_mark && marks_left == 0) {
            let number = format!("[U+{:04X}]", u32::from(c));
            shown.push_str(&number);
            marks_left = 0;
        } else {
            shown.push(c);
            marks_left = if is_mark { marks_left - 1 } else { MARKS_MAX };
        }
    }
    shown
}

/// `text` for the file's own description, which any program may show in any typeface.
pub(crate) fn describable(text: &str) -> String {
    text.chars().map(|c| if is_unseen(c) || is_no_character(c) { '\u{FFFD}' } else { c }).collect()
}

/// Whether `c` leaves no trace on paper: besides what a name may not hold, joiners, selectors and
/// fillers (Unicode's `Default_Ignorable_Code_Point`).
fn is_unseen(c: char) -> bool {
    is_hidden(c)
        || matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}')
        || matches!(c, '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200C}' | '\u{200D}' | '\u{3164}')
        || matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}')
        || matches!(c, '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}')
        || matches!(c, '\u{E0080}'..='\u{E0FFF}')
}

/// Whether `c` may stand in no XML, where descriptions lie.
fn is_no_character(c: char) -> bool {
    let number = u32::from(c);
    (0xFDD0..=0xFDEF).contains(&number) || 0xFFFE <= number & 0xFFFF
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fonts::{Voice, loaded};

    fn shown(text: &str) -> String {
        legible(text, loaded().face(Voice::Strong))
    }

    #[test]
    fn names_of_europe_stand_as_they_are() {
        for name in [
            "Łukasz Żółć",
            "Ελένη Παπαδοπούλου",
            "Ἀχιλλεύς",
            "Юлия Щёткина",
            "Nguyễn Thị Ánh",
            "Ğülşen",
        ] {
            assert_eq!(shown(name), name);
        }
    }

    #[test]
    fn what_cannot_be_shown_stands_as_its_number() {
        assert_eq!(shown("王"), "[U+738B]");
        assert_eq!(shown("a\u{202E}b\tc\u{7}"), "a[U+202E]b c[U+0007]");
        assert_eq!(shown("a\u{200D}\u{AD}"), "a[U+200D][U+00AD]");
        let pile = format!("a{}", "\u{301}".repeat(5));
        assert_eq!(shown(&pile), "a\u{301}\u{301}[U+0301][U+0301][U+0301]");
        assert_eq!(shown("\u{301}a"), "[U+0301]a");
    }

    #[test]
    fn a_description_holds_nothing_that_hides_and_nothing_that_is_no_character() {
        assert_eq!(describable("a\u{202E}b\u{FFFE}c\u{FDD0}王"), "a\u{FFFD}b\u{FFFD}c\u{FFFD}王");
    }

    proptest! {
        #[test]
        fn no_text_needs_a_glyph_that_is_not_there(text in "\\PC{0,60}|.{0,60}") {
            for voice in [Voice::Plain, Voice::Strong, Voice::Digits] {
                let face = loaded().face(voice);
                let shown = legible(&text, face);
                prop_assert!(shown.chars().all(|c| face.has(c) && !is_unseen(c)));
                prop_assert!(face.shape(&shown).iter().all(|glyph| glyph.glyph_id.to_u32() != 0));
            }
        }
    }
}
