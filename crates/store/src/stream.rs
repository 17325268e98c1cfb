//! What the table's stream and the `due` index tell: which item it is about.
//!
//! The stream only rings. Whoever hears it reads the table again before acting, so that a record
//! that comes late or twice does no harm.

use domain::id::{AccountId, ContactId, DocumentId, FileId, Id, LinkId, MailId, RequestId};
use ulid::Ulid;

use crate::keys::{ACTIVITY, Key, SELF};

/// What kind of thing lies at a key, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Changed {
    /// A contact.
    Contact(ContactId),
    /// A grant of a contact.
    Grant(ContactId),
    /// A request of a contact.
    Request(ContactId, RequestId),
    /// A line of a contact's trail.
    Trail(ContactId),
    /// An account.
    Account(AccountId),
    /// A document.
    Document(DocumentId),
    /// A file of a document.
    File(DocumentId, FileId),
    /// A guest link of a document.
    Link(DocumentId, LinkId),
    /// A mail.
    Mail(MailId),
    /// A task.
    Task,
    /// Something nobody waits for.
    Other,
}

/// What lies at `key`.
#[must_use]
pub fn changed(key: &Key) -> Changed {
    let (rest, sk) = key.parts();
    let Some((kind, name)) = rest.split_once('#') else { return Changed::Other };
    let ulid = Ulid::from_string(name).ok();
    let found = match (kind, ulid) {
        ("con", Some(ulid)) => of_contact(ContactId::from_ulid(ulid), sk),
        ("acc", Some(ulid)) if sk == SELF => Some(Changed::Account(AccountId::from_ulid(ulid))),
        ("doc", Some(ulid)) => of_document(DocumentId::from_ulid(ulid), sk),
        ("out", Some(ulid)) => Some(Changed::Mail(MailId::from_ulid(ulid))),
        ("task", _) => Some(Changed::Task),
        _ => None,
    };
    found.unwrap_or(Changed::Other)
}

fn of_contact(contact: ContactId, sk: &str) -> Option<Changed> {
    if sk == SELF {
        Some(Changed::Contact(contact))
    } else if sk.starts_with("grt#") {
        Some(Changed::Grant(contact))
    } else if sk.starts_with(ACTIVITY) {
        Some(Changed::Trail(contact))
    } else {
        let request = sk.strip_prefix("req#")?.parse().ok()?;
        Some(Changed::Request(contact, request))
    }
}

fn of_document(document: DocumentId, sk: &str) -> Option<Changed> {
    if sk == SELF {
        Some(Changed::Document(document))
    } else if let Some(link) = sk.strip_prefix("lnk#") {
        Some(Changed::Link(document, link.parse().ok()?))
    } else {
        let file = sk.strip_prefix("fil#")?.parse().ok()?;
        Some(Changed::File(document, file))
    }
}

#[cfg(test)]
mod tests {
    use domain::activity::Object;
    use domain::id::TenantId;

    use super::*;
    use crate::keys::Keys;

    #[test]
    fn every_key_that_rings_is_known_by_what_lies_there() {
        let keys = Keys(TenantId::from_ulid(Ulid::from_parts(1, 1)));
        let (contact, document) = (id::<ContactId>(2), id::<DocumentId>(3));
        assert_eq!(changed(&keys.contact(contact)), Changed::Contact(contact));
        assert_eq!(changed(&keys.grant(contact, document)), Changed::Grant(contact));
        assert_eq!(changed(&keys.request(contact, id(4))), Changed::Request(contact, id(4)));
        assert_eq!(changed(&keys.account(id(5))), Changed::Account(id(5)));
        assert_eq!(changed(&keys.document(document)), Changed::Document(document));
        assert_eq!(changed(&keys.file(document, id(6))), Changed::File(document, id(6)));
        assert_eq!(changed(&keys.link(document, id(8))), Changed::Link(document, id(8)));
        assert_eq!(changed(&keys.outbox(id(7))), Changed::Mail(id(7)));
        assert_eq!(changed(&keys.task("acc_1")), Changed::Task);
    }

    #[test]
    fn what_nobody_waits_for_is_other() {
        let keys = Keys(TenantId::from_ulid(Ulid::from_parts(1, 1)));
        let others = [
            keys.tenant(),
            keys.list_row("all", Ulid::from_parts(2, 2)),
            keys.word_row("all", "ada", Ulid::from_parts(2, 2)),
            keys.indexed(id(2)),
            keys.device(id(2), "abc"),
            keys.views(Object::Contact(id(2))),
            keys.no_account(),
        ];
        for key in others {
            assert_eq!(changed(&key), Changed::Other, "{key:?}");
        }
    }

    fn id<I: Id>(number: u128) -> I {
        I::from_ulid(Ulid::from_parts(1, number))
    }
}
