//! What is kept because it was signed.

use jiff::{SignedDuration, Timestamp};

use crate::id::FileId;
use crate::signature::{Block, Exact, Signature};

impl Block {
    /// The exact files that were signed or approved, the oldest version first.
    #[must_use]
    pub fn files(&self) -> Vec<&Exact> {
        let mut files: Vec<_> = self.finished().map(|signature| &signature.file).collect();
        files.sort_by_key(|file| (file.version, file.id));
        files.dedup_by_key(|file| file.id);
        files
    }

    /// Until when `file` must not be deleted, if it is evidence: `days` of retention after the
    /// last signature under it, or after all had signed if it is the certificate.
    #[must_use]
    pub fn kept_until(&self, file: FileId, days: u16) -> Option<Timestamp> {
        let signed = self.finished().filter(|signature| signature.file.id == file);
        let last = signed.map(|Signature { at, .. }| *at).max();
        let certified = self.completed_at.filter(|_| self.certificate == Some(file));
        last.max(certified).map(|at| at + SignedDuration::from_hours(24 * i64::from(days)))
    }

    /// The complete block with its certificate; `None` if it is not complete, or has one.
    #[must_use]
    pub fn certified(mut self, file: FileId) -> Option<Self> {
        if !self.is_complete() || self.certificate.is_some() {
            return None;
        }
        self.certificate = Some(file);
        self.version += 1;
        Some(self)
    }
}
