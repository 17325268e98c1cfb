//! The mark on a page that is shown to somebody who may not take the file along: who saw it, and
//! when, across the whole page.
//!
//! It is drawn into the pixels on their way out, so that a screenshot or a print tells whose it
//! was. Each letter is dark with a light rim: it shows on paper and on a dark photograph.

use std::io::Cursor;

use ab_glyph::{Font, FontRef, Glyph, PxScale, ScaleFont, point};
use image::codecs::jpeg::JpegEncoder;
use image::{ImageReader, Limits, RgbImage};

/// Longest mark that is drawn.
const MARK_CHARS_MAX: usize = 160;
/// Longest marked page; in base64 it still fits the 6 MB that Lambda answers.
const MARKED_BYTES_MAX: usize = 4 * 1024 * 1024;
/// What unpacking a page of ours may allocate.
const UNPACKED_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Qualities of JPEG, of 100, the first that makes the page short enough.
const JPEG_QUALITIES: [u8; 3] = [85, 60, 30];

/// The letters; see the licence beside it.
static FONT: &[u8] = include_bytes!("mark/DejaVuSans-Bold.ascii.ttf");
/// Letters are this part of the page's width high, within bounds, in pixels.
const PAGE_LETTERS: u32 = 48;
const LETTER_MIN: u32 = 11;
const LETTER_MAX: u32 = 40;
/// Rows lie this many letters apart, and repeats within a row that many.
const ROW_LETTERS: u32 = 6;
const GAP_LETTERS: u32 = 3;
/// Sine and cosine of 30 degrees, of [`ONE`].
const SINE: i64 = 32_768;
const COSINE: i64 = 56_756;
const ONE: i64 = 65_536;
/// How much of the page a letter and its rim cover, of 255, and their colours.
const INK: (u32, u32) = (64, 30);
const RIM: (u32, u32) = (84, 255);

/// Why a page could not be marked; then nothing of it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarkError {
    /// What is stored is no page of ours.
    #[error("the page cannot be read")]
    Page,
    /// The font is not whole.
    #[error("the font cannot be read")]
    Font,
    /// It could not be written short enough.
    #[error("the page cannot be written")]
    Write,
}

/// The page as JPEG, with `text` across it. Characters beyond ASCII are drawn as `?`.
///
/// # Errors
/// [`MarkError`].
pub fn marked(page: &[u8], text: &str) -> Result<Vec<u8>, MarkError> {
    let mut reader =
        ImageReader::new(Cursor::new(page)).with_guessed_format().map_err(|_| MarkError::Page)?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(UNPACKED_BYTES_MAX);
    reader.limits(limits);
    let mut seen = reader.decode().map_err(|_| MarkError::Page)?.into_rgb8();
    draw(&mut seen, text)?;
    for quality in JPEG_QUALITIES {
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
        encoder.encode_image(&seen).map_err(|_| MarkError::Write)?;
        if bytes.len() <= MARKED_BYTES_MAX {
            return Ok(bytes);
        }
    }
    Err(MarkError::Write)
}

fn draw(page: &mut RgbImage, text: &str) -> Result<(), MarkError> {
    let letter = (page.width() / PAGE_LETTERS).clamp(LETTER_MIN, LETTER_MAX);
    let tile = Tile::of(text, letter)?;
    for (x, y, pixel) in page.enumerate_pixels_mut() {
        let (x, y) = (i64::from(x), i64::from(y));
        // The page turned back by the angle, so that rows of the mark rise to the right.
        let (along, down) = (x * COSINE - y * SINE, x * SINE + y * COSINE);
        let Spot { ink, rim } = tile.at(along, down);
        if ink == 0 && rim == 0 {
            continue;
        }
        for colour in &mut pixel.0 {
            *colour = covered(covered(*colour, rim, RIM), ink, INK);
        }
    }
    Ok(())
}

