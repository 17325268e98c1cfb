//! The parts of the page, from the top down.

use domain::signature::{Block, Signature};
use jiff::Timestamp;

use crate::Certificate;
use crate::fonts::{Fonts, Voice};
use crate::ink::{BLACK, GREY, HAIR, Palette};
use crate::paper::{HEIGHT, MARGIN, MEASURE, Mark, Paper, Row, WIDTH};
use crate::setting::{Line, Style, lines, one_line};
use crate::words;

const NAME: Style = Style { voice: Voice::Strong, size: 21.0, ink: BLACK };
const TITLE: Style = Style { voice: Voice::Plain, size: 13.0, ink: BLACK };
const PERSON: Style = Style { voice: Voice::Strong, size: 10.5, ink: BLACK };
const PROSE: Style = Style { voice: Voice::Plain, size: 9.0, ink: BLACK };
const FACT: Style = Style { voice: Voice::Plain, size: 8.0, ink: BLACK };
const LABEL: Style = Style { voice: Voice::Plain, size: 8.0, ink: GREY };
const DIGITS: Style = Style { voice: Voice::Digits, size: 8.0, ink: BLACK };
const SMALL: Style = Style { voice: Voice::Plain, size: 7.5, ink: GREY };

/// Width of what says what a fact is, beside it.
const LABEL_WIDTH: f32 = 62.0;
/// The bar at the head of each page.
const HEAD_BAR: f32 = 5.0;
/// White between a signature's bar and its facts.
const INDENT: f32 = 12.0;
/// White between two columns.
const GUTTER: f32 = 14.0;
/// Width of the left one of a signature's columns, which holds the longer facts.
const LEFT: f32 = (MEASURE - INDENT - GUTTER) * 0.54;
/// Width of the right one.
const RIGHT: f32 = MEASURE - INDENT - GUTTER - LEFT;
/// Width of what stands to the right of a name.
const DEED: f32 = 120.0;

/// Writes the parts.
pub(crate) struct Writer<'a> {
    pub(crate) fonts: &'a Fonts,
    pub(crate) palette: Palette,
}

