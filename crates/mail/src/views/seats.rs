//! Mails to members about their own seat and how they sign in.

use domain::member::Role;
use jiff::Timestamp;

use crate::brand::Dress;
use crate::clean::Line;
use crate::time;
use crate::views::{NAME_MAX, Outcome, templates};

struct Invitation<'a> {
    inviter: Option<Line>,
    /// With its article, as the end of "as …".
    role: &'static str,
    url: &'a str,
    until: String,
}

struct PasswordReset<'a> {
    url: &'a str,
    until: String,
}

struct SecondFactorReset<'a> {
    at: &'a str,
}

templates!(Invitation, "invitation/subject.txt", "invitation/body.txt", "invitation/body.html");
templates!(
    PasswordReset,
    "password_reset/subject.txt",
    "password_reset/body.txt",
    "password_reset/body.html"
);
templates!(
    SecondFactorReset,
    "second_factor_reset/subject.txt",
    "second_factor_reset/body.txt",
    "second_factor_reset/body.html"
);

pub(super) fn invitation(
    inviter: Option<&str>,
    role: Role,
    url: &str,
    expires_at: Timestamp,
    brand: &Dress,
) -> Outcome {
    let inviter = inviter.and_then(|name| Line::some(name, NAME_MAX));
    let role = match role {
        Role::Administrator => "an administrator",
        Role::AccountManager => "an account manager",
        Role::Representative => "a representative",
        Role::Member => "a member",
    };
    let until = time::moment(expires_at, &brand.zone);
    Invitation { inviter, role, url, until }.rendered(brand)
}

pub(super) fn password_reset(url: &str, expires_at: Timestamp, brand: &Dress) -> Outcome {
    PasswordReset { url, until: time::moment(expires_at, &brand.zone) }.rendered(brand)
}

pub(super) fn second_factor_reset(at: Timestamp, brand: &Dress) -> Outcome {
    SecondFactorReset { at: &time::moment(at, &brand.zone) }.rendered(brand)
}
