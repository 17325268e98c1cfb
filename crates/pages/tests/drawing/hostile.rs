//! Files that mean harm. Each costs bounded time and memory, and only itself.

use domain::media::MediaType;
use image::{DynamicImage, ImageFormat};
use miniz_oxide::deflate::compress_to_vec_zlib;

use crate::pdf::{A4, file, file_with, page, stream};
use crate::{refused, survived};

fn form(calls: &str, resources: &str) -> Vec<u8> {
    stream(
        &format!("/Type/XObject/Subtype/Form/BBox[0 0 600 850]/Resources<<{resources}>>"),
        calls.as_bytes(),
    )
}

/// Each form draws the next ten times, twenty deep: three kilobytes that would draw for ever.
#[tokio::test]
async fn forms_within_forms_end_with_their_time() {
    let depth = 20;
    let mut forms: Vec<Vec<u8>> = (0..depth)
        .map(|place| form(&"/F Do ".repeat(10), &format!("/XObject<</F {} 0 R>>", place + 6)))
        .collect();
    forms.push(form("0 0 1 rg 0 0 500 500 re f", ""));
    let bytes = page(A4, stream("", b"/F Do"), "/XObject<</F 5 0 R>>", forms);
    assert!(bytes.len() < 6000);
    refused(MediaType::Pdf, &bytes).await;
}

#[tokio::test]
async fn a_form_that_draws_itself_harms_nobody() {
    let own = form("/F Do /F Do", "/XObject<</F 5 0 R>>");
    let bytes = page(A4, stream("", b"/F Do"), "/XObject<</F 5 0 R>>", vec![own]);
    survived(MediaType::Pdf, &bytes).await;
}

/// 64 MB of spaces, deflated twice into a few hundred bytes.
#[tokio::test]
async fn a_bomb_of_content_ends_with_its_memory_or_time() {
    let once = compress_to_vec_zlib(&vec![b' '; 64 * 1024 * 1024], 9);
    let twice = compress_to_vec_zlib(&once, 9);
    let content = stream("/Filter[/FlateDecode/FlateDecode]", &twice);
    assert!(content.len() < 10_000);
    survived(MediaType::Pdf, &page(A4, content, "", Vec::new())).await;
}

#[tokio::test]
async fn a_content_longer_than_all_memory_is_refused() {
    let once = compress_to_vec_zlib(&vec![b' '; 400 * 1024 * 1024], 1);
    let bytes = page(A4, stream("/Filter/FlateDecode", &once), "", Vec::new());
    refused(MediaType::Pdf, &bytes).await;
}

#[tokio::test]
async fn a_picture_that_claims_all_memory_harms_nobody() {
    let packed = compress_to_vec_zlib(&vec![0; 1024 * 1024], 9);
    let entries = "/Type/XObject/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceRGB\
                   /BitsPerComponent 8/Filter/FlateDecode";
    let picture = stream(entries, &packed);
    let content = stream("", b"q 595 0 0 842 0 0 cm /I Do Q");
    survived(MediaType::Pdf, &page(A4, content, "/XObject<</I 5 0 R>>", vec![picture])).await;
}

#[tokio::test]
async fn a_page_as_large_as_a_country_is_drawn_small_and_a_hair_is_refused() {
    let content = || stream("", b"0 g 0 0 100 100 re f");
    survived(MediaType::Pdf, &page(("1000000000", "1000000000"), content(), "", Vec::new())).await;
    refused(MediaType::Pdf, &page(("1000000000", "1"), content(), "", Vec::new())).await;
    survived(MediaType::Pdf, &page(("1e39", "-1"), content(), "", Vec::new())).await;
}

#[tokio::test]
async fn a_file_that_wants_a_password_is_refused() {
    let objects = [
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>".to_vec(),
    ];
    let word = "00".repeat(32);
    let trailer = format!(
        "/ID[<00><00>]/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -44/O<{word}>/U<{word}>>>"
    );
    refused(MediaType::Pdf, &file_with(&objects, &trailer)).await;
}

#[tokio::test]
async fn pages_that_are_each_others_parents_are_refused() {
    let objects = [
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 9>>".to_vec(),
        b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R 3 0 R]/Count 9>>".to_vec(),
    ];
    refused(MediaType::Pdf, &file(&objects)).await;
}

/// Arrays a hundred thousand deep, for readers that call themselves.
#[tokio::test]
async fn what_nests_without_end_harms_nobody() {
    let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    let content = stream("", &[deep.as_slice(), b" TJ"].concat());
    survived(MediaType::Pdf, &page(A4, content, "", vec![deep])).await;
}

#[tokio::test]
async fn what_is_broken_or_cut_off_harms_nobody() {
    let whole = page(A4, stream("", b"1 0 0 rg 0 0 297 842 re f"), "", Vec::new());
    for part in [0, 5, whole.len() / 3, whole.len() / 2, whole.len() - 10] {
        survived(MediaType::Pdf, &whole[..part]).await;
    }
    let text = String::from_utf8_lossy(&whole).replace("0000000", "9999999");
    survived(MediaType::Pdf, text.as_bytes()).await;
    refused(MediaType::Pdf, b"%PDF-1.7 and nothing else").await;
    refused(MediaType::Pdf, b"").await;
}

#[tokio::test]
async fn pictures_that_lie_or_burst_are_refused() {
    for media_type in [MediaType::Png, MediaType::Jpeg, MediaType::Webp] {
        refused(media_type, b"<!doctype html><script>alert(1)</script>").await;
        refused(media_type, b"").await;
    }
    // 900 million black pixels in less than three megabytes.
    let mut bomb = Vec::new();
    let black = DynamicImage::new_luma8(30_000, 30_000);
    black.write_to(&mut std::io::Cursor::new(&mut bomb), ImageFormat::Png).unwrap();
    refused(MediaType::Png, &bomb).await;
}

#[tokio::test]
async fn what_has_no_pages_is_not_drawn() {
    refused(MediaType::Docx, b"PK\x03\x04").await;
    refused(MediaType::Txt, b"words").await;
}
