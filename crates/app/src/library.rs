//! What lies in a document that a member reaches: its files, and who may open it.

pub mod pages;
pub mod pictures;
pub mod uploading;
pub mod viewing;

use domain::access::{Gate, gate};
use domain::account::Account;
use domain::contact::Contact;
use domain::document::{Document, File, FileState};
use domain::grant::Grant;
use domain::id::{AccountId, ContactId};
use domain::member::{Member, Role};
use store::grants::grant_cursor;
use store::lists::List;

use crate::callers::staff::Staff;
use crate::exchange::cx::{Allowed, Cx};
use crate::exchange::problem::{Kind, Problem};

/// Somebody a document was shared with.
#[derive(Clone, Debug)]
pub struct Reader {
    /// What they were given.
    pub grant: Grant,
    /// Who.
    pub contact: Contact,
    /// Whether it opens the document now: the grant is live and the gate is open.
    pub open: bool,
}

/// The part of the library that `member` sees and may share from: reviewers all of it, others what
/// they put there.
#[must_use]
pub fn part_of(member: &Member) -> List {
    match member.role {
        Role::Administrator | Role::AccountManager => List::Documents,
        Role::Representative | Role::Member => List::DocumentsOfUploader(member.id),
    }
}

/// Refuses to change what a guest's own copy consists of, or to open it to anybody else.
///
/// # Errors
/// [`Kind::WrongState`].
pub fn require_no_child(document: &Document) -> Result<(), Problem> {
    if document.child_of.is_none() {
        return Ok(());
    }
    let detail = "This is one guest's own copy, which stays as it was made. Change the document \
                  that it was made from.";
    Err(Problem::new(Kind::WrongState, detail))
}

impl Cx<Staff> {
    /// The files of a document, newest first; deleted ones are left out.
    ///
    /// # Errors
    /// The table's.
    pub async fn files_of(&self, document: &Document) -> Result<Vec<File>, Problem> {
        let mut files = self.store().files(document.id).await?;
        files.retain(|file| file.state != FileState::Deleted);
        Ok(files)
    }

    /// Whom a document was shared with, in the order of contacts, at most `limit` behind `after`;
    /// those whose grants ended included, deleted contacts left out. The last value is whom the
    /// run ended with.
    ///
    /// # Errors
    /// The table's.
    pub async fn readers_of(
        &self,
        document: &Allowed<Document>,
        after: Option<ContactId>,
        limit: usize,
    ) -> Result<(Vec<Reader>, Option<ContactId>), Problem> {
        let store = self.store();
        let cursor = after.map(grant_cursor);
        let mut grants =
            store.grants_of_document(document.id, cursor.as_deref(), limit + 1).await?;
        let more = limit < grants.len();
        grants.truncate(limit);
        let last = grants.last().filter(|_| more).map(|grant| grant.contact_id);
        let ids: Vec<ContactId> = grants.iter().map(|grant| grant.contact_id).collect();
        let contacts = store.contacts_of(&ids).await?;
        let mut ids: Vec<AccountId> = contacts.iter().filter_map(|c| c.account_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let accounts = store.accounts_of(&ids).await?;
        let reader = |grant: Grant| {
            let contact = contacts.iter().find(|contact| contact.id == grant.contact_id)?;
            let account: Option<&Account> =
                accounts.iter().find(|account| Some(account.id) == contact.account_id);
            let open = grant.live(contact, self.now).is_some()
                && gate(contact, account, self.now) == Gate::Open;
            Some(Reader { grant, contact: contact.clone(), open })
        };
        let readers = grants.into_iter().filter_map(reader);
        let readers = readers.filter(|reader| reader.contact.deleted_at.is_none()).collect();
        Ok((readers, last))
    }
}

#[cfg(test)]
mod tests {
    use domain::document::{AccessLevel, ChildOf};

    use super::*;
    use crate::fixtures::{document, id, member, refusal};

    #[test]
    fn reviewers_see_all_of_the_library_and_others_what_they_put_there() {
        for role in [Role::Administrator, Role::AccountManager] {
            assert!(matches!(part_of(&member(role)), List::Documents), "{role:?}");
        }
        for role in [Role::Representative, Role::Member] {
            let part = part_of(&member(role));
            assert!(matches!(part, List::DocumentsOfUploader(by) if by == id(10)), "{role:?}");
        }
    }

    #[test]
    fn a_guests_own_copy_stays_as_it_was_made() {
        let original = document(AccessLevel::Restricted);
        let child_of = ChildOf { document_id: id(4), link_id: id(6), contact_id: id(3) };
        let copy = Document { child_of: Some(child_of), ..original.clone() };
        assert_eq!(refusal(require_no_child(&original)), None);
        assert_eq!(refusal(require_no_child(&copy)), Some(Kind::WrongState));
    }
}
