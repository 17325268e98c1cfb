//! Pages, and how rows fill them from the top. Measures are points, from the top left corner.

use crate::fonts::Voice;
use crate::ink::Ink;
use crate::setting::{Line, Style};

/// A4.
pub(crate) const WIDTH: f32 = 595.28;
/// A4.
pub(crate) const HEIGHT: f32 = 841.89;
/// White to the left and to the right.
pub(crate) const MARGIN: f32 = 56.0;
/// What rows may fill from the left to the right.
pub(crate) const MEASURE: f32 = WIDTH - 2.0 * MARGIN;
/// Where the first row of a page begins.
const TOP: f32 = 62.0;
/// Where the last row of a page ends at the latest.
const BOTTOM: f32 = HEIGHT - 62.0;

/// Something on a page.
#[derive(Clone, Debug)]
pub(crate) enum Mark {
    /// A line of text from `x` on, standing on `y`.
    Text { x: f32, y: f32, line: Line, voice: Voice, size: f32, ink: Ink },
    /// A filled rectangle.
    Bar { x: f32, y: f32, width: f32, height: f32, ink: Ink },
}

/// One row across the page; its marks count from its own top.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub(crate) height: f32,
    pub(crate) marks: Vec<Mark>,
}

/// The pages so far.
#[derive(Debug, Default)]
pub(crate) struct Paper {
    pub(crate) pages: Vec<Vec<Mark>>,
    /// Where the next row begins on the last page.
    y: f32,
}

impl Mark {
    /// A line of text whose row begins at 0.
    pub(crate) fn text(x: f32, line: Line, style: Style) -> Self {
        // As far as Noto Sans reaches above the line with its accents, so that rows may touch.
        let y = style.size * 1.05;
        Self::Text { x, y, line, voice: style.voice, size: style.size, ink: style.ink }
    }

    fn lower(mut self, by: f32) -> Self {
        match &mut self {
            Self::Text { y, .. } | Self::Bar { y, .. } => *y += by,
        }
        self
    }
}

impl Row {
    /// Nothing, `height` high.
    pub(crate) fn gap(height: f32) -> Self {
        Self { height, marks: Vec::new() }
    }

    /// One line of text from `x` on.
    pub(crate) fn text(x: f32, line: Line, style: Style) -> Self {
        Self { height: style.size * 1.45, marks: vec![Mark::text(x, line, style)] }
    }

    /// Both rows as one.
    pub(crate) fn beside(mut self, other: Self) -> Self {
        self.height = self.height.max(other.height);
        self.marks.extend(other.marks);
        self
    }
}

impl Paper {
    /// Puts down `rows` on one page if they fit any, else wherever each fits.
    pub(crate) fn put(&mut self, rows: Vec<Row>) {
        let height: f32 = rows.iter().map(|row| row.height).sum();
        if BOTTOM < self.y + height && height <= BOTTOM - TOP {
            self.turn();
        }
        for row in rows {
            if self.pages.is_empty() || BOTTOM < self.y + row.height {
                self.turn();
            }
            let y = self.y;
            if let Some(page) = self.pages.last_mut() {
                page.extend(row.marks.into_iter().map(|mark| mark.lower(y)));
            }
            self.y += row.height;
        }
    }

    fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
    }
}
