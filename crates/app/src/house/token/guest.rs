//! What guest links, their pages and the notices about them carry. Each is good for one link alone,
//! whose id stands in the address beside it.

use domain::id::{AccountId, ChallengeId, ContactId, DeviceId, DocumentId, Id, LinkId, TenantId};
use domain::link::Link;
use domain::link::opening::Way;
use jiff::{SignedDuration, Timestamp};

use super::{Reader, Writer};
use crate::house::keyring::{Keyring, Purpose};

/// A guest link's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkToken {
    /// Whose link.
    pub tenant: TenantId,
    /// What it opens.
    pub document: DocumentId,
    /// Whom it was made for, so that one read fetches all.
    pub contact: Option<ContactId>,
    /// The link's generation; a secret of a lower one opens nothing.
    pub generation: u32,
    /// How it comes to whoever holds it.
    pub way: Way,
}

/// The secret of a link of last resort, which proves an address on a guest link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastResortToken {
    /// Whose link.
    pub tenant: TenantId,
    /// Which challenge it answers.
    pub challenge: ChallengeId,
}

/// What a notice about a new browser carries: of which browser, and whose. It takes nothing off the
/// link by itself, as scanners press buttons too; a fresh code to the same address does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotMeToken {
    /// Whose link.
    pub tenant: TenantId,
    /// What it opens.
    pub document: DocumentId,
    /// Whom the browser speaks for.
    pub contact: ContactId,
    /// Their epoch then; another address has a later one.
    pub epoch: u32,
    /// Which browser.
    pub device: DeviceId,
    /// The keyed hash under which it is known on the link.
    pub sha: [u8; 32],
    /// When it came, to the second.
    pub at: Timestamp,
}

/// Where a link lies and who is read with it: what a page keeps, so that one read fetches all. It
/// lets nobody in; it shows of a member of the company that they came with the link's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whose link.
    pub tenant: TenantId,
    /// What it opens.
    pub document: DocumentId,
    /// Whom the browser speaks for.
    pub contact: Option<ContactId>,
    /// The contact's account, which may have changed since.
    pub account: Option<AccountId>,
    /// The child document that is the contact's own, if there is one.
    pub child: Option<DocumentId>,
}

const MAILED: u8 = 1;
const COPIED: u8 = 2;

impl LinkToken {
    /// What the secret of `link` says when it comes to its readers by `way`.
    #[must_use]
    pub fn of(tenant: TenantId, link: &Link, way: Way) -> Self {
        let Link { document_id: document, made_for: contact, generation, .. } = *link;
        Self { tenant, document, contact, generation, way }
    }

    /// The secret of `link` as it stands behind the `#`, the same whenever it is computed under
    /// the same `root`.
    #[must_use]
    pub fn sign(&self, keys: &Keyring, root: u8, link: LinkId) -> String {
        let Self { tenant, document, contact, generation, way } = *self;
        let way = match way {
            Way::Mailed => MAILED,
            Way::Copied => COPIED,
        };
        let payload = Writer::default().id(tenant).id(document).maybe(contact);
        let payload = payload.bytes(&generation.to_be_bytes()).bytes(&[way]);
        keys.sign_beside(root, Purpose::Link, &payload.0, &beside(link))
    }

    /// Reads a secret that we made for `link`.
    #[must_use]
    pub fn verify(keys: &Keyring, link: LinkId, text: &str) -> Option<Self> {
        let payload = keys.verify_beside(Purpose::Link, text, &beside(link))?;
        let mut reader = Reader(&payload);
        let (tenant, document, contact) = (reader.id()?, reader.id()?, reader.maybe()?);
        let generation = u32::from_be_bytes(reader.chunk()?);
        let way = match reader.chunk::<1>()? {
            [MAILED] => Way::Mailed,
            [COPIED] => Way::Copied,
            _ => return None,
        };
        reader.end().map(|()| Self { tenant, document, contact, generation, way })
    }
}

