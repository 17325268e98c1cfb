//! Writes plain, well-set PDF documents: A4, Helvetica, no fonts embedded, the same bytes each time.
//!
//! A [`Document`] is its words; [`Document::render`] sets them and writes the file with
//! metadata, language, outline and page numbers.

use pdf_writer::{Date, Finish, Name, Pdf, Rect, Ref, TextStr};

mod layout;
mod metrics;

use crate::pdf::layout::{Layout, Page};

/// A4 in points: 210 by 297 mm at 72 points an inch.
pub(crate) const PAGE_WIDTH: f32 = 595.28;
/// See [`PAGE_WIDTH`].
pub(crate) const PAGE_HEIGHT: f32 = 841.89;

pub(crate) const REGULAR: Name<'static> = Name(b"F1");
pub(crate) const BOLD: Name<'static> = Name(b"F2");

/// A document before it is set.
#[derive(Clone, Debug)]
pub struct Document {
    pub title: &'static str,
    /// One line under the title.
    pub subtitle: &'static str,
    /// Who issued it: metadata, and at the head of the first page.
    pub author: &'static str,
    pub keywords: &'static str,
    /// At the foot of every page, such as who may read it.
    pub notice: &'static str,
    /// Year, month, day.
    pub issued: (u16, u8, u8),
    pub blocks: Vec<Block>,
}

/// A part of a document, set under the one before.
#[derive(Clone, Debug)]
pub enum Block {
    /// Numbered by its author; also in the outline.
    Heading(&'static str),
    Subheading(&'static str),
    Paragraph(&'static str),
    Bullets(&'static [&'static str]),
    /// Names and values side by side, such as dates and scopes.
    Facts(&'static [(&'static str, &'static str)]),
    Table(Table),
    /// Lines to sign on: who, and as what.
    Signatures(&'static [(&'static str, &'static str)]),
    PageBreak,
}

/// A table with a head that is repeated on each page it reaches.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Relative widths, one for each column.
    pub columns: &'static [f32],
    pub head: &'static [&'static str],
    pub rows: &'static [&'static [&'static str]],
}

impl Document {
    /// The file's bytes, a PDF 1.7.
    #[must_use]
    pub fn render(&self) -> Vec<u8> {
        let pages = Layout::set(self);
        let mut pdf = Pdf::new();
        let mut ids = Ids::new();
        let (catalog, tree, info, outline) = (ids.next(), ids.next(), ids.next(), ids.next());
        let fonts = (ids.next(), ids.next());
        let page_ids: Vec<Ref> = pages.iter().map(|_| ids.next()).collect();

        pdf.set_file_id((self.identifier(), self.identifier()));
        let mut root = pdf.catalog(catalog);
        root.pages(tree).outlines(outline).lang(TextStr("en"));
        root.viewer_preferences().display_doc_title(true);
        root.finish();
        let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
        pdf.pages(tree).kids(page_ids.iter().copied()).count(count);
        self.write_info(&mut pdf, info);
        for (id, name) in [(fonts.0, &b"Helvetica"[..]), (fonts.1, b"Helvetica-Bold")] {
            let mut font = pdf.type1_font(id);
            font.base_font(Name(name)).encoding_predefined(Name(b"WinAnsiEncoding"));
        }
        write_outline(&mut pdf, &mut ids, outline, &pages, &page_ids);
        for (page, id) in pages.into_iter().zip(page_ids) {
            let content = ids.next();
            let mut writer = pdf.page(id);
            writer.parent(tree).contents(content);
            writer.media_box(Rect::new(0.0, 0.0, PAGE_WIDTH, PAGE_HEIGHT));
            writer.resources().fonts().pair(REGULAR, fonts.0).pair(BOLD, fonts.1);
            writer.finish();
            pdf.stream(content, &page.content.finish());
        }
        pdf.finish()
    }

    fn write_info(&self, pdf: &mut Pdf, id: Ref) {
        let (year, month, day) = self.issued;
        let issued = Date::new(year).month(month).day(day).hour(9).minute(0).second(0);
        let issued = issued.utc_offset_hour(0);
        let mut info = pdf.document_info(id);
        info.title(TextStr(self.title)).author(TextStr(self.author));
        info.subject(TextStr(self.subtitle)).keywords(TextStr(self.keywords));
        info.creator(TextStr("Vestibule demo")).producer(TextStr("pdf-writer"));
        info.creation_date(issued).modified_date(issued);
    }

    /// Sixteen bytes that differ between documents, as the file identifier should.
    fn identifier(&self) -> Vec<u8> {
        use sha2::Digest as _;
        let (year, month, day) = self.issued;
        let source = format!("{}\n{}\n{year}-{month}-{day}", self.title, self.subtitle);
        sha2::Sha256::digest(source).iter().copied().take(16).collect()
    }
}

/// Hands out object numbers.
struct Ids(i32);

impl Ids {
    fn new() -> Self {
        Self(0)
    }

    fn next(&mut self) -> Ref {
        self.0 += 1;
        Ref::new(self.0)
    }
}

/// One entry for each heading, in order.
fn write_outline(pdf: &mut Pdf, ids: &mut Ids, outline: Ref, pages: &[Page], page_ids: &[Ref]) {
    let entries: Vec<(Ref, &str, f32, Ref)> = pages
        .iter()
        .zip(page_ids)
        .flat_map(|(page, id)| page.headings.iter().map(move |(text, top)| (*text, *top, *id)))
        .map(|(text, top, page)| (ids.next(), text, top, page))
        .collect();
    let mut root = pdf.outline(outline);
    if let (Some(first), Some(last)) = (entries.first(), entries.last()) {
        root.first(first.0).last(last.0).count(i32::try_from(entries.len()).unwrap_or(i32::MAX));
    }
    root.finish();
    for (index, (id, text, top, page)) in entries.iter().enumerate() {
        let mut item = pdf.outline_item(*id);
        item.title(TextStr(text)).parent(outline);
        if let Some(previous) = index.checked_sub(1).and_then(|index| entries.get(index)) {
            item.prev(previous.0);
        }
        if let Some(next) = entries.get(index + 1) {
            item.next(next.0);
        }
        item.dest().page(*page).xyz(0.0, *top, None);
    }
}
