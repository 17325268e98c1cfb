//! Sets a document's blocks onto pages, from the top down.

use pdf_writer::{Content, Str};

use crate::pdf::metrics::{Face, encode, width, wrap};
use crate::pdf::{BOLD, Block, Document, PAGE_HEIGHT, PAGE_WIDTH, REGULAR, Table};

const LEFT: f32 = 68.0;
const RIGHT: f32 = PAGE_WIDTH - 68.0;
const TOP: f32 = PAGE_HEIGHT - 92.0;
const BOTTOM: f32 = 86.0;
const TEXT_SIZE: f32 = 10.0;
const LEADING: f32 = 15.0;
const SMALL_SIZE: f32 = 8.5;
const SMALL_LEADING: f32 = 12.0;
/// Space inside a table's cells.
const CELL: f32 = 6.0;

/// Red, green, blue from 0 to 1.
type Ink = (f32, f32, f32);
const INK: Ink = (0.082, 0.125, 0.106);
const GREY: Ink = (0.384, 0.427, 0.404);
const LINE: Ink = (0.808, 0.831, 0.808);
/// The made-up company's colour, #0b5d66.
const ACCENT: Ink = (0.043, 0.365, 0.4);

/// A page's marks and what the outline says about it.
pub(crate) struct Page {
    pub(crate) content: Content,
    /// Headings with the height at which each stands.
    pub(crate) headings: Vec<(&'static str, f32)>,
}

impl Page {
    fn empty() -> Self {
        Self { content: Content::new(), headings: Vec::new() }
    }
}

/// Pages so far, and the height down to which the last one is filled.
pub(crate) struct Layout {
    done: Vec<Page>,
    page: Page,
    y: f32,
    title: &'static str,
}

impl Layout {
    /// Sets the whole document.
    pub(crate) fn set(document: &Document) -> Vec<Page> {
        let page = Page::empty();
        let mut layout = Self { done: Vec::new(), page, y: TOP, title: document.title };
        layout.cover(document);
        let following = document.blocks.iter().skip(1).map(Some).chain([None]);
        for (block, next) in document.blocks.iter().zip(following) {
            layout.block(block, next);
        }
        layout.done.push(layout.page);
        let count = layout.done.len();
        for (index, page) in layout.done.iter_mut().enumerate() {
            foot(&mut page.content, document.notice, index + 1, count);
        }
        layout.done
    }

    /// The head of the first page.
    fn cover(&mut self, document: &Document) {
        let content = &mut self.page.content;
        fill(content, ACCENT);
        content.rect(0.0, PAGE_HEIGHT - 6.0, PAGE_WIDTH, 6.0).fill_nonzero();
        write(content, document.author, Face::Bold, 11.0, (LEFT, PAGE_HEIGHT - 58.0), ACCENT);
        self.y = PAGE_HEIGHT - 132.0;
        for line in wrap(document.title, Face::Bold, 24.0, RIGHT - LEFT) {
            write(&mut self.page.content, &line, Face::Bold, 24.0, (LEFT, self.y), INK);
            self.y -= 32.0;
        }
        self.lines(document.subtitle, Face::Regular, 12.0, 17.0, GREY);
        self.y -= 8.0;
        rule(&mut self.page.content, self.y, LINE);
        self.y -= 24.0;
    }

    fn block(&mut self, block: &Block, next: Option<&Block>) {
        match block {
            Block::Heading(text) => self.heading(text, next),
            Block::Subheading(text) => {
                self.keep(LEADING * 2.0 + start_of(next));
                self.y -= 4.0;
                self.lines(text, Face::Bold, TEXT_SIZE, LEADING, INK);
                self.y -= 2.0;
            }
            Block::Paragraph(text) => {
                // Torn apart, a line or two alone at the edge of a page would read as a slip.
                self.keep(start_of(Some(block)));
                self.lines(text, Face::Regular, TEXT_SIZE, LEADING, INK);
                self.y -= 7.0;
            }
            Block::Bullets(items) => self.bullets(items),
            Block::Facts(facts) => self.facts(facts),
            Block::Table(table) => self.table(table),
            Block::Signatures(signers) => self.signatures(signers),
            Block::PageBreak => self.turn(),
        }
    }

    fn heading(&mut self, text: &'static str, next: Option<&Block>) {
        self.keep(LEADING * 3.0 + start_of(next));
        self.y -= 10.0;
        self.page.headings.push((text, self.y + 24.0));
        self.lines(text, Face::Bold, 14.0, 19.0, INK);
        self.y -= 4.0;
    }

    fn bullets(&mut self, items: &[&str]) {
        for item in items {
            let lines = wrap(item, Face::Regular, TEXT_SIZE, RIGHT - LEFT - 16.0);
            for (index, line) in lines.iter().enumerate() {
                self.keep(LEADING);
                let content = &mut self.page.content;
                if index == 0 {
                    write(content, "•", Face::Regular, TEXT_SIZE, (LEFT + 3.0, self.y), ACCENT);
                }
                write(content, line, Face::Regular, TEXT_SIZE, (LEFT + 16.0, self.y), INK);
                self.y -= LEADING;
            }
            self.y -= 3.0;
        }
        self.y -= 5.0;
    }

    fn facts(&mut self, facts: &[(&str, &str)]) {
        const NAMES: f32 = 150.0;
        for (name, value) in facts {
            let lines = wrap(value, Face::Regular, TEXT_SIZE, RIGHT - LEFT - NAMES);
            self.keep(LEADING * points(lines.len()));
            write(&mut self.page.content, name, Face::Regular, TEXT_SIZE, (LEFT, self.y), GREY);
            for line in lines {
                let at = (LEFT + NAMES, self.y);
                write(&mut self.page.content, &line, Face::Regular, TEXT_SIZE, at, INK);
                self.y -= LEADING;
            }
            self.y -= 4.0;
        }
        self.y -= 6.0;
    }

