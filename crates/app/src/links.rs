//! Addresses of pages that mails lead to. A token stands behind the `#`, where no server, log or
//! referrer sees it; the host is the configured one, never what a request says.

use domain::id::{ContactId, LinkId, TenantId};
use domain::tenant::Slug;
use jiff::Timestamp;

use crate::house::House;

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
