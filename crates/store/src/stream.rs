//! What the table's stream tells: which item changed, and what it is now.
//!
//! The stream only rings. Whoever hears it reads the table again before acting, so that a record
//! that comes late or twice does no harm.

use crate::keys::Key;

/// What kind of thing changed, and whose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// A contact.
    Contact(domain::id::ContactId),
    /// A grant of a contact.
    Grant(domain::id::ContactId),
    /// A request of a contact.
    Request(domain::id::ContactId, domain::id::RequestId),
    /// A line of a contact's trail.
    Trail(domain::id::ContactId),
    /// An account.
    Account(domain::id::AccountId),
    /// A mail.
    Mail(String),
    /// Something nobody waits for.
    Other,
}

/// What lies at `key`.
#[must_use]
pub fn changed(key: &Key) -> Changed {
    use domain::id::Id;
    use ulid::Ulid;

    let (rest, sk) = key.parts();
    let Some((kind, name)) = rest.split_once('#') else { return Changed::Other };
    let ulid = Ulid::from_string(name).ok();
    match (kind, ulid, sk) {
        ("con", Some(ulid), sk) => {
            let contact = domain::id::ContactId::from_ulid(ulid);
            if sk == crate::keys::SELF {
                Changed::Contact(contact)
            } else if sk.starts_with("grt#") {
                Changed::Grant(contact)
            } else if let Some(Ok(request)) = sk.strip_prefix("req#").map(str::parse) {
                Changed::Request(contact, request)
            } else if sk.starts_with(crate::keys::ACTIVITY) {
                Changed::Trail(contact)
            } else {
                Changed::Other
            }
        }
        ("acc", Some(ulid), _) if sk == crate::keys::SELF => {
            Changed::Account(domain::id::AccountId::from_ulid(ulid))
        }
        ("out", _, _) => Changed::Mail(name.to_owned()),
        _ => Changed::Other,
    }
}
