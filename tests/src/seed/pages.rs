//! Files that can be drawn, and pages as the worker leaves them.

use std::fmt::Write;
use std::io::Cursor;

use app::house::token::page::PageToken;
use domain::document::{Document, File};
use domain::pages::{Pages, Width};
use domain::picture::Format;
use files::pages::PageOf;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use crate::seed::Company;
use crate::world::World;

/// A PDF of A5 pages, each with a red square in its lower left quarter.
#[must_use]
pub fn drawable_pdf(pages: u32) -> Vec<u8> {
    let kids = (0..pages).fold(String::new(), |mut kids, place| {
        // Writing to a string cannot fail.
        let _ = write!(kids, "{} 0 R ", place + 4);
        kids
    });
    let content = "1 0 0 rg 0 0 210 297 re f";
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Kids[{kids}]/Count {pages}/MediaBox[0 0 420 595]>>"),
        format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()),
    ];
    let page = "<</Type/Page/Parent 2 0 R/Contents 3 0 R/Resources<<>>>>";
    objects.extend((0..pages).map(|_| page.to_owned()));
    written(&objects)
}

/// A PDF whose one page draws for ever: each of its forms draws the next one ten times.
#[must_use]
pub fn endless_pdf() -> Vec<u8> {
    let form = |calls: &str, resources: &str| {
        format!(
            "<</Type/XObject/Subtype/Form/BBox[0 0 600 850]/Resources<<{resources}>>/Length {}>>\n\
             stream\n{calls}\nendstream",
            calls.len()
        )
    };
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>".to_owned(),
        "<</Length 5>>\nstream\n/F Do\nendstream".to_owned(),
    ];
    let next = |place: u32| format!("/XObject<</F {} 0 R>>", place + 6);
    objects.extend((0..20).map(|place| form(&"/F Do ".repeat(10), &next(place))));
    objects.push(form("0 0 1 rg 0 0 500 500 re f", ""));
    written(&objects)
}

/// A file of `objects`, the first of which is the catalogue.
fn written(objects: &[String]) -> Vec<u8> {
    let (mut text, mut table) = ("%PDF-1.7\n".to_owned(), String::new());
    for (number, object) in (1..).zip(objects) {
        let _ = writeln!(table, "{:010} 00000 n ", text.len());
        let _ = write!(text, "{number} 0 obj\n{object}\nendobj\n");
    }
    let (place, count) = (text.len(), objects.len() + 1);
    let _ = write!(
        text,
        "xref\n0 {count}\n0000000000 65535 f \n{table}\
         trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{place}\n%%EOF\n"
    );
    text.into_bytes()
}

impl World {
    /// What shows page 1 of the published file of `document` now, under the name of `who`.
    #[must_use]
    pub fn page_token(&self, company: &Company, document: &Document, who: &str) -> String {
        let file = document.published.as_ref().expect("a published file").id;
        let page = PageOf { file, number: 1, width: Width::Wide };
        let shown_at = files::wall_clock();
        let token = PageToken { tenant: company.id(), page, shown_at, who: who.to_owned() };
        token.sign(&self.house.keys)
    }

    /// Lays one white page for the published file of `document`, as the worker would.
    pub async fn lay_page(&self, company: &Company, document: &Document) -> Document {
        let (store, pages) = (self.store_of(company), Pages::Ready { count: 1, total: 1 });
        let mut published = document.published.clone().expect("a published file");
        let mut files = store.files(document.id).await.expect("the files");
        let before = files.remove(0);
        assert_eq!(before.id, published.id);
        let file = File { version: before.version + 1, pages, ..before };
        published.pages = pages;
        let published = Some(published);
        let document = Document { version: document.version + 1, published, ..document.clone() };
        let white: DynamicImage = RgbImage::from_pixel(400, 560, Rgb([255; 3])).into();
        let mut bytes = Vec::new();
        white.write_to(&mut Cursor::new(&mut bytes), ImageFormat::WebP).expect("a picture");
        for width in Width::ALL {
            let page = PageOf { file: file.id, number: 1, width };
            let put = self.house.files.put_page(company.id(), page, Format::Webp, bytes.clone());
            put.await.expect("the page is stored");
        }
        let mut change = store.change(self.house.dice.token());
        change.save_file(&file).expect("a file item");
        change.save_document(&document).expect("a document item");
        change.commit().await.expect("the page is told");
        document
    }
}