impl LastResortToken {
    /// The secret as it stands behind the `#` on the page of `link`.
    #[must_use]
    pub fn sign(&self, keys: &Keyring, link: LinkId) -> String {
        let payload = Writer::default().id(self.tenant).id(self.challenge);
        keys.sign_beside(keys.current(), Purpose::LastResort, &payload.0, &beside(link))
    }

    /// Reads a secret that we made for `link`.
    #[must_use]
    pub fn verify(keys: &Keyring, link: LinkId, text: &str) -> Option<Self> {
        let payload = keys.verify_beside(Purpose::LastResort, text, &beside(link))?;
        let mut reader = Reader(&payload);
        let token = Self { tenant: reader.id()?, challenge: reader.id()? };
        reader.end().map(|()| token)
    }
}

impl NotMeToken {
    /// How long the notice lets somebody take the browser off.
    const LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

    /// The secret as it stands behind the `#` on the page of `link`.
    #[must_use]
    pub fn sign(&self, keys: &Keyring, link: LinkId) -> String {
        let Self { tenant, document, contact, epoch, device, sha, at } = *self;
        let payload = Writer::default().id(tenant).id(document).id(contact).id(device);
        let payload = payload.bytes(&epoch.to_be_bytes()).bytes(&sha);
        let payload = payload.bytes(&at.as_second().to_be_bytes());
        keys.sign_beside(keys.current(), Purpose::NotMe, &payload.0, &beside(link))
    }

    /// Reads a secret that we made for `link`.
    #[must_use]
    pub fn verify(keys: &Keyring, link: LinkId, text: &str) -> Option<Self> {
        let payload = keys.verify_beside(Purpose::NotMe, text, &beside(link))?;
        let mut reader = Reader(&payload);
        let (tenant, document) = (reader.id()?, reader.id()?);
        let (contact, device) = (reader.id()?, reader.id()?);
        let epoch = u32::from_be_bytes(reader.chunk()?);
        let sha = reader.chunk()?;
        let at = Timestamp::from_second(i64::from_be_bytes(reader.chunk()?)).ok()?;
        reader.end().map(|()| Self { tenant, document, contact, epoch, device, sha, at })
    }

    /// Whether it is too late at `now`; staff take browsers off at any time.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.at + Self::LIFE <= now
    }
}

impl Place {
    /// The place as the page of `link` keeps it.
    #[must_use]
    pub fn sign(&self, keys: &Keyring, link: LinkId) -> String {
        let Self { tenant, document, contact, account, child } = *self;
        let payload = Writer::default().id(tenant).id(document).maybe(contact);
        let payload = payload.maybe(account).maybe(child);
        keys.sign_beside(keys.current(), Purpose::Place, &payload.0, &beside(link))
    }

    /// Reads a place that we signed for `link`.
    #[must_use]
    pub fn verify(keys: &Keyring, link: LinkId, text: &str) -> Option<Self> {
        let payload = keys.verify_beside(Purpose::Place, text, &beside(link))?;
        let mut reader = Reader(&payload);
        let place = Self {
            tenant: reader.id()?,
            document: reader.id()?,
            contact: reader.maybe()?,
            account: reader.maybe()?,
            child: reader.maybe()?,
        };
        reader.end().map(|()| place)
    }
}

