//! Redrawing pictures: what is stored was painted by us from what could be seen.
//!
//! Metadata, colour profiles and whatever else a file may carry are gone. The header is judged
//! before anything is unpacked, and unpacking has a bound, so that a small file that claims to be
//! huge costs nothing.

use std::io::Cursor;

use domain::picture::Format;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

/// Longest picture that is taken; in base64 it still fits the 6 MB that Lambda is given.
pub const PICTURE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Longest side before redrawing, in pixels.
const SIDE_MAX: u32 = 10_000;
/// Longest picture when unpacked: 22 million pixels of three bytes.
const UNPACKED_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// What a decoder may allocate besides, as for a progressive JPEG's coefficients.
const DECODING_BYTES_MAX: u64 = 192 * 1024 * 1024;
/// Quality of JPEG, of 100; above it files grow faster than they gain.
const JPEG_QUALITY: u8 = 85;

/// What a picture is fitted to, in pixels. None is enlarged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// The middle square, at most this wide.
    Square(u32),
    /// The whole, at most this wide and high.
    Within(u32, u32),
}

/// A picture as it will be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// How it is written.
    pub format: Format,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Why a picture is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// There are no bytes.
    #[error("send the picture itself as the body")]
    Empty,
    /// The first bytes are of something else.
    #[error("the bytes are no `{0}`")]
    NotWhatItSays(Format),
    /// The header names more pixels than are unpacked.
    #[error("the picture is {0} × {1} pixels, which is more than we unpack: make it smaller")]
    TooManyPixels(u32, u32),
    /// It cannot be read to its end.
    #[error("the picture is broken or cut off")]
    Broken,
}

/// Draws what `bytes` show, in `frame`. A JPEG stays one; anything else becomes a PNG.
///
/// # Errors
/// [`PictureError`], which says what to mend.
pub fn redraw(bytes: &[u8], format: Format, frame: Frame) -> Result<Drawn, PictureError> {
    let seen = unpack(bytes, format)?;
    let seen = fit(&seen, frame);
    let mut drawn = Vec::new();
    let is_transparent = seen.color().has_alpha();
    let written = match format {
        Format::Jpeg => {
            JpegEncoder::new_with_quality(&mut drawn, JPEG_QUALITY).encode_image(&seen.to_rgb8())
        }
        Format::Png | Format::Webp => {
            let seen: DynamicImage =
                if is_transparent { seen.to_rgba8().into() } else { seen.to_rgb8().into() };
            seen.write_to(&mut Cursor::new(&mut drawn), ImageFormat::Png)
        }
    };
    written.map_err(|_| PictureError::Broken)?;
    let format = if format == Format::Jpeg { Format::Jpeg } else { Format::Png };
    Ok(Drawn { format, bytes: drawn })
}

/// The pixels, turned as the camera was held.
fn unpack(bytes: &[u8], format: Format) -> Result<DynamicImage, PictureError> {
    let expected = match format {
        Format::Png => ImageFormat::Png,
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Webp => ImageFormat::WebP,
    };
    if bytes.is_empty() {
        return Err(PictureError::Empty);
    }
    if image::guess_format(bytes).ok() != Some(expected) {
        return Err(PictureError::NotWhatItSays(format));
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), expected);
    // Sides are judged below, where they can be named.
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(DECODING_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| PictureError::Broken)?;
    let (width, height) = decoder.dimensions();
    if SIDE_MAX < width.max(height) || UNPACKED_BYTES_MAX < decoder.total_bytes() {
        return Err(PictureError::TooManyPixels(width, height));
    }
    let turn = decoder.orientation().map_err(|_| PictureError::Broken)?;
    if format == Format::Jpeg && !is_whole_jpeg(bytes) {
        return Err(PictureError::Broken);
    }
    let mut seen = DynamicImage::from_decoder(decoder).map_err(|_| PictureError::Broken)?;
    seen.apply_orientation(turn);
    Ok(seen)
}

