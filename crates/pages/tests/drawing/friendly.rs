//! Files that mean well.

use std::io::Cursor;

use domain::media::MediaType;
use domain::pages::{PAGES_MAX, Width};
use domain::picture::Format;
use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use pages::renderer::Page;

use crate::{drawn, pdf};

fn seen(page: &Page) -> DynamicImage {
    let format = match page.format {
        Format::Png => ImageFormat::Png,
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Webp => ImageFormat::WebP,
    };
    image::load_from_memory_with_format(&page.bytes, format).unwrap()
}

fn bytes_of(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.into().write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

#[tokio::test]
async fn a_page_of_pdf_is_drawn_in_both_widths_on_white() {
    let content = pdf::stream("", b"1 0 0 rg 0 0 297 842 re f");
    let file = pdf::page(pdf::A4, content, "", Vec::new());
    let (head, pages) = drawn(MediaType::Pdf, &file).await.unwrap();
    assert_eq!((head.total, head.count, pages.len()), (1, 1, 2));
    for (page, width) in pages.iter().zip(Width::ALL) {
        assert_eq!((page.number, page.width, page.format), (1, width, Format::Webp));
        let image = seen(page).to_rgb8();
        assert!(image.width().abs_diff(width.pixels()) < 2, "{}", image.width());
        let middle = image.height() / 2;
        assert_eq!(image.get_pixel(10, middle), &Rgb([255, 0, 0]));
        assert_eq!(image.get_pixel(image.width() - 10, middle), &Rgb([255, 255, 255]));
    }
}

#[tokio::test]
async fn of_a_long_file_the_first_pages_are_drawn_and_all_are_counted() {
    let count = PAGES_MAX + 50;
    let kids: Vec<String> = (0..count).map(|place| format!("{} 0 R", place + 3)).collect();
    let kids = kids.join(" ");
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!("<</Type/Pages/Kids[{kids}]/Count {count}>>").into_bytes(),
    ];
    let page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 20 10]>>";
    objects.extend((0..count).map(|_| page.to_vec()));
    let (head, pages) = drawn(MediaType::Pdf, &pdf::file(&objects)).await.unwrap();
    assert_eq!((head.total, head.count), (count, PAGES_MAX));
    assert_eq!(pages.len(), 2 * PAGES_MAX as usize);
    assert_eq!(pages.last().map(|page| page.number), Some(PAGES_MAX));
}

#[tokio::test]
async fn a_picture_is_a_file_of_one_page_and_is_not_enlarged() {
    let small = RgbImage::from_pixel(300, 200, Rgb([9, 90, 200]));
    for (media_type, format) in [
        (MediaType::Png, ImageFormat::Png),
        (MediaType::Jpeg, ImageFormat::Jpeg),
        (MediaType::Webp, ImageFormat::WebP),
    ] {
        let (head, pages) = drawn(media_type, &bytes_of(small.clone(), format)).await.unwrap();
        assert_eq!((head.total, head.count), (1, 1));
        assert!(pages.iter().all(|page| seen(page).dimensions() == (300, 200)), "{media_type}");
    }
}

#[tokio::test]
async fn what_can_be_seen_through_lies_on_white() {
    let clear = RgbaImage::from_pixel(2000, 1000, Rgba([0, 0, 0, 0]));
    let (_, pages) = drawn(MediaType::Png, &bytes_of(clear, ImageFormat::Png)).await.unwrap();
    let sides: Vec<_> = pages.iter().map(|page| seen(page).dimensions()).collect();
    assert_eq!(sides, [(800, 400), (1600, 800)]);
    assert!(pages.iter().all(|page| seen(page).to_rgb8().pixels().all(|spot| spot.0 == [255; 3])));
}

/// Noise packs badly, so it is kept as JPEG.
#[tokio::test]
async fn what_packs_badly_is_kept_short() {
    let mut state = 7_u32;
    let noise = RgbImage::from_fn(1600, 2000, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [a, b, c, _] = state.to_be_bytes();
        Rgb([a, b, c])
    });
    let (_, pages) = drawn(MediaType::Png, &bytes_of(noise, ImageFormat::Png)).await.unwrap();
    assert!(pages.iter().all(|page| page.format == Format::Jpeg));
}