/// `colour` under a cover of which `part` of 255 lies here.
fn covered(colour: u8, part: u8, (most, cover): (u32, u32)) -> u8 {
    let strength = u32::from(part) * most;
    let whole = 255 * 255;
    let mixed = (u32::from(colour) * (whole - strength) + cover * strength + whole / 2) / whole;
    u8::try_from(mixed).unwrap_or(u8::MAX)
}

/// How much of a letter and of its rim lies at a place, of 255.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Spot {
    ink: u8,
    rim: u8,
}

/// The text once, and the empty room around it, to be laid side by side.
struct Tile {
    width: usize,
    height: usize,
    spots: Vec<Spot>,
}

impl Tile {
    fn of(text: &str, letter: u32) -> Result<Self, MarkError> {
        let font = FontRef::try_from_slice(FONT).map_err(|_| MarkError::Font)?;
        let scale = PxScale::from(length(letter));
        let font = font.as_scaled(scale);
        let mut glyphs: Vec<Glyph> = Vec::new();
        let mut end = 0.0;
        for character in text.chars().take(MARK_CHARS_MAX) {
            let printed = if (' '..='~').contains(&character) { character } else { '?' };
            let id = font.glyph_id(printed);
            let middle = length(letter * ROW_LETTERS / 2);
            glyphs.push(id.with_scale_and_position(scale, point(end, middle)));
            end += font.h_advance(id);
        }
        let width = usize::try_from(whole(end)).unwrap_or_default();
        let gap = usize::try_from(letter * GAP_LETTERS).unwrap_or_default();
        let height = usize::try_from(letter * ROW_LETTERS).unwrap_or_default();
        let spots = vec![Spot::default(); (width + gap) * height];
        let mut tile = Self { width: width + gap, height, spots };
        for glyph in glyphs {
            let Some(outline) = font.outline_glyph(glyph) else { continue };
            let corner = outline.px_bounds().min;
            let (left, top) = (whole(corner.x), whole(corner.y));
            outline.draw(|x, y, part| {
                tile.ink(left + i64::from(x), top + i64::from(y), part);
            });
        }
        tile.rim(usize::try_from(letter / 12).unwrap_or_default().max(1));
        Ok(tile)
    }

    fn ink(&mut self, x: i64, y: i64, part: f32) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        if x < self.width
            && let Some(spot) = self.spots.get_mut(y * self.width + x)
        {
            let part = u8::try_from(whole(part * 255.0)).unwrap_or(u8::MAX);
            spot.ink = spot.ink.max(part);
        }
    }

    /// Lays a rim around the ink, `wide` pixels on every side.
    fn rim(&mut self, wide: usize) {
        let inks: Vec<u8> = self.spots.iter().map(|spot| spot.ink).collect();
        for (place, ink) in inks.iter().enumerate().filter(|(_, ink)| 0 < **ink) {
            let (x, y) = (place % self.width, place / self.width);
            for row in y.saturating_sub(wide)..=(y + wide).min(self.height - 1) {
                for column in x.saturating_sub(wide)..=(x + wide).min(self.width - 1) {
                    if let Some(spot) = self.spots.get_mut(row * self.width + column) {
                        spot.rim = spot.rim.max(*ink);
                    }
                }
            }
        }
    }

    /// The spot at a place of the turned page, in parts of [`ONE`]. Every other row is shifted by
    /// half, so that no column stays free.
    fn at(&self, along: i64, down: i64) -> Spot {
        let (width, height) = (signed(self.width), signed(self.height));
        let row = down.div_euclid(height * ONE);
        let along = along + row.rem_euclid(2) * width * ONE / 2;
        let (x, y) = (along.rem_euclid(width * ONE), down.rem_euclid(height * ONE));
        let (left, top) = (x / ONE, y / ONE);
        let (right, below) = ((left + 1) % width, (top + 1) % height);
        let (part_x, part_y) = (x % ONE, y % ONE);
        let corners = [
            (self.spot(left, top), (ONE - part_x) * (ONE - part_y)),
            (self.spot(right, top), part_x * (ONE - part_y)),
            (self.spot(left, below), (ONE - part_x) * part_y),
            (self.spot(right, below), part_x * part_y),
        ];
        let mixed = |of: fn(Spot) -> u8| {
            let sum: i64 = corners.iter().map(|(spot, part)| i64::from(of(*spot)) * part).sum();
            u8::try_from(sum / (ONE * ONE)).unwrap_or(u8::MAX)
        };
        Spot { ink: mixed(|spot| spot.ink), rim: mixed(|spot| spot.rim) }
    }

    fn spot(&self, x: i64, y: i64) -> Spot {
        let place = usize::try_from(y * signed(self.width) + x).unwrap_or(usize::MAX);
        self.spots.get(place).copied().unwrap_or_default()
    }
}

