//! What ends a request: staff decide, grants cover it, a document goes.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::id::{DocumentId, MemberId};
use crate::request::{Entry, ItemState, Request, RequestError, Status, What};

impl Request {
    /// The request with some documents shared and others declined; it ends when none is open.
    ///
    /// # Errors
    /// [`RequestError::Ended`], [`RequestError::Nothing`], [`RequestError::Both`] or
    /// [`RequestError::NotOpen`].
    pub fn decide(
        mut self,
        share: &BTreeSet<DocumentId>,
        decline: &BTreeSet<DocumentId>,
        by: MemberId,
        now: Timestamp,
    ) -> Result<Self, RequestError> {
        self.require_pending()?;
        if share.is_empty() && decline.is_empty() {
            return Err(RequestError::Nothing);
        }
        if let Some(both) = share.intersection(decline).next() {
            return Err(RequestError::Both(*both));
        }
        let open: BTreeSet<DocumentId> = self.open_documents().collect();
        if let Some(stranger) = share.union(decline).find(|document| !open.contains(document)) {
            return Err(RequestError::NotOpen(*stranger));
        }
        for item in &mut self.items {
            if share.contains(&item.document_id) {
                item.state = ItemState::Shared;
            } else if decline.contains(&item.document_id) {
                item.state = ItemState::Declined;
            }
        }
        let mut note =
            |what| self.timeline.push(Entry { at: now, what, by: Some(by), automatic: false });
        if !share.is_empty() {
            note(What::Shared);
        }
        if !decline.is_empty() {
            note(What::Declined);
        }
        self.version += 1;
        if self.status == Status::ToReview {
            self.status = Status::InReview;
        }
        Ok(self.closed_if_decided(Some(by), now))
    }

    /// The request approved because `live` grants cover every open item; `None` if they do not,
    /// if nothing is open, or if it has ended.
    #[must_use]
    pub fn covered_by(mut self, live: &BTreeSet<DocumentId>, now: Timestamp) -> Option<Self> {
        let open: BTreeSet<DocumentId> = self.open_documents().collect();
        if !self.status.is_pending() || open.is_empty() || !open.is_subset(live) {
            return None;
        }
        for item in &mut self.items {
            if item.state == ItemState::Open {
                item.state = ItemState::Shared;
            }
        }
        self.version += 1;
        self.status = Status::Approved;
        self.automatic = true;
        self.timeline.push(Entry { at: now, what: What::Approved, by: None, automatic: true });
        Some(self)
    }

    /// The request without `document`, which was deleted; `None` if it did not ask for it or has
    /// ended. A request left with nothing open ends; left with nothing at all it is withdrawn.
    #[must_use]
    pub fn without(mut self, document: DocumentId, now: Timestamp) -> Option<Self> {
        let named = self.items.iter().any(|item| item.document_id == document);
        if !self.status.is_pending() || !named {
            return None;
        }
        self.items.retain(|item| item.document_id != document);
        if self.items.is_empty() {
            return Some(self.moved(Status::Withdrawn, What::Withdrawn, None, now));
        }
        self.version += 1;
        Some(self.closed_if_decided(None, now))
    }

    fn closed_if_decided(mut self, by: Option<MemberId>, now: Timestamp) -> Self {
        if self.open_documents().next().is_some() {
            return self;
        }
        let any_shared = self.items.iter().any(|item| item.state == ItemState::Shared);
        let (status, what) = if any_shared {
            (Status::Approved, What::Approved)
        } else {
            (Status::Rejected, What::Rejected)
        };
        self.status = status;
        self.timeline.push(Entry { at: now, what, by, automatic: false });
        self
    }
}
