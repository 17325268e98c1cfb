//! The process that draws: started by [`crate::renderer`], it reads one file and writes its pages.

use std::io::{Read, Write};
use std::process::ExitCode;

use domain::media::MediaType;
use domain::pages::{PAGES_MAX, SOURCE_BYTES_MAX};

use crate::draw::{Drawn, Picture, Source, in_both_widths};
use crate::error::DrawError;
use crate::{frame, limits};

/// The argument that starts a program as a drawer; the media type follows.
pub(crate) const ASKED: &str = "--draw-pages";

/// Draws and tells how that ended, if this process was started to draw. To be called before
/// anything else: what a program opens before, the drawer keeps.
#[must_use]
pub fn draw_if_asked() -> Option<ExitCode> {
    let mut words = std::env::args().skip(1);
    if words.next().as_deref() != Some(ASKED) {
        return None;
    }
    let media_type = words.next().and_then(|word| word.parse().ok());
    Some(match media_type.ok_or(DrawError::NoPages).and_then(draw) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}

fn draw(media_type: MediaType) -> Result<(), DrawError> {
    limits::give_up()?;
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(SOURCE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).map_or(true, |length| SOURCE_BYTES_MAX < length) {
        return Err(DrawError::TooLong);
    }
    let source = Source::open(media_type, bytes)?;
    let total = source.total();
    let count = total.min(PAGES_MAX);
    let mut out = std::io::stdout().lock();
    out.write_all(&frame::head(total, count))?;
    source.each(count, |picture: Picture| {
        for Drawn { format, bytes } in in_both_widths(picture)? {
            let head = frame::page_head(format, bytes.len()).ok_or(DrawError::TooLarge)?;
            out.write_all(&head)?;
            out.write_all(&bytes)?;
        }
        out.flush()?;
        Ok(())
    })
}