fn signed(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number of pixels as a length. The numbers are ours, and small.
fn length(pixels: u32) -> f32 {
    f32::from(u16::try_from(pixels).unwrap_or(u16::MAX))
}

#[expect(clippy::cast_possible_truncation, reason = "lengths of a page, far within 64 bits")]
fn whole(length: f32) -> i64 {
    length.round() as i64
}

#[cfg(test)]
mod tests {
    use image::codecs::webp::WebPEncoder;
    use image::{ExtendedColorType, Rgb};

    use super::*;

    const TEXT: &str = "maya.lindqvist@initech.example - 26 Nov 2026 14:03 UTC";

    fn page(width: u32, height: u32, shade: u8) -> Vec<u8> {
        let page = RgbImage::from_pixel(width, height, Rgb([shade; 3]));
        let mut bytes = Vec::new();
        let encoder = WebPEncoder::new_lossless(&mut bytes);
        encoder.encode(&page, width, height, ExtendedColorType::Rgb8).unwrap();
        bytes
    }

    fn seen(bytes: &[u8]) -> RgbImage {
        image::load_from_memory(bytes).unwrap().into_rgb8()
    }

    /// How many of the pixels differ from `shade` so much that an eye sees it.
    fn visible(page: &RgbImage, shade: u8) -> usize {
        page.pixels().filter(|pixel| 25 < pixel.0[0].abs_diff(shade)).count()
    }

    #[test]
    fn the_mark_shows_on_paper_on_grey_and_in_the_dark() {
        for shade in [255, 128, 0] {
            let page = seen(&marked(&page(800, 1130, shade), TEXT).unwrap());
            assert_eq!(page.dimensions(), (800, 1130));
            let part = visible(&page, shade) * 1000 / (800 * 1130);
            assert!((20..300).contains(&part), "{part} of 1000 on {shade}");
        }
    }

    #[test]
    fn no_large_part_of_a_page_is_free_of_it() {
        let page = seen(&marked(&page(1600, 2263, 255), TEXT).unwrap());
        for (x, y) in (0..4).flat_map(|x| (0..6).map(move |y| (x * 400, y * 370))) {
            let part = image::imageops::crop_imm(&page, x, y, 400, 370).to_image();
            assert!(500 < visible(&part, 255), "{x} {y}");
        }
    }

    #[test]
    fn what_lies_under_the_mark_can_still_be_read() {
        let page = seen(&marked(&page(1600, 2263, 255), TEXT).unwrap());
        assert!(page.pixels().all(|pixel| 150 < pixel.0[0]), "nothing is as dark as print");
    }

    #[test]
    fn any_text_and_any_size_is_marked() {
        for text in ["", "é\u{202e}\n\0", &"W".repeat(1000)] {
            for (width, height) in [(1, 1), (3, 1600), (1600, 2)] {
                assert!(marked(&page(width, height, 255), text).is_ok(), "{text:?} {width}");
            }
        }
    }

    #[test]
    fn what_is_no_page_is_not_shown() {
        assert_eq!(marked(b"<!doctype html>", TEXT), Err(MarkError::Page));
        assert_eq!(marked(b"", TEXT), Err(MarkError::Page));
        assert_eq!(marked(&page(5000, 4500, 0), TEXT), Err(MarkError::Page), "it unpacks too far");
    }
}
