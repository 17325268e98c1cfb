//! Mails about the end of access: before it, and once it has come, to both sides.

use crate::brand::Dress;
use crate::clean::Line;
use crate::documents::Documents;
use crate::message::{End, Left};
use crate::time;
use crate::views::{COMPANY_MAX, NAME_MAX, Outcome, templates};

struct Expired<'a> {
    first_name: Option<Line>,
    documents: Documents,
    ended: &'a str,
}

struct AccessExpiredStaff<'a> {
    who: Line,
    documents: Documents,
    ended: String,
    url: &'a str,
}

struct ExpiryWarning<'a> {
    first_name: Option<Line>,
    documents: Documents,
    ends: &'a str,
    left: String,
}

struct ExpiryWarningStaff<'a> {
    who: Line,
    documents: Documents,
    ends: String,
    left: String,
    url: &'a str,
}

struct AccountEnding<'a> {
    who: &'a Line,
    ends: String,
    left: Option<String>,
}

templates!(Expired, "expired/subject.txt", "expired/body.txt", "expired/body.html");
templates!(
    AccessExpiredStaff,
    "access_expired_staff/subject.txt",
    "access_expired_staff/body.txt",
    "access_expired_staff/body.html"
);
templates!(
    ExpiryWarning,
    "expiry_warning/subject.txt",
    "expiry_warning/body.txt",
    "expiry_warning/body.html"
);
templates!(
    ExpiryWarningStaff,
    "expiry_warning_staff/subject.txt",
    "expiry_warning_staff/body.txt",
    "expiry_warning_staff/body.html"
);
templates!(
    AccountEnding,
    "account_ending/subject.txt",
    "account_ending/body.txt",
    "account_ending/body.html"
);

pub(super) fn expired(
    first_name: Option<Line>,
    documents: &[String],
    ended: &End,
    brand: &Dress,
) -> Outcome {
    let ended = &time::end(ended.at, &ended.zone);
    Expired { first_name, documents: Documents::new(documents), ended }.rendered(brand)
}

pub(super) fn access_expired_staff(
    who: [&str; 2],
    documents: &[String],
    ended: &End,
    url: &str,
    brand: &Dress,
) -> Outcome {
    let (who, documents) = (person(who), Documents::new(documents));
    let ended = time::end(ended.at, &ended.zone);
    AccessExpiredStaff { who, documents, ended, url }.rendered(brand)
}

pub(super) fn expiry_warning(
    first_name: Option<Line>,
    documents: &[String],
    (ends, left): (&End, Left),
    brand: &Dress,
) -> Outcome {
    let (ends, left) = (&time::end(ends.at, &ends.zone), in_words(left));
    let documents = Documents::new(documents);
    ExpiryWarning { first_name, documents, ends, left }.rendered(brand)
}

pub(super) fn expiry_warning_staff(
    who: [&str; 2],
    documents: &[String],
    (ends, left): (&End, Left),
    url: &str,
    brand: &Dress,
) -> Outcome {
    let (who, documents) = (person(who), Documents::new(documents));
    let (ends, left) = (time::end(ends.at, &ends.zone), in_words(left));
    ExpiryWarningStaff { who, documents, ends, left, url }.rendered(brand)
}

pub(super) fn account_ending(
    account: &str,
    ends: &End,
    left: Option<Left>,
    brand: &Dress,
) -> Outcome {
    let who = Line::some(account, COMPANY_MAX);
    let who = &who.unwrap_or_else(|| Line::new("an account", COMPANY_MAX));
    let ends = time::end(ends.at, &ends.zone);
    AccountEnding { who, ends, left: left.map(in_words) }.rendered(brand)
}

/// "Maya Lind (Northwind)", as far as given.
fn person([name, company]: [&str; 2]) -> Line {
    let name = Line::some(name, NAME_MAX).unwrap_or_else(|| Line::new("A contact", NAME_MAX));
    match Line::some(company, COMPANY_MAX) {
        Some(company) => Line::new(&format!("{name} ({company})"), NAME_MAX + COMPANY_MAX + 3),
        None => name,
    }
}

/// "in 3 days".
pub(super) fn in_words(left: Left) -> String {
    match left {
        Left::Days(1) => "in 1 day".to_owned(),
        Left::Days(days) => format!("in {days} days"),
        Left::Today => "today".to_owned(),
    }
}
