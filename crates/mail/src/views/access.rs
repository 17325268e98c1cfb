//! Mails about the ways in.

use jiff::Timestamp;

use crate::brand::Dress;
use crate::clean::Line;
use crate::documents::{Documents, TITLE_MAX};
use crate::message::{Occasion, Opens};
use crate::time;
use crate::views::{Outcome, templates};

struct MagicLink<'a> {
    why: Why,
    first_name: Option<Line>,
    documents: Documents,
    url: &'a str,
    until: String,
    until_day: String,
}

enum Why {
    /// A request of this day was approved.
    Approved(String),
    Invited,
    Renewed,
}

struct Code<'a> {
    left: &'a str,
    right: &'a str,
    opens: Line,
    until: String,
    until_clock: String,
}

struct ConfirmationLink<'a> {
    opens: Line,
    url: &'a str,
    until: String,
}

templates!(MagicLink, "magic_link/subject.txt", "magic_link/body.txt", "magic_link/body.html");
templates!(Code, "code/subject.txt", "code/body.txt", "code/body.html");
templates!(
    ConfirmationLink,
    "confirmation_link/subject.txt",
    "confirmation_link/body.txt",
    "confirmation_link/body.html"
);

pub(super) fn magic_link(
    occasion: &Occasion,
    first_name: Option<Line>,
    documents: &[String],
    url: &str,
    expires_at: Timestamp,
    brand: &Dress,
) -> Outcome {
    let why = match occasion {
        Occasion::Approval { requested_at } => {
            Why::Approved(time::day_beside(*requested_at, expires_at, &brand.zone))
        }
        Occasion::Invitation => Why::Invited,
        Occasion::Renewal => Why::Renewed,
    };
    let documents = Documents::new(documents);
    let until = time::moment(expires_at, &brand.zone);
    let until_day = time::day(expires_at, &brand.zone);
    MagicLink { why, first_name, documents, url, until, until_day }.rendered(brand)
}

pub(super) fn code(
    (left, right): (&str, &str),
    opens: &Opens,
    expires_at: Timestamp,
    brand: &Dress,
) -> Outcome {
    let until = time::clock(expires_at, &brand.zone);
    let until_clock = time::bare_clock(expires_at, &brand.zone);
    Code { left, right, opens: opened(opens, brand), until, until_clock }.rendered(brand)
}

pub(super) fn confirmation_link(
    opens: &Opens,
    url: &str,
    expires_at: Timestamp,
    brand: &Dress,
) -> Outcome {
    let until = time::moment(expires_at, &brand.zone);
    ConfirmationLink { opens: opened(opens, brand), url, until }.rendered(brand)
}

/// The end of "It opens … and nothing else."
fn opened(opens: &Opens, brand: &Dress) -> Line {
    let shared = || format!("what {} shares with you", brand.name);
    match opens {
        Opens::Portal => Line::new(&shared(), TITLE_MAX),
        Opens::Document { title } => {
            Line::some(title, TITLE_MAX).unwrap_or_else(|| Line::new("one document", TITLE_MAX))
        }
    }
}
