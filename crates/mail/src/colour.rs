//! Colours that stay readable, whatever accent a tenant picks.

use std::fmt;

/// Least contrast of text on its ground (WCAG 2.2, success criterion 1.4.3).
pub(crate) const TEXT_CONTRAST: f64 = 4.5;

/// An sRGB colour; prints as `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

/// The sheet of a mail by day, as `layout.html` paints it.
pub(crate) const SHEET: Colour = Colour::new(0xfd, 0xfd, 0xfc);
/// The sheet of a mail by night.
pub(crate) const NIGHT_SHEET: Colour = Colour::new(0x14, 0x19, 0x17);
/// Text by day.
pub(crate) const INK: Colour = Colour::new(0x15, 0x20, 0x1b);

const WHITE: Colour = Colour::new(0xff, 0xff, 0xff);
const BLACK: Colour = Colour::new(0, 0, 0);

/// Contrast a button needs against the sheet to be seen as a shape. Its words carry the meaning
/// and have [`TEXT_CONTRAST`], so pale brands may stay pale.
const SHAPE_CONTRAST: f64 = 1.3;
/// The same by night, where dark brands are the ones that drown.
const NIGHT_SHAPE_CONTRAST: f64 = 2.0;
/// Links by night stand in small grey text and want more than the least (WCAG's level AAA).
const NIGHT_TEXT_CONTRAST: f64 = 7.0;

/// Steps between a colour and the one it leans to.
const STEPS: u32 = 40;

/// What an accent becomes in a mail.
pub(crate) struct Palette {
    /// The button, and the words on it.
    pub(crate) fill: Colour,
    pub(crate) fill_ink: Colour,
    pub(crate) night_fill: Colour,
    pub(crate) night_fill_ink: Colour,
    /// Links, and the lintel: marks too thin for a pale accent.
    pub(crate) text: Colour,
    pub(crate) night_text: Colour,
}

impl Palette {
    pub(crate) fn new(accent: Colour) -> Self {
        let fill = accent.leaning_to(BLACK, SHEET, SHAPE_CONTRAST);
        let night_fill = accent.leaning_to(WHITE, NIGHT_SHEET, NIGHT_SHAPE_CONTRAST);
        Self {
            fill,
            fill_ink: fill.readable_ink(),
            night_fill,
            night_fill_ink: night_fill.readable_ink(),
            text: accent.leaning_to(BLACK, SHEET, TEXT_CONTRAST),
            night_text: accent.leaning_to(WHITE, NIGHT_SHEET, NIGHT_TEXT_CONTRAST),
        }
    }
}

impl Colour {
    pub(crate) const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Reads `#rrggbb`, in either case.
    pub(crate) fn from_hex(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Self { red, green, blue })
    }

    /// Contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio").
    pub(crate) fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance() + 0.05, other.luminance() + 0.05);
        one.max(two) / one.min(two)
    }

    /// White if it can be read on this colour, else ink, else black: between them one always can,
    /// for black and white together never fall below the square root of 21.
    pub(crate) fn readable_ink(self) -> Self {
        let reads = |ink: &Self| TEXT_CONTRAST <= ink.contrast(self);
        [WHITE, INK].into_iter().find(reads).unwrap_or(BLACK)
    }

    /// This colour, or the nearest one on the way to `goal` that stands out from `ground`.
    fn leaning_to(self, goal: Self, ground: Self, least: f64) -> Self {
        let way = (0..=STEPS).map(|step| self.mixed(goal, step));
        way.into_iter().find(|colour| least <= colour.contrast(ground)).unwrap_or(goal)
    }

    fn mixed(self, other: Self, step: u32) -> Self {
        let mix = |one: u8, two: u8| {
            let sum = u32::from(one) * (STEPS - step) + u32::from(two) * step;
            u8::try_from(sum / STEPS).unwrap_or(u8::MAX)
        };
        Self {
            red: mix(self.red, other.red),
            green: mix(self.green, other.green),
            blue: mix(self.blue, other.blue),
        }
    }

    /// Relative luminance, 0 to 1 (WCAG 2.2, "relative luminance").
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_six_hex_digits_are_a_colour() {
        assert_eq!(Colour::from_hex("#0B5d66"), Some(Colour::new(0x0b, 0x5d, 0x66)));
        for bad in ["", "#fff", "0b5d66", "#0b5d6g", "#+b5d66", "#0b5d66;", "red", "#é5d66"] {
            assert_eq!(Colour::from_hex(bad), None, "{bad}");
        }
    }

    #[test]
    fn contrast_agrees_with_the_published_ends() {
        assert!((WHITE.contrast(BLACK) - 21.0).abs() < 1e-9);
        assert!((WHITE.contrast(WHITE) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_house_accent_is_taken_as_it_is() {
        let palette = Palette::new(Colour::new(0x0b, 0x5d, 0x66));
        assert_eq!(palette.fill.to_string(), "#0b5d66");
        assert_eq!(palette.fill_ink, WHITE);
        assert_eq!(palette.text.to_string(), "#0b5d66");
    }

    #[test]
    fn every_eighth_shade_of_every_channel_stays_readable() {
        let shades = || (0..=u8::MAX).step_by(8).chain([u8::MAX]);
        for red in shades() {
            for green in shades() {
                shades().for_each(|blue| assert_readable(Colour::new(red, green, blue)));
            }
        }
    }

    proptest! {
        #[test]
        fn any_accent_stays_readable(red: u8, green: u8, blue: u8) {
            assert_readable(Colour::new(red, green, blue));
        }

        #[test]
        fn a_colour_survives_printing(red: u8, green: u8, blue: u8) {
            let colour = Colour::new(red, green, blue);
            prop_assert_eq!(Colour::from_hex(&colour.to_string()), Some(colour));
        }
    }

    fn assert_readable(accent: Colour) {
        let palette = Palette::new(accent);
        let pairs = [
            (palette.fill_ink, palette.fill, TEXT_CONTRAST),
            (palette.night_fill_ink, palette.night_fill, TEXT_CONTRAST),
            (palette.text, SHEET, TEXT_CONTRAST),
            (palette.night_text, NIGHT_SHEET, TEXT_CONTRAST),
            (palette.fill, SHEET, SHAPE_CONTRAST),
            (palette.night_fill, NIGHT_SHEET, SHAPE_CONTRAST),
        ];
        for (one, two, least) in pairs {
            let contrast = one.contrast(two);
            assert!(least <= contrast, "{accent}: {one} on {two} is {contrast}");
        }
    }
}
