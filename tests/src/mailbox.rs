//! Mails as somebody reads them in an inbox.

use std::sync::Arc;

use local::mailbox::Mail;

/// The subjects of `mails`, in their order.
#[must_use]
pub fn subjects(mails: &[Arc<Mail>]) -> Vec<String> {
    mails.iter().map(|mail| mail.subject.clone()).collect()
}
