//! The typefaces, which lie in the program, and how they set a text.
//!
//! Noto Sans covers names in Latin, Greek and Cyrillic letters; IBM Plex Mono keeps digits apart.
//! Both are under the SIL Open Font License, which lies beside them.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, UnicodeBuffer};

const PLAIN: &[u8] = include_bytes!("../fonts/NotoSans-Regular.ttf");
const STRONG: &[u8] = include_bytes!("../fonts/NotoSans-SemiBold.ttf");
const DIGITS: &[u8] = include_bytes!("../fonts/IBMPlexMono-Regular.ttf");

/// How a text speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    /// As prose.
    Plain,
    /// As a heading or a name.
    Strong,
    /// As something to compare digit by digit.
    Digits,
}

/// A typeface in both forms that are needed of it.
pub(crate) struct Face {
    /// For writing it into the file.
    pub(crate) font: Font,
    shaper: rustybuzz::Face<'static>,
}

/// All typefaces.
pub(crate) struct Fonts {
    plain: Face,
    strong: Face,
    digits: Face,
}

impl Fonts {
    pub(crate) fn load() -> Option<Self> {
        Some(Self {
            plain: Face::read(PLAIN)?,
            strong: Face::read(STRONG)?,
            digits: Face::read(DIGITS)?,
        })
    }

    pub(crate) fn face(&self, voice: Voice) -> &Face {
        match voice {
            Voice::Plain => &self.plain,
            Voice::Strong => &self.strong,
            Voice::Digits => &self.digits,
        }
    }
}

impl Face {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let font = Font::new(bytes.into(), 0)?;
        Some(Self { font, shaper: rustybuzz::Face::from_slice(bytes, 0)? })
    }

    /// Whether there is a glyph for `c`.
    pub(crate) fn has(&self, c: char) -> bool {
        self.shaper.glyph_index(c).is_some()
    }

    /// How far `c` goes by itself, as a part of the size.
    pub(crate) fn advance(&self, c: char) -> f32 {
        let units =
            self.shaper.glyph_index(c).and_then(|glyph| self.shaper.glyph_hor_advance(glyph));
        f32::from(units.unwrap_or_default()) / self.font.units_per_em()
    }

    /// The glyphs of `text`, which is in one script; their measures are parts of the size.
    pub(crate) fn shape(&self, text: &str) -> Vec<KrillaGlyph> {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        // The typefaces have no script that runs the other way.
        buffer.set_direction(Direction::LeftToRight);
        let shaped = rustybuzz::shape(&self.shaper, &[], buffer);
        let starts: Vec<usize> =
            shaped.glyph_infos().iter().map(|info| place(info.cluster)).collect();
        let part = |units: i32| {
            f32::from(i16::try_from(units).unwrap_or(i16::MAX)) / self.font.units_per_em()
        };
        let glyphs = shaped.glyph_infos().iter().zip(shaped.glyph_positions());
        let glyph = |(info, at): (&rustybuzz::GlyphInfo, &rustybuzz::GlyphPosition)| {
            let start = place(info.cluster);
            let end = starts.iter().copied().find(|next| start < *next).unwrap_or(text.len());
            KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                part(at.x_advance),
                part(at.x_offset),
                part(at.y_offset),
                part(at.y_advance),
                start..end,
                None,
            )
        };
        glyphs.map(glyph).collect()
    }
}

fn place(cluster: u32) -> usize {
    usize::try_from(cluster).unwrap_or(usize::MAX)
}

/// The typefaces, read once for all tests.
#[cfg(test)]
pub(crate) fn loaded() -> &'static Fonts {
    static LOADED: std::sync::LazyLock<Fonts> = std::sync::LazyLock::new(|| Fonts::load().unwrap());
    &LOADED
}
