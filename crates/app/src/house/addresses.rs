//! Addresses of pages that mails lead to. A token stands behind the `#`, where no server, log or
//! referrer sees it; the host is the configured one, never what a request says.

use domain::id::{ContactId, LinkId, TenantId};
use domain::link::Link;
use domain::link::opening::Way;
use domain::tenant::Slug;
use jiff::Timestamp;

use crate::house::House;
use crate::house::token::guest::LinkToken;

/// The portal, opened by a magic link's `token`.
#[must_use]
pub fn portal(house: &House, slug: &Slug, token: &str) -> String {
    format!("{}/p/{slug}#{token}", house.base_url)
}

/// The portal as whoever has no link comes to it: it asks for a code.
#[must_use]
pub fn portal_door(house: &House, slug: &Slug) -> String {
    format!("{}/p/{slug}", house.base_url)
}

/// The page on which a member extends what ends for a contact at an instant. It holds no secret:
/// the page asks who is there.
#[must_use]
pub fn extension(
    house: &House,
    tenant: TenantId,
    contact: ContactId,
    ends_at: Timestamp,
) -> String {
    format!("{}/extend#{tenant}.{contact}.{}", house.base_url, ends_at.as_millisecond())
}

/// The page that opens one document, by the link's `secret`.
#[must_use]
pub fn guest(house: &House, link: LinkId, secret: &str) -> String {
    format!("{}/g/{link}#{secret}", house.base_url)
}

/// The address of `link` as staff copy it.
#[must_use]
pub fn copied_link(house: &House, tenant: TenantId, link: &Link) -> String {
    let token = LinkToken::of(tenant, link, Way::Copied);
    guest(house, link.id, &token.sign(&house.keys, link.root, link.id))
}

/// The page that confirms an address on a guest link, by the `token` of a link of last resort.
#[must_use]
pub fn guest_confirmation(house: &House, link: LinkId, token: &str) -> String {
    format!("{}/g/{link}/confirm#{token}", house.base_url)
}

/// The page on which the owner of a mailbox takes a browser off a guest link, by the `token` of the
/// notice about it.
#[must_use]
pub fn guest_not_me(house: &House, link: LinkId, token: &str) -> String {
    format!("{}/g/{link}/not-me#{token}", house.base_url)
}

/// The page on which a seat is accepted, opened by the invitation's `token`.
#[must_use]
pub fn seat(house: &House, token: &str) -> String {
    format!("{}/invitation#{token}", house.base_url)
}

/// The page on which a new password is set, opened by the link's `token`.
#[must_use]
pub fn reset(house: &House, token: &str) -> String {
    format!("{}/password-reset#{token}", house.base_url)
}

/// The page that answers a question, opened by the question's `token`.
#[must_use]
pub fn answer(house: &House, slug: &Slug, token: &str) -> String {
    format!("{}/t/{slug}/answer#{token}", house.base_url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{NOW, house, id, link, tenant};

    #[test]
    fn every_address_is_on_our_own_host_and_its_secret_stands_behind_the_hash() {
        let (house, slug, of) = (house(), tenant().slug, id::<LinkId>(6));
        let (company, whom): (TenantId, ContactId) = (id(1), id(3));
        let millis = NOW.as_millisecond();
        for (address, expected) in [
            (portal(&house, &slug, "token"), "/p/acme#token".to_owned()),
            (portal_door(&house, &slug), "/p/acme".to_owned()),
            (extension(&house, company, whom, NOW), format!("/extend#{company}.{whom}.{millis}")),
            (guest(&house, of, "secret"), format!("/g/{of}#secret")),
            (guest_confirmation(&house, of, "token"), format!("/g/{of}/confirm#token")),
            (guest_not_me(&house, of, "token"), format!("/g/{of}/not-me#token")),
            (seat(&house, "token"), "/invitation#token".to_owned()),
            (reset(&house, "token"), "/password-reset#token".to_owned()),
            (answer(&house, &slug, "token"), "/t/acme/answer#token".to_owned()),
        ] {
            assert_eq!(address, format!("https://trust.acme.example{expected}"));
        }
    }

    #[test]
    fn a_copied_link_says_that_it_was_copied() {
        let house = house();
        let address = copied_link(&house, id(1), &link());
        let (page, secret) = address.split_once('#').unwrap();
        assert_eq!(page, format!("https://trust.acme.example/g/{}", link().id));
        let token = LinkToken::verify(&house.keys, id(6), secret).unwrap();
        assert_eq!((token.way, token.tenant, token.document), (Way::Copied, id(1), id(4)));
        assert_eq!((token.contact, token.generation), (Some(id(3)), 0));
    }
}
