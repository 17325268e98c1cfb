//! From pages of marks to the bytes of a PDF.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use krilla::color::rgb;
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::{Document, SerializeSettings};

use crate::fonts::Fonts;
use crate::ink::Ink;
use crate::legible::describable;
use crate::paper::{HEIGHT, Mark, Paper, WIDTH};
use crate::{Certificate, CertificateError, words};

/// The file of `paper`.
pub(crate) fn pdf(
    certificate: &Certificate<'_>,
    completed_at: Timestamp,
    fonts: &Fonts,
    paper: &Paper,
) -> Result<Vec<u8>, CertificateError> {
    let archival = ConfigurationBuilder::new().with_archival_validator(Archival::A2_U).finish();
    let configuration = archival.unwrap_or_default();
    let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    document.set_metadata(metadata(certificate, completed_at));
    let size = PageSettings::from_wh(WIDTH, HEIGHT).unwrap_or_default();
    for marks in &paper.pages {
        let mut page = document.start_page_with(size.clone());
        let mut surface = page.surface();
        for mark in marks {
            draw(mark, fonts, &mut surface);
        }
    }
    document.finish().map_err(CertificateError::Write)
}

/// The file's own description, dated by what it tells of and not by when it was made.
fn metadata(certificate: &Certificate<'_>, completed_at: Timestamp) -> Metadata {
    let at = completed_at.to_zoned(TimeZone::UTC);
    let part = |number: i8| u8::try_from(number).unwrap_or_default();
    let date = DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(part(at.month()))
        .day(part(at.day()))
        .hour(part(at.hour()))
        .minute(part(at.minute()))
        .second(part(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(describable(&format!("{}: {}", words::NAME, certificate.title)))
        .authors(vec![describable(certificate.tenant.name.as_str())])
        .creator("Vestibule".to_owned())
        .language("en".to_owned())
        .document_id(certificate.id.to_string())
        .creation_date(date)
}

fn draw(mark: &Mark, fonts: &Fonts, surface: &mut Surface<'_>) {
    match mark {
        Mark::Text { x, y, line, voice, size, ink } => {
            surface.set_fill(Some(fill(*ink)));
            let (start, font) = (Point::from_xy(*x, *y), fonts.face(*voice).font.clone());
            surface.draw_glyphs(start, &line.glyphs, font, &line.text, *size, false);
        }
        Mark::Bar { x, y, width, height, ink } => {
            let mut path = PathBuilder::new();
            if let Some(rectangle) = Rect::from_xywh(*x, *y, *width, *height) {
                path.push_rect(rectangle);
            }
            if let Some(path) = path.finish() {
                surface.set_fill(Some(fill(*ink)));
                surface.draw_path(&path);
            }
        }
    }
}

fn fill(Ink(red, green, blue): Ink) -> Fill {
    Fill { paint: rgb::Color::new(red, green, blue).into(), ..Fill::default() }
}