/// Whether the last scan comes to an end; the decoder would paint what is missing grey. Within a
/// scan, `FF` is never followed by either mark (ITU-T T.81, B.1.1.2).
fn is_whole_jpeg(bytes: &[u8]) -> bool {
    let mark = |mark: &[u8; 2]| bytes.windows(2).rposition(|pair| pair == mark);
    mark(&[0xFF, 0xDA]).is_some_and(|scan| mark(&[0xFF, 0xD9]).is_some_and(|end| scan < end))
}

fn fit(seen: &DynamicImage, frame: Frame) -> DynamicImage {
    let (width, height) = (seen.width(), seen.height());
    match frame {
        Frame::Square(most) => {
            let side = width.min(height);
            let middle = seen.crop_imm((width - side) / 2, (height - side) / 2, side, side);
            if side <= most {
                middle
            } else {
                middle.resize_exact(most, most, FilterType::CatmullRom)
            }
        }
        Frame::Within(wide, high) if width <= wide && height <= high => seen.clone(),
        Frame::Within(wide, high) => seen.resize(wide, high, FilterType::CatmullRom),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use image::{ImageBuffer, Rgb, Rgba};

    use super::*;

    /// A tone for a place, so that the corners differ.
    fn shade(place: u32) -> u8 {
        u8::try_from(place % 256).unwrap()
    }

    fn striped(width: u32, height: u32) -> DynamicImage {
        ImageBuffer::from_fn(width, height, |x, y| Rgb([shade(x), shade(y), 90])).into()
    }

    fn written(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        image.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    fn sides(drawn: &Drawn) -> (u32, u32) {
        let seen = image::load_from_memory(&drawn.bytes).unwrap();
        (seen.width(), seen.height())
    }

    /// A JPEG with an EXIF segment that names a place and says the camera was held upright.
    fn photograph(image: &DynamicImage) -> Vec<u8> {
        let mut exif =
            b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
        exif.extend(b"SECRET PLACE");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let plain = written(image, ImageFormat::Jpeg);
        [&plain[..2], &[0xFF, 0xE1], &length, &exif, &plain[2..]].concat()
    }

    #[test]
    fn a_portrait_is_the_middle_square_and_nothing_is_enlarged() {
        for (from, to) in [((900, 600), 512), ((600, 900), 512), ((40, 30), 30), ((1, 1), 1)] {
            for (format, read) in [
                (ImageFormat::Png, Format::Png),
                (ImageFormat::Jpeg, Format::Jpeg),
                (ImageFormat::WebP, Format::Webp),
            ] {
                let sent = written(&striped(from.0, from.1), format);
                let drawn = redraw(&sent, read, Frame::Square(512)).unwrap();
                assert_eq!(sides(&drawn), (to, to), "{from:?} {format:?}");
            }
        }
    }

    #[test]
    fn a_logo_keeps_its_shape_and_transparency() {
        let logo: DynamicImage =
            ImageBuffer::from_fn(1280, 320, |x, _| Rgba([9, 9, 9, shade(x)])).into();
        for format in [(ImageFormat::Png, Format::Png), (ImageFormat::WebP, Format::Webp)] {
            let drawn =
                redraw(&written(&logo, format.0), format.1, Frame::Within(640, 320)).unwrap();
            assert_eq!((sides(&drawn), drawn.format), ((640, 160), Format::Png));
            let seen = image::load_from_memory(&drawn.bytes).unwrap().to_rgba8();
            assert!(seen.pixels().any(|pixel| pixel.0[3] < 200), "the transparency is gone");
        }
        let tall = written(&striped(10, 5000), ImageFormat::Png);
        assert_eq!(sides(&redraw(&tall, Format::Png, Frame::Within(640, 320)).unwrap()), (1, 320));
    }

    #[test]
    fn metadata_is_gone_and_the_picture_stands_upright() {
        let sent = photograph(&striped(60, 20));
        assert!(sent.windows(6).any(|bytes| bytes == b"SECRET"));
        let drawn = redraw(&sent, Format::Jpeg, Frame::Within(640, 320)).unwrap();
        for gone in [&b"SECRET"[..], b"Exif", b"\xFF\xE1"] {
            assert!(!drawn.bytes.windows(gone.len()).any(|bytes| bytes == gone), "{gone:?}");
        }
        assert_eq!(sides(&drawn), (20, 60), "turned as the camera was held");
    }

    #[test]
    fn a_header_that_claims_much_is_refused_at_once() {
        let mut bomb = written(&striped(1, 1), ImageFormat::Png);
        let claim = |bomb: &mut Vec<u8>, width: u32, height: u32| {
            bomb[16..20].copy_from_slice(&width.to_be_bytes());
            bomb[20..24].copy_from_slice(&height.to_be_bytes());
            let sum = crc(&bomb[12..29]);
            bomb[29..33].copy_from_slice(&sum.to_be_bytes());
        };
        for (width, height) in [(100_000, 100_000), (10_001, 1), (9_999, 9_999)] {
            claim(&mut bomb, width, height);
            let begun = Instant::now();
            let refused = redraw(&bomb, Format::Png, Frame::Square(512)).unwrap_err();
            assert!(begun.elapsed() < Duration::from_millis(200), "{:?}", begun.elapsed());
            assert_eq!(refused, PictureError::TooManyPixels(width, height));
        }
        let longest = written(&striped(10_000, 1), ImageFormat::Png);
        assert_eq!(sides(&redraw(&longest, Format::Png, Frame::Square(512)).unwrap()), (1, 1));
    }

    /// A real bomb: 22 million black pixels in a few kilobytes unpack within the bound.
    #[test]
    fn what_packs_well_is_unpacked_within_the_bound() {
        let dark: DynamicImage = ImageBuffer::from_pixel(4700, 4700, Rgb([0_u8, 0, 0])).into();
        let sent = written(&dark, ImageFormat::Png);
        assert!(sent.len() < 400_000);
        assert_eq!(sides(&redraw(&sent, Format::Png, Frame::Square(512)).unwrap()), (512, 512));
        let dark: DynamicImage = ImageBuffer::from_pixel(5000, 5000, Rgb([0_u8, 0, 0])).into();
        let sent = written(&dark, ImageFormat::Png);
        let refused = redraw(&sent, Format::Png, Frame::Square(512)).unwrap_err();
        assert_eq!(refused, PictureError::TooManyPixels(5000, 5000));
    }

    #[test]
    fn what_is_cut_off_or_something_else_is_refused() {
        for (format, read) in [
            (ImageFormat::Png, Format::Png),
            (ImageFormat::Jpeg, Format::Jpeg),
            (ImageFormat::WebP, Format::Webp),
        ] {
            let whole = written(&striped(300, 300), format);
            for part in [whole.len() / 4, whole.len() / 2, whole.len() - 30] {
                let cut = redraw(&whole[..part], read, Frame::Square(512));
                assert_eq!(cut, Err(PictureError::Broken), "{part} of {} as {read}", whole.len());
            }
            for other in Format::ALL.into_iter().filter(|other| *other != read) {
                let claimed = redraw(&whole, other, Frame::Square(512));
                assert_eq!(claimed, Err(PictureError::NotWhatItSays(other)));
            }
            assert_eq!(redraw(b"", read, Frame::Square(512)), Err(PictureError::Empty));
            let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
            for strange in
                [&svg[..], b"<!doctype html><script>", b"GIF89a\x01\0\x01\0", b"\0", b"\x89PNG"]
            {
                let refused = redraw(strange, read, Frame::Square(512)).unwrap_err();
                assert_eq!(refused, PictureError::NotWhatItSays(read), "{strange:?}");
            }
        }
        let dressed =
            [&b"\x89PNG\r\n\x1a\n"[..], b"<!doctype html><script>alert(1)</script>"].concat();
        assert_eq!(redraw(&dressed, Format::Png, Frame::Square(512)), Err(PictureError::Broken));
    }

    /// CRC-32 as PNG uses it.
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
                if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 }
            })
        })
    }
}
