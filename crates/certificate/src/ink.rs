//! The colours of the page: black, two greys, and the company's own where it can be read.

use domain::tenant::Accent;

/// A colour by its parts of red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ink(pub(crate) u8, pub(crate) u8, pub(crate) u8);

/// What is read first.
pub(crate) const BLACK: Ink = Ink(0x1B, 0x22, 0x20);
/// What says what something is.
pub(crate) const GREY: Ink = Ink(0x5C, 0x66, 0x62);
/// What keeps things apart.
pub(crate) const HAIR: Ink = Ink(0xD5, 0xDB, 0xD8);

/// Contrast that small text needs on white (WCAG 2.2, 1.4.3).
const READABLE: f32 = 4.5;

/// What the company's colour comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Palette {
    /// For shapes.
    pub(crate) accent: Ink,
    /// For words: the same, unless it is too light to read.
    pub(crate) word: Ink,
}

impl Palette {
    pub(crate) fn of(accent: &Accent) -> Self {
        let digits = accent.as_str().trim_start_matches('#');
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).unwrap_or(0).to_be_bytes();
        let accent = Ink(red, green, blue);
        let word = if accent.contrast_on_white() < READABLE { BLACK } else { accent };
        Self { accent, word }
    }
}

impl Ink {
    /// The contrast with white as WCAG 2.2 defines it, from 1 to 21.
    fn contrast_on_white(self) -> f32 {
        let Self(red, green, blue) = self;
        let light = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
        1.05 / (light + 0.05)
    }
}

fn linear(part: u8) -> f32 {
    let part = f32::from(part) / 255.0;
    if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_too_light_to_read_writes_no_words() {
        let word = |accent: &str| Palette::of(&accent.parse().unwrap()).word;
        assert_eq!(word("#0b5d66"), Ink(0x0B, 0x5D, 0x66));
        assert_eq!(word("#ffe600"), BLACK);
        assert_eq!(word("#777777"), BLACK);
        assert_eq!(word("#767676"), Ink(0x76, 0x76, 0x76));
    }
}
