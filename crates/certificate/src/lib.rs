//! The certificate page: what a complete signatures block comes to, as a PDF to keep.
//!
//! Pure. The same facts give the same bytes, on any machine and at any time, so that making it
//! again after a crash makes the same file. It is PDF/A-2u: whatever is needed to read it lies in
//! it, and all text can be searched and copied.
//!
//! Names come from outside. What the typefaces lack, and whatever is invisible or piles up, is
//! written by its number and never dropped: see [`legible`].

mod draw;
mod fonts;
mod ink;
mod legible;
mod paper;
mod parts;
mod setting;
#[cfg(test)]
mod tests;
mod words;

use domain::id::FileId;
use domain::signature::Block;
use domain::tenant::Tenant;
use domain::text::Title;
use jiff::Timestamp;

use crate::fonts::Fonts;
use crate::ink::Palette;
use crate::paper::Paper;
use crate::parts::Writer;

/// What a certificate tells of.
#[derive(Clone, Copy, Debug)]
pub struct Certificate<'a> {
    /// The file that the certificate becomes; the number by which people speak of it.
    pub id: FileId,
    /// The company that asked.
    pub tenant: &'a Tenant,
    /// What the document is called.
    pub title: &'a Title,
    /// What became of its signatures block.
    pub block: &'a Block,
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// Somebody has not finished.
    #[error("a certificate needs everybody to have signed or approved")]
    Incomplete,
    /// A typeface of this crate cannot be read.
    #[error("cannot read the typefaces of the certificate")]
    Typeface,
    /// The page cannot be written.
    #[error("cannot write the certificate as PDF/A")]
    Write(#[source] krilla::error::KrillaError),
}

impl Certificate<'_> {
    /// The certificate as a PDF of one page or more.
    ///
    /// # Errors
    /// [`CertificateError::Incomplete`] if somebody has not finished. The others tell of a fault of
    /// this crate, not of what it was given.
    pub fn pdf(&self) -> Result<Vec<u8>, CertificateError> {
        let completed_at = self.block.completed_at.ok_or(CertificateError::Incomplete)?;
        let fonts = Fonts::load().ok_or(CertificateError::Typeface)?;
        draw::pdf(self, completed_at, &fonts, &self.paper(completed_at, &fonts))
    }

    fn paper(&self, completed_at: Timestamp, fonts: &Fonts) -> Paper {
        let writer = Writer { fonts, palette: Palette::of(&self.tenant.accent) };
        let mut paper = Paper::default();
        writer.opening(self, completed_at, &mut paper);
        writer.files(self.block, &mut paper);
        writer.signatures(self, &mut paper);
        writer.checking(&mut paper);
        writer.frames(self, &mut paper);
        paper
    }
}
