//! Files as somebody may send them, drawn by a real process.
#![expect(
    clippy::unwrap_used,
    reason = "clippy exempts test functions, not the fixtures they share"
)]

mod friendly;
mod hostile;
mod pdf;

use std::time::{Duration, Instant};

use domain::media::MediaType;
use pages::renderer::{Head, Page, RenderError, Renderer};

/// Longest that any file may take: the processor time of one page twice, and a busy machine.
const PATIENCE: Duration = Duration::from_secs(25);

/// What came of a file.
type Outcome = Result<(Head, Vec<Page>), RenderError>;

async fn drawn(media_type: MediaType, bytes: &[u8]) -> Outcome {
    let renderer = Renderer::at(env!("CARGO_BIN_EXE_draw_pages").into());
    let mut rendering = renderer.start(media_type)?;
    for part in bytes.chunks(64 * 1024) {
        rendering.feed(part).await?;
    }
    let (head, mut pages) = (rendering.head().await?, Vec::new());
    while let Some(page) = rendering.next().await? {
        pages.push(page);
    }
    Ok((head, pages))
}

/// Refused, and in time.
async fn refused(media_type: MediaType, bytes: &[u8]) {
    let begun = Instant::now();
    let outcome = drawn(media_type, bytes).await;
    assert!(matches!(outcome, Err(RenderError::Impossible)), "{:?}", outcome.map(|(head, _)| head));
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
}

/// Refused or drawn, and in time.
async fn survived(media_type: MediaType, bytes: &[u8]) {
    let begun = Instant::now();
    let outcome = drawn(media_type, bytes).await;
    assert!(!matches!(outcome, Err(RenderError::Start(_))));
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
}