fn beside(link: LinkId) -> [u8; 16] {
    link.ulid().to_bytes()
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    fn id<I: Id>(number: u64) -> I {
        I::from_ulid(Ulid::from_parts(number, 1))
    }

    fn keyring(ids: &[u8]) -> Keyring {
        let line = |id: &u8| format!("{id}:{}\n", data_encoding::HEXLOWER.encode(&[*id; 32]));
        Keyring::parse(&ids.iter().map(line).collect::<String>()).unwrap()
    }

    fn secret() -> LinkToken {
        let (tenant, document) = (id(1), id(2));
        LinkToken { tenant, document, contact: Some(id(3)), generation: 7, way: Way::Mailed }
    }

    #[test]
    fn a_secret_opens_its_own_link_and_no_other() {
        let keys = keyring(&[1]);
        let text = secret().sign(&keys, 1, id(4));
        assert_eq!(LinkToken::verify(&keys, id(4), &text), Some(secret()));
        assert_eq!(LinkToken::verify(&keys, id(5), &text), None);
        assert_eq!(Place::verify(&keys, id(4), &text), None, "a secret is no place");
        for at in 0..text.len() {
            let mut mangled = text.clone().into_bytes();
            mangled[at] = if mangled[at] == b'A' { b'B' } else { b'A' };
            let mangled = String::from_utf8(mangled).unwrap();
            assert_eq!(LinkToken::verify(&keys, id(4), &mangled), None, "{at}");
        }
    }

    #[test]
    fn a_secret_stays_the_same_when_roots_are_rotated_and_while_its_root_is_kept() {
        let before = secret().sign(&keyring(&[1]), 1, id(4));
        assert_eq!(secret().sign(&keyring(&[2, 1]), 1, id(4)), before);
        assert_ne!(secret().sign(&keyring(&[2]), 1, id(4)), before);
    }

    #[test]
    fn a_notice_names_its_browser_for_a_week() {
        let keys = keyring(&[1]);
        let at = Timestamp::from_second(1_000_000).unwrap();
        let (tenant, document, contact, device) = (id(1), id(2), id(3), id(5));
        let token = NotMeToken { tenant, document, contact, epoch: 7, device, sha: [8; 32], at };
        let text = token.sign(&keys, id(4));
        assert_eq!(NotMeToken::verify(&keys, id(4), &text), Some(token));
        assert_eq!(NotMeToken::verify(&keys, id(6), &text), None);
        let week = SignedDuration::from_hours(7 * 24);
        assert!(!token.is_over(at + week - SignedDuration::from_nanos(1)));
        assert!(token.is_over(at + week));
    }

    #[test]
    fn a_place_is_read_back_beside_its_link() {
        let keys = keyring(&[1]);
        let (tenant, document) = (id(1), id(2));
        let place =
            Place { tenant, document, contact: None, account: Some(id(3)), child: Some(id(5)) };
        let text = place.sign(&keys, id(4));
        assert_eq!(Place::verify(&keys, id(4), &text), Some(place));
        assert_eq!(Place::verify(&keys, id(5), &text), None);
    }

    #[test]
    fn a_secret_says_by_which_way_it_comes_and_for_whom() {
        let keys = keyring(&[1]);
        for (way, contact) in [(Way::Mailed, Some(id(3))), (Way::Copied, None)] {
            let token = LinkToken { contact, way, ..secret() };
            let text = token.sign(&keys, 1, id(4));
            assert_eq!(LinkToken::verify(&keys, id(4), &text), Some(token));
        }
        let payload = Writer::default().id(secret().tenant).id(secret().document);
        let payload = payload.maybe(secret().contact).bytes(&7_u32.to_be_bytes());
        let signed = |bytes: &[u8]| {
            let payload = [payload.0.as_slice(), bytes].concat();
            keys.sign_beside(1, Purpose::Link, &payload, &beside(id(4)))
        };
        let read = |bytes: &[u8]| LinkToken::verify(&keys, id(4), &signed(bytes));
        assert_eq!(read(&[MAILED]), Some(secret()));
        for wrong in [&[][..], &[3], &[MAILED, 0]] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_link_of_last_resort_is_good_for_its_own_link() {
        let keys = keyring(&[1]);
        let token = LastResortToken { tenant: id(1), challenge: id(16) };
        let text = token.sign(&keys, id(4));
        assert_eq!(LastResortToken::verify(&keys, id(4), &text), Some(token));
        assert_eq!(LastResortToken::verify(&keys, id(5), &text), None);
    }
}
