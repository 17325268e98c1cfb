//! Drawing: a file's pages, one after the other, as pictures of bounded size.

use std::io::Cursor;

use domain::media::MediaType;
use domain::pages::Width;
use domain::picture::Format;
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageFormat, ImageReader, RgbImage};

use crate::error::DrawError;
use crate::frame::PAGE_BYTES_MAX;
use crate::limits;

/// Highest page, in pixels at [`Width::Wide`]: three times as high as wide.
const HEIGHT_MAX: u32 = 4800;
/// A page is kept without loss up to this length. Text packs well; a photograph does not, and loses
/// nothing that can be seen as JPEG.
const LOSSLESS_BYTES_MAX: usize = 1024 * 1024;
/// Qualities of JPEG, of 100, the first that makes the page short enough; above the first, files
/// grow faster than they gain.
const JPEG_QUALITIES: [u8; 3] = [85, 60, 30];
/// Longest picture when unpacked; the process has no more room than for it and its copies.
const UNPACKED_BYTES_MAX: u64 = 128 * 1024 * 1024;

/// A page, and what it is best written as.
pub(crate) struct Picture {
    pixels: RgbImage,
    format: Format,
}

/// A page in one width, written.
pub(crate) struct Drawn {
    pub(crate) format: Format,
    pub(crate) bytes: Vec<u8>,
}

/// A file that was opened.
pub(crate) enum Source {
    Pdf(Pdf),
    Picture(Picture),
}

impl Source {
    pub(crate) fn open(media_type: MediaType, bytes: Vec<u8>) -> Result<Self, DrawError> {
        match media_type {
            MediaType::Pdf => {
                let pdf = Pdf::new(bytes).map_err(|_| DrawError::Unreadable)?;
                if pdf.pages().is_empty() { Err(DrawError::Unreadable) } else { Ok(Self::Pdf(pdf)) }
            }
            MediaType::Png => picture(&bytes, ImageFormat::Png, Format::Webp),
            MediaType::Webp => picture(&bytes, ImageFormat::WebP, Format::Webp),
            MediaType::Jpeg => picture(&bytes, ImageFormat::Jpeg, Format::Jpeg),
            MediaType::Docx
            | MediaType::Xlsx
            | MediaType::Pptx
            | MediaType::Txt
            | MediaType::Csv => Err(DrawError::NoPages),
        }
    }

    /// How many pages the file has.
    pub(crate) fn total(&self) -> u32 {
        match self {
            Self::Pdf(pdf) => u32::try_from(pdf.pages().len()).unwrap_or(u32::MAX),
            Self::Picture(_) => 1,
        }
    }

    /// Draws the first `count` pages in order, and gives each to `keep`.
    pub(crate) fn each(
        self,
        count: u32,
        mut keep: impl FnMut(Picture) -> Result<(), DrawError>,
    ) -> Result<(), DrawError> {
        match self {
            Self::Picture(picture) => keep(picture),
            Self::Pdf(pdf) => {
                let (cache, settings) = (RenderCache::new(), InterpreterSettings::default());
                for (number, page) in (1..=count).zip(pdf.pages().iter()) {
                    limits::allow_a_page()?;
                    keep(page_of_pdf(number, page, &cache, &settings)?)?;
                }
                Ok(())
            }
        }
    }
}

fn page_of_pdf<'a>(
    number: u32,
    page: &'a Page<'a>,
    cache: &RenderCache<'a>,
    settings: &InterpreterSettings,
) -> Result<Picture, DrawError> {
    let (width, height) = page.render_dimensions();
    let (widest, highest) = (as_length(Width::Wide.pixels()), as_length(HEIGHT_MAX));
    let scale = (widest / width).min(highest / height);
    let is_drawable = |side: f32| 1.0 <= side * scale && side * scale <= widest.max(highest) + 1.0;
    if !(is_drawable(width) && is_drawable(height)) {
        return Err(DrawError::Size(number));
    }
    let pixmap = hayro::render(
        page,
        cache,
        settings,
        &RenderSettings::default(),
        &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
    );
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    // On white nothing is left to see through.
    let colours = pixmap.data().iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]).collect();
    let pixels = RgbImage::from_raw(width, height, colours).ok_or(DrawError::Size(number))?;
    Ok(Picture { pixels, format: Format::Webp })
}

/// A number of pixels as a length. The numbers are ours, and small.
fn as_length(pixels: u32) -> f32 {
    f32::from(u16::try_from(pixels).unwrap_or(u16::MAX))
}

/// A picture as a file of one page: upright, on white, in bounds.
fn picture(bytes: &[u8], read: ImageFormat, format: Format) -> Result<Source, DrawError> {
    let reader = ImageReader::with_format(Cursor::new(bytes), read);
    let mut decoder = reader.into_decoder().map_err(|_| DrawError::Unreadable)?;
    if UNPACKED_BYTES_MAX < decoder.total_bytes() {
        return Err(DrawError::Unreadable);
    }
    let turn = decoder.orientation().map_err(|_| DrawError::Unreadable)?;
    let mut seen = DynamicImage::from_decoder(decoder).map_err(|_| DrawError::Unreadable)?;
    seen.apply_orientation(turn);
    let (width, height) = (Width::Wide.pixels(), HEIGHT_MAX);
    if width < seen.width() || height < seen.height() {
        seen = seen.resize(width, height, FilterType::CatmullRom);
    }
    Ok(Source::Picture(Picture { pixels: on_white(seen), format }))
}

fn on_white(seen: DynamicImage) -> RgbImage {
    if !seen.color().has_alpha() {
        return seen.into_rgb8();
    }
    let seen = seen.into_rgba8();
    let mut paper = RgbImage::new(seen.width(), seen.height());
    for (ink, spot) in seen.pixels().zip(paper.pixels_mut()) {
        let [red, green, blue, alpha] = ink.0;
        let over = |colour: u8| {
            let mixed = u16::from(colour) * u16::from(alpha) + 255 * u16::from(255 - alpha);
            u8::try_from(mixed / 255).unwrap_or(u8::MAX)
        };
        spot.0 = [over(red), over(green), over(blue)];
    }
    paper
}

/// The page as it is kept, the narrow one first.
pub(crate) fn in_both_widths(wide: Picture) -> Result<[Drawn; 2], DrawError> {
    let Picture { pixels, format } = wide;
    let narrow = Width::Narrow.pixels();
    let (width, height) = pixels.dimensions();
    let small = if width <= narrow {
        written(&pixels, format)?
    } else {
        let height = u64::from(height) * u64::from(narrow) / u64::from(width);
        let height = u32::try_from(height).unwrap_or(HEIGHT_MAX).max(1);
        let small = image::imageops::resize(&pixels, narrow, height, FilterType::Triangle);
        written(&small, format)?
    };
    Ok([small, written(&pixels, format)?])
}

fn written(pixels: &RgbImage, format: Format) -> Result<Drawn, DrawError> {
    let (width, height) = pixels.dimensions();
    if format != Format::Jpeg {
        let mut bytes = Vec::new();
        let encoder = WebPEncoder::new_lossless(&mut bytes);
        encoder.encode(pixels.as_raw(), width, height, ExtendedColorType::Rgb8)?;
        if bytes.len() <= LOSSLESS_BYTES_MAX {
            return Ok(Drawn { format: Format::Webp, bytes });
        }
    }
    for quality in JPEG_QUALITIES {
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(pixels)?;
        if bytes.len() <= PAGE_BYTES_MAX {
            return Ok(Drawn { format: Format::Jpeg, bytes });
        }
    }
    Err(DrawError::TooLarge)
}