impl Writer<'_> {
    /// What this is, of which document, and what it states.
    pub(crate) fn opening(
        &self,
        certificate: &Certificate<'_>,
        completed_at: Timestamp,
        paper: &mut Paper,
    ) {
        let Certificate { id, tenant, title, block } = *certificate;
        let company = Style { voice: Voice::Strong, size: 10.0, ink: self.palette.word };
        let mut rows = self.text(tenant.name.as_str(), company, MARGIN, MEASURE);
        rows.push(Row::gap(20.0));
        rows.extend(self.text(words::NAME, NAME, MARGIN, MEASURE));
        rows.push(Row::gap(3.0));
        rows.extend(self.text(title.as_str(), TITLE, MARGIN, MEASURE));
        rows.push(Row::gap(12.0));
        let finished: Vec<&Signature> = block.finished().collect();
        rows.extend(self.text(&words::statement(&finished), PROSE, MARGIN, MEASURE));
        rows.push(Row::gap(10.0));
        let completed = words::local(completed_at, &tenant.zone);
        rows.extend(self.fact("Complete since", &completed, FACT, MARGIN, MEASURE));
        rows.extend(self.fact("", &words::universal(completed_at), FACT, MARGIN, MEASURE));
        rows.extend(self.fact("Document", &block.document_id.to_string(), DIGITS, MARGIN, MEASURE));
        rows.extend(self.fact("Certificate", &id.to_string(), DIGITS, MARGIN, MEASURE));
        paper.put(rows);
    }

    /// The exact files.
    pub(crate) fn files(&self, block: &Block, paper: &mut Paper) {
        let mut rows = self.heading("The files");
        for file in block.files() {
            let label = format!("Version {}", file.version);
            let name = Style { voice: Voice::Strong, ..FACT };
            rows.extend(self.fact(&label, file.name.as_str(), name, MARGIN, MEASURE));
            let digits = words::grouped(file.sha256.as_str());
            rows.extend(self.fact("SHA-256", &digits, DIGITS, MARGIN, MEASURE));
            rows.extend(self.fact("File", &file.id.to_string(), DIGITS, MARGIN, MEASURE));
            rows.push(Row::gap(6.0));
            paper.put(std::mem::take(&mut rows));
        }
    }

    /// Who signed or approved.
    pub(crate) fn signatures(&self, certificate: &Certificate<'_>, paper: &mut Paper) {
        let mut rows = self.heading("The signatures");
        for signature in certificate.block.finished() {
            rows.extend(self.signature(signature, certificate));
            rows.push(Row::gap(11.0));
            paper.put(std::mem::take(&mut rows));
        }
    }

    fn signature(&self, signature: &Signature, certificate: &Certificate<'_>) -> Vec<Row> {
        let zone = &certificate.tenant.zone;
        let (left, right) = (MARGIN + INDENT, MARGIN + INDENT + LEFT + GUTTER);
        let name_width = MEASURE - INDENT - GUTTER - DEED;
        let names = self.text(&signature.full_name(), PERSON, left, name_width);
        let mut rows = side_by_side(names, vec![self.deed(signature)]);
        rows.push(Row::gap(1.5));
        let mut who = self.fact("Address", signature.email.as_str(), FACT, left, LEFT);
        who.extend(self.fact("When", &words::local(signature.at, zone), FACT, left, LEFT));
        who.extend(self.fact("", &words::universal(signature.at), FACT, left, LEFT));
        let device = signature.device_id.to_string();
        let mut whence = self.fact("Network", &signature.network, FACT, right, RIGHT);
        whence.extend(self.fact("Device", &device, DIGITS, right, RIGHT));
        if let Some(link) = signature.link_id {
            whence.extend(self.fact("Link", &link.to_string(), DIGITS, right, RIGHT));
        }
        rows.extend(side_by_side(who, whence));
        if let Some(agent) = &signature.agent {
            rows.extend(self.fact("Browser", agent, LABEL, left, MEASURE - INDENT));
        }
        for row in &mut rows {
            let (height, ink) = (row.height, self.palette.accent);
            row.marks.push(Mark::Bar { x: MARGIN, y: 0.0, width: 2.0, height, ink });
        }
        rows
    }

    /// What somebody did to which version, at the right edge.
    fn deed(&self, signature: &Signature) -> Row {
        let style = Style { voice: Voice::Strong, size: 8.5, ink: self.palette.word };
        let said = format!("{} · version {}", words::deed(&signature.deed), signature.file.version);
        let line = one_line(self.fonts, &said, style, DEED);
        let x = MARGIN + MEASURE - line.width(style.size);
        let mut row = Row::text(x, line, style);
        // It stands on the line of the name beside it.
        for mark in &mut row.marks {
            if let Mark::Text { y, .. } = mark {
                *y = PERSON.size * 1.05;
            }
        }
        row
    }

    /// How to check a file.
    pub(crate) fn checking(&self, paper: &mut Paper) {
        let mut rows = self.heading("How to check a file");
        rows.extend(self.text(words::CHECKING, PROSE, MARGIN, MEASURE));
        rows.push(Row::gap(4.0));
        for (system, command) in words::COMMANDS {
            rows.extend(self.fact(system, command, DIGITS, MARGIN, MEASURE));
        }
        let is_numbered =
            |mark: &Mark| matches!(mark, Mark::Text { line, .. } if line.text.contains("[U+"));
        if paper.pages.iter().flatten().any(is_numbered) {
            rows.push(Row::gap(6.0));
            rows.extend(self.text(words::BRACKETS, PROSE, MARGIN, MEASURE));
        }
        paper.put(rows);
    }

    /// Head and foot of every page, once it is known how many there are.
    pub(crate) fn frames(&self, certificate: &Certificate<'_>, paper: &mut Paper) {
        let all = paper.pages.len();
        let running = format!("{} · {}", certificate.tenant.name, certificate.title);
        let named = format!("{} {}", words::NAME, certificate.id);
        for (number, page) in (1..).zip(&mut paper.pages) {
            let accent = self.palette.accent;
            let bar = |y, height, ink| Mark::Bar { x: 0.0, y, width: WIDTH, height, ink };
            page.push(bar(0.0, HEAD_BAR, accent));
            if 1 < number {
                let line = one_line(self.fonts, &running, SMALL, MEASURE);
                page.push(text_on(MARGIN, 38.0, line));
            }
            let rule = HEIGHT - 46.0;
            let hair = Mark::Bar { x: MARGIN, y: rule, width: MEASURE, height: 0.5, ink: HAIR };
            page.push(hair);
            let count = one_line(self.fonts, &format!("Page {number} of {all}"), SMALL, DEED);
            let at = MARGIN + MEASURE - count.width(SMALL.size);
            let name = one_line(self.fonts, &named, SMALL, MEASURE - DEED);
            page.push(text_on(MARGIN, rule + 13.0, name));
            page.push(text_on(at, rule + 13.0, count));
        }
    }

    /// A heading under a hair; what follows it is put down with it.
    fn heading(&self, text: &str) -> Vec<Row> {
        let style = Style { voice: Voice::Strong, size: 11.5, ink: self.palette.word };
        let hair = Mark::Bar { x: MARGIN, y: 14.0, width: MEASURE, height: 0.5, ink: HAIR };
        let mut rows = vec![Row { height: 24.0, marks: vec![hair] }];
        rows.extend(self.text(text, style, MARGIN, MEASURE));
        rows.push(Row::gap(5.0));
        rows
    }

    fn text(&self, text: &str, style: Style, x: f32, width: f32) -> Vec<Row> {
        let lines = lines(self.fonts, text, style, width).into_iter();
        lines.map(|line| Row::text(x, line, style)).collect()
    }

    /// A fact beside what says what it is.
    fn fact(&self, label: &str, text: &str, style: Style, x: f32, width: f32) -> Vec<Row> {
        let label = self.text(label, LABEL, x, LABEL_WIDTH);
        let facts = self.text(text, style, x + LABEL_WIDTH, width - LABEL_WIDTH);
        side_by_side(label, facts)
    }
}

/// A small line that stands on `y` of a page.
fn text_on(x: f32, y: f32, line: Line) -> Mark {
    let Style { voice, size, ink } = SMALL;
    Mark::Text { x, y, line, voice, size, ink }
}

/// Two columns of rows as one.
fn side_by_side(left: Vec<Row>, right: Vec<Row>) -> Vec<Row> {
    let count = left.len().max(right.len());
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    let row = |_| left.next().unwrap_or_default().beside(right.next().unwrap_or_default());
    (0..count).map(row).collect()
}
