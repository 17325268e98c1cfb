//! Setting text: from words to lines of glyphs that are never wider than they may be.

use krilla::text::KrillaGlyph;
use unicode_normalization::char::is_combining_mark;

use crate::fonts::{Face, Fonts, Voice};
use crate::ink::Ink;
use crate::legible::legible;

/// The part of a line up to which letters fit by the sum of their widths. Beyond it they are shaped
/// to see, which takes longer: pairs of letters may stand further apart than each for itself.
const CERTAIN: f32 = 0.8;

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) voice: Voice,
    /// In points.
    pub(crate) size: f32,
    pub(crate) ink: Ink,
}

/// Glyphs beside each other, and the text they stand for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) glyphs: Vec<KrillaGlyph>,
    /// As a part of the size.
    width: f32,
}

impl Line {
    /// How wide it is at `size` points.
    pub(crate) fn width(&self, size: f32) -> f32 {
        self.width * size
    }

    /// The line with `text` after it, in the `glyphs` that it is shaped to.
    fn push(&mut self, text: &str, glyphs: Vec<KrillaGlyph>) {
        let before = self.text.len();
        for mut glyph in glyphs {
            self.width += glyph.x_advance;
            glyph.text_range = glyph.text_range.start + before..glyph.text_range.end + before;
            self.glyphs.push(glyph);
        }
        self.text.push_str(text);
    }
}

/// `text` in lines of at most `width` points. It is broken after spaces, and within a word that
/// is wider than a whole line.
pub(crate) fn lines(fonts: &Fonts, text: &str, style: Style, width: f32) -> Vec<Line> {
    let face = fonts.face(style.voice);
    let text = legible(text, face);
    let most = width / style.size;
    let (mut lines, mut line) = (Vec::new(), Line::default());
    for word in text.split_inclusive([' ', ']']) {
        let glyphs = face.shape(word);
        // A space at the end of a line may stand over it.
        let over = if word.ends_with(' ') { face.advance(' ') } else { 0.0 };
        let needed = wide(&glyphs) - over;
        if most < line.width + needed && !line.text.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        if needed <= most {
            line.push(word, glyphs);
            continue;
        }
        for part in parts(face, word, most) {
            if !line.text.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line.push(part, face.shape(part));
        }
    }
    if !line.text.is_empty() {
        lines.push(line);
    }
    lines
}

/// `text` in one line of at most `width` points, cut off with an ellipsis if need be.
pub(crate) fn one_line(fonts: &Fonts, text: &str, style: Style, width: f32) -> Line {
    let mut whole = lines(fonts, text, style, width);
    if whole.len() <= 1 {
        return whole.pop().unwrap_or_default();
    }
    let face = fonts.face(style.voice);
    let more = face.shape("…");
    let room = width - wide(&more) * style.size;
    let first = lines(fonts, text, style, room).into_iter().next().unwrap_or_default();
    // The space at its end was not counted.
    let kept = first.text.trim_end();
    let mut cut = Line::default();
    cut.push(kept, face.shape(kept));
    cut.push("…", more);
    cut
}

fn wide(glyphs: &[KrillaGlyph]) -> f32 {
    glyphs.iter().map(|glyph| glyph.x_advance).sum()
}

/// `word` in parts of at most `most`, never between a letter and its marks.
fn parts<'a>(face: &Face, word: &'a str, most: f32) -> Vec<&'a str> {
    let ends = word.char_indices().filter(|(_, c)| !is_combining_mark(*c)).map(|(at, _)| at);
    let ends: Vec<usize> = ends.skip(1).chain([word.len()]).collect();
    let (mut parts, mut start, mut before, mut width) = (Vec::new(), 0, 0, 0.0);
    for end in ends {
        let letter = word.get(before..end).unwrap_or_default();
        let letter: f32 = letter.chars().map(|c| face.advance(c)).sum();
        let is_over = most * CERTAIN < width + letter
            && most < wide(&face.shape(word.get(start..end).unwrap_or_default()));
        if is_over && start < before {
            parts.extend(word.get(start..before));
            (start, width) = (before, 0.0);
        }
        width += letter;
        before = end;
    }
    parts.extend(word.get(start..));
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fonts::loaded;
    use crate::ink::BLACK;

    const STYLE: Style = Style { voice: Voice::Plain, size: 10.0, ink: BLACK };

    #[test]
    fn lines_break_after_spaces_and_within_words_that_are_too_wide() {
        let texts = |text: &str, width| -> Vec<String> {
            lines(loaded(), text, STYLE, width).into_iter().map(|line| line.text).collect()
        };
        assert_eq!(texts("one two three", 40.0), ["one two ", "three"]);
        assert_eq!(texts("aaaaaaaaaa", 29.0), ["aaaaa", "aaaaa"]);
        assert!(texts("", 40.0).is_empty());
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_it_may_be_and_no_letter_is_lost(
            text in "\\PC{0,80}|W{0,80}|(\\PC{0,9} ){0,9}",
            width in 30.0_f32..200.0,
        ) {
            let set = lines(loaded(), &text, STYLE, width);
            let whole: String = set.iter().map(|line| line.text.as_str()).collect();
            prop_assert_eq!(whole, legible(&text, loaded().face(STYLE.voice)));
            for line in &set {
                let bare = wide(&loaded().face(STYLE.voice).shape(line.text.trim_end()));
                prop_assert!(bare * STYLE.size <= width + 0.01, "{:?}", line.text);
            }
        }

        #[test]
        fn one_line_is_one_line(text in "\\PC{0,80}") {
            let line = one_line(loaded(), &text, STYLE, 60.0);
            prop_assert!(wide(&loaded().face(STYLE.voice).shape(line.text.trim_end())) * 10.0 <= 60.01);
        }
    }
}