    fn table(&mut self, table: &Table) {
        let shares: f32 = table.columns.iter().sum();
        let widths: Vec<f32> =
            table.columns.iter().map(|share| share / shares * (RIGHT - LEFT)).collect();
        self.keep(SMALL_LEADING * 6.0);
        self.row(&widths, table.head, Face::Bold);
        for row in table.rows {
            let height = row_height(&widths, row, Face::Regular);
            if self.y - height < BOTTOM {
                self.turn();
                self.row(&widths, table.head, Face::Bold);
            }
            self.row(&widths, row, Face::Regular);
        }
        self.y -= 16.0;
    }

    fn row(&mut self, widths: &[f32], cells: &[&str], face: Face) {
        let height = row_height(widths, cells, face);
        let top = self.y + TEXT_SIZE;
        let content = &mut self.page.content;
        if face == Face::Bold {
            fill(content, (0.945, 0.953, 0.945));
            content.rect(LEFT, top - height, RIGHT - LEFT, height).fill_nonzero();
        }
        let mut x = LEFT;
        for (cell, column) in cells.iter().zip(widths) {
            let mut y = top - CELL - SMALL_SIZE;
            for line in wrap(cell, face, SMALL_SIZE, column - 2.0 * CELL) {
                write(content, &line, face, SMALL_SIZE, (x + CELL, y), INK);
                y -= SMALL_LEADING;
            }
            x += column;
        }
        rule(content, top - height, LINE);
        self.y -= height;
    }

    fn signatures(&mut self, signers: &[(&str, &str)]) {
        self.keep(110.0);
        self.y -= 56.0;
        let column = (RIGHT - LEFT) / points(signers.len().max(1));
        for (index, (name, role)) in signers.iter().enumerate() {
            let x = LEFT + column * points(index);
            let content = &mut self.page.content;
            stroke(content, GREY);
            content.move_to(x, self.y + 14.0).line_to(x + column - 28.0, self.y + 14.0).stroke();
            write(content, name, Face::Bold, TEXT_SIZE, (x, self.y), INK);
            for (line, text) in
                wrap(role, Face::Regular, SMALL_SIZE, column - 28.0).iter().enumerate()
            {
                let y = self.y - 13.0 - SMALL_LEADING * points(line);
                write(content, text, Face::Regular, SMALL_SIZE, (x, y), GREY);
            }
        }
        self.y -= 54.0;
    }

    /// Sets running text down the page and onto the next ones.
    fn lines(&mut self, text: &str, face: Face, size: f32, leading: f32, ink: Ink) {
        for line in wrap(text, face, size, RIGHT - LEFT) {
            self.keep(leading);
            write(&mut self.page.content, &line, face, size, (LEFT, self.y), ink);
            self.y -= leading;
        }
    }

    /// Turns the page unless `height` still fits.
    fn keep(&mut self, height: f32) {
        if self.y - height < BOTTOM - LEADING {
            self.turn();
        }
    }

    fn turn(&mut self) {
        self.done.push(std::mem::replace(&mut self.page, Page::empty()));
        let at = (LEFT, PAGE_HEIGHT - 52.0);
        write(&mut self.page.content, self.title, Face::Regular, SMALL_SIZE, at, GREY);
        rule(&mut self.page.content, PAGE_HEIGHT - 62.0, LINE);
        self.y = TOP;
    }
}

/// How much of a block must stand together with the heading over it.
fn start_of(block: Option<&Block>) -> f32 {
    match block {
        Some(Block::Paragraph(text)) => {
            LEADING * points(wrap(text, Face::Regular, TEXT_SIZE, RIGHT - LEFT).len())
        }
        Some(Block::Subheading(_) | Block::Table(_)) => LEADING * 6.0,
        Some(_) => LEADING * 2.0,
        None => 0.0,
    }
}

fn row_height(widths: &[f32], cells: &[&str], face: Face) -> f32 {
    let lines = cells
        .iter()
        .zip(widths)
        .map(|(cell, column)| wrap(cell, face, SMALL_SIZE, column - 2.0 * CELL).len());
    points(lines.max().unwrap_or(1)) * SMALL_LEADING + 2.0 * CELL - 2.0
}

fn foot(content: &mut Content, notice: &str, number: usize, count: usize) {
    rule(content, 58.0, LINE);
    write(content, notice, Face::Regular, SMALL_SIZE, (LEFT, 42.0), GREY);
    let place = format!("Page {number} of {count}");
    let x = RIGHT - width(&place, Face::Regular, SMALL_SIZE);
    write(content, &place, Face::Regular, SMALL_SIZE, (x, 42.0), GREY);
}

fn write(content: &mut Content, text: &str, face: Face, size: f32, at: (f32, f32), ink: Ink) {
    let font = match face {
        Face::Regular => REGULAR,
        Face::Bold => BOLD,
    };
    fill(content, ink);
    content.begin_text().set_font(font, size).next_line(at.0, at.1);
    content.show(Str(&encode(text))).end_text();
}

fn rule(content: &mut Content, y: f32, ink: Ink) {
    stroke(content, ink);
    content.set_line_width(0.6).move_to(LEFT, y).line_to(RIGHT, y).stroke();
}

fn fill(content: &mut Content, (red, green, blue): Ink) {
    content.set_fill_rgb(red, green, blue);
}

fn stroke(content: &mut Content, (red, green, blue): Ink) {
    content.set_stroke_rgb(red, green, blue);
}

/// A small count as a measure; a page never holds as much as 65,535 of anything.
fn points(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}
