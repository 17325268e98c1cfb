//! Starting a drawer, and hearing it out as long as it keeps within bounds.

use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use domain::media::MediaType;
use domain::pages::{PAGES_MAX, Width};
use domain::picture::Format;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::drawer::ASKED;
use crate::{frame, limits};

/// Longest wait for a single page: twice the processor time it may take, for a busy machine.
const PAGE_WAIT: Duration = Duration::from_secs(2 * limits::PAGE_SECONDS);
/// Longest wait for all pages together.
const FILE_WAIT: Duration = Duration::from_secs(limits::FILE_SECONDS + limits::FILE_SECONDS / 2);

/// Which program is started as a drawer.
#[derive(Clone, Debug)]
pub struct Renderer {
    program: PathBuf,
}

/// Why there are no pages.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// No drawer could be started; it says nothing about the file.
    #[error("cannot start a process that draws pages")]
    Start(#[source] io::Error),
    /// The drawer gave up, died, was too slow or said what no drawer says: the file has no pages.
    #[error("the file cannot be drawn")]
    Impossible,
}

/// A drawer at work. Dropping it ends it.
#[derive(Debug)]
pub struct Rendering {
    child: Child,
    source: Option<ChildStdin>,
    pages: ChildStdout,
    waited: Duration,
    head: Option<Head>,
    /// Pictures so far; each page is one per width.
    given: u32,
}

/// How many pages there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many the file has.
    pub total: u32,
    /// How many are drawn.
    pub count: u32,
}

/// One page in one width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Which, from 1.
    pub number: u32,
    /// How wide.
    pub width: Width,
    /// How it is written.
    pub format: Format,
    /// The picture.
    pub bytes: Vec<u8>,
}

impl Renderer {
    /// The program that runs, whose `main` calls [`crate::drawer::draw_if_asked`].
    ///
    /// # Errors
    /// The operating system's, if it does not tell.
    pub fn this_program() -> io::Result<Self> {
        std::env::current_exe().map(Self::at)
    }

    /// Another program, whose `main` calls [`crate::drawer::draw_if_asked`].
    #[must_use]
    pub fn at(program: PathBuf) -> Self {
        Self { program }
    }

    /// Starts a drawer for a file, which is to be fed.
    ///
    /// # Errors
    /// [`RenderError::Start`].
    pub fn start(&self, media_type: MediaType) -> Result<Rendering, RenderError> {
        let mut child = Command::new(&self.program)
            .args([ASKED, media_type.as_str()])
            // Nothing of ours is its business, credentials least of all.
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(RenderError::Start)?;
        let broken = || RenderError::Start(io::ErrorKind::BrokenPipe.into());
        let source = Some(child.stdin.take().ok_or_else(broken)?);
        let pages = child.stdout.take().ok_or_else(broken)?;
        Ok(Rendering { child, source, pages, waited: Duration::ZERO, head: None, given: 0 })
    }
}

impl Rendering {
    /// Hands the next bytes of the file over.
    ///
    /// # Errors
    /// [`RenderError::Impossible`] if the drawer does not take them.
    pub async fn feed(&mut self, bytes: &[u8]) -> Result<(), RenderError> {
        let source = self.source.as_mut().ok_or(RenderError::Impossible)?;
        in_time(&mut self.waited, source.write_all(bytes)).await
    }

    /// Says that the file was handed over whole, and hears how many pages there are.
    ///
    /// # Errors
    /// [`RenderError::Impossible`].
    pub async fn head(&mut self) -> Result<Head, RenderError> {
        self.source = None;
        let (total, count) = frame::read_head(self.read().await?);
        if !(1..=PAGES_MAX.min(total)).contains(&count) {
            return Err(RenderError::Impossible);
        }
        let head = Head { total, count };
        self.head = Some(head);
        Ok(head)
    }

    /// The next page in the next width, in order; `None` once all were given and the drawer ended
    /// well.
    ///
    /// # Errors
    /// [`RenderError::Impossible`], also for what was given before: the file has no pages then.
    pub async fn next(&mut self) -> Result<Option<Page>, RenderError> {
        let Head { count, .. } = self.head.ok_or(RenderError::Impossible)?;
        let mut place = (1..=count).flat_map(|number| Width::ALL.map(|width| (number, width)));
        let given = usize::try_from(self.given).map_err(|_| RenderError::Impossible)?;
        let Some((number, width)) = place.nth(given) else {
            return self.ended_well().await.map(|()| None);
        };
        let head = frame::read_page_head(self.read().await?);
        let (format, length) = head.ok_or(RenderError::Impossible)?;
        let mut bytes = vec![0; length];
        in_time(&mut self.waited, self.pages.read_exact(&mut bytes)).await?;
        self.given += 1;
        Ok(Some(Page { number, width, format, bytes }))
    }

    async fn read<const N: usize>(&mut self) -> Result<[u8; N], RenderError> {
        let mut bytes = [0; N];
        in_time(&mut self.waited, self.pages.read_exact(&mut bytes)).await?;
        Ok(bytes)
    }

    /// Nothing may follow the last page, and the drawer must say that it is done.
    async fn ended_well(&mut self) -> Result<(), RenderError> {
        let mut more = [0; 1];
        let ended = async {
            Ok::<_, io::Error>((self.pages.read(&mut more).await?, self.child.wait().await?))
        };
        let (more, status) = in_time(&mut self.waited, ended).await?;
        if more == 0 && status.success() { Ok(()) } else { Err(RenderError::Impossible) }
    }
}

/// Waits for the drawer as long as it may take now, of all it may take. It alone is waited for:
/// what the caller does with a page in between is not its time.
async fn in_time<T>(
    waited: &mut Duration,
    answer: impl Future<Output = io::Result<T>>,
) -> Result<T, RenderError> {
    let left = FILE_WAIT.saturating_sub(*waited).min(PAGE_WAIT);
    if left.is_zero() {
        return Err(RenderError::Impossible);
    }
    let begun = Instant::now();
    let answered = timeout(left, answer).await;
    *waited += begun.elapsed();
    match answered {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(_)) | Err(_) => Err(RenderError::Impossible),
    }
}
