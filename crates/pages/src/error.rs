//! Why a file is not drawn, as the process that draws knows it.

/// Why nothing, or nothing more, is drawn. Whoever started the process only learns that it failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DrawError {
    #[error("the process cannot be confined")]
    Confine(#[from] rustix::io::Errno),
    #[error("a pipe broke")]
    Pipe(#[from] std::io::Error),
    #[error("the file is longer than is drawn")]
    TooLong,
    #[error("files of this type have no pages")]
    NoPages,
    #[error("the file cannot be read")]
    Unreadable,
    #[error("page {0} has no size that can be drawn")]
    Size(u32),
    #[error("a page could not be written as a picture")]
    Write(#[from] image::ImageError),
    #[error("a page is longer than is kept")]
    TooLarge,
}
