//! Pages of files as pictures: which files have them, in which widths, and how far drawing them is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::media::MediaType;

/// Pages of one file that are drawn; a longer file shows its first ones, and says how many it has.
pub const PAGES_MAX: u32 = 200;
/// Longest file whose pages are drawn: whoever draws holds all of it in memory.
pub const SOURCE_BYTES_MAX: u64 = 100 * 1024 * 1024;

/// How far the pages of a file are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Pages {
    /// They are drawn soon after the file is published.
    Pending,
    /// They can be seen.
    Ready {
        /// How many can be seen.
        #[schemars(range(min = 1, max = PAGES_MAX))]
        count: u32,
        /// How many the file has; more than `count` if it is too long to be drawn whole.
        total: u32,
    },
    /// The file cannot be shown as pages: its type, its length, or what it holds does not allow it.
    #[default]
    Impossible,
}

/// How wide a page is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Width {
    /// For phones and overviews.
    Narrow,
    /// For reading.
    Wide,
}

impl Pages {
    /// How far the pages of a file are that was just announced.
    #[must_use]
    pub fn of(media_type: MediaType, size_bytes: u64) -> Self {
        if media_type.has_pages() && size_bytes <= SOURCE_BYTES_MAX {
            Self::Pending
        } else {
            Self::Impossible
        }
    }
}

impl MediaType {
    /// Whether files of this type can be shown as pages, so that reading needs no download.
    #[must_use]
    fn has_pages(self) -> bool {
        match self {
            Self::Pdf | Self::Png | Self::Jpeg | Self::Webp => true,
            Self::Docx | Self::Xlsx | Self::Pptx | Self::Txt | Self::Csv => false,
        }
    }
}

impl Width {
    /// Every width, the narrowest first.
    pub const ALL: [Self; 2] = [Self::Narrow, Self::Wide];

    /// The width in pixels. What is narrower by nature is not enlarged.
    #[must_use]
    pub fn pixels(self) -> u32 {
        match self {
            Self::Narrow => 800,
            Self::Wide => 1600,
        }
    }

    /// The width of so many pixels, if pages are drawn in it.
    #[must_use]
    pub fn of_pixels(pixels: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|width| width.pixels() == pixels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_drawn_is_waited_for() {
        assert_eq!(Pages::of(MediaType::Pdf, SOURCE_BYTES_MAX), Pages::Pending);
        assert_eq!(Pages::of(MediaType::Pdf, SOURCE_BYTES_MAX + 1), Pages::Impossible);
        assert_eq!(Pages::of(MediaType::Webp, 1), Pages::Pending);
        assert_eq!(Pages::of(MediaType::Docx, 1), Pages::Impossible);
    }

    #[test]
    fn a_width_is_found_by_its_pixels_and_by_no_other_number() {
        for width in Width::ALL {
            assert_eq!(Width::of_pixels(width.pixels()), Some(width));
            assert_eq!(Width::of_pixels(width.pixels() + 1), None);
        }
    }
}
