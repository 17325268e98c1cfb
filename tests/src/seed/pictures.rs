//! Pictures as cameras and drawing programs write them.

use std::io::Cursor;

use image::{DynamicImage, ImageBuffer, ImageFormat, Rgba};

/// A PNG with some transparency.
#[must_use]
pub fn png(width: u32, height: u32) -> Vec<u8> {
    written(width, height, ImageFormat::Png)
}

/// A JPEG whose metadata holds `secret`.
#[must_use]
pub fn jpeg_with_exif(width: u32, height: u32, secret: &str) -> Vec<u8> {
    // A directory without entries, and what a camera would put behind it.
    let exif = [b"Exif\0\0MM\0\x2a\0\0\0\x08\0\0\0\0\0\0", secret.as_bytes()].concat();
    let length = u16::try_from(exif.len() + 2).expect("a short secret").to_be_bytes();
    let plain = written(width, height, ImageFormat::Jpeg);
    let (start, rest) = plain.split_at(2);
    [start, &[0xFF, 0xE1], &length, &exif, rest].concat()
}

fn written(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let shade = |x: u32| u8::try_from(x % 256).unwrap_or_default();
    let picture =
        ImageBuffer::from_fn(width, height, |x, y| Rgba([shade(x), shade(y), 90, shade(x + y)]));
    let picture = DynamicImage::from(picture);
    let picture = if format == ImageFormat::Jpeg { picture.to_rgb8().into() } else { picture };
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), format).expect("a picture is written");
    bytes
}
