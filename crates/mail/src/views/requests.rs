//! Mails about access requests: to those who ask, and to those who decide.

use jiff::Timestamp;

use crate::brand::Dress;
use crate::clean::{EMAIL_MAX, Line, Prose};
use crate::documents::{Documents, count};
use crate::message::Asker;
use crate::time;
use crate::views::{COMPANY_MAX, NAME_MAX, Outcome, PREVIEW_MAX, first, templates};

struct RequestReceived<'a> {
    asked: &'a Asked,
    requested: String,
}

struct Rejected<'a> {
    asked: &'a Asked,
    requested: String,
}

/// An [`Asker`] in words.
struct Asked {
    /// "2 documents".
    count: String,
    /// Absent while nobody has proved the address.
    known: Option<Known>,
}

struct Known {
    first_name: Option<Line>,
    documents: Documents,
}

struct RequestArrived<'a> {
    /// Company, else name, else address: who asks, in one word.
    who: &'a Line,
    /// "Maya Lind of Northwind", as far as given.
    person: &'a Line,
    email: &'a Line,
    documents: Documents,
    requested: String,
}

struct Question<'a> {
    first_name: Option<Line>,
    text: Prose,
    preview: Line,
    requested: String,
    url: &'a str,
    until: String,
}

templates!(
    RequestReceived,
    "request_received/subject.txt",
    "request_received/body.txt",
    "request_received/body.html"
);
templates!(
    RequestArrived,
    "request_arrived/subject.txt",
    "request_arrived/body.txt",
    "request_arrived/body.html"
);
templates!(Question, "question/subject.txt", "question/body.txt", "question/body.html");
templates!(Rejected, "rejected/subject.txt", "rejected/body.txt", "rejected/body.html");

pub(super) fn request_received(asker: &Asker, requested_at: Timestamp, brand: &Dress) -> Outcome {
    let requested = time::moment(requested_at, &brand.zone);
    RequestReceived { asked: &Asked::new(asker), requested }.rendered(brand)
}

pub(super) fn request_arrived(
    [name, company, email]: [&str; 3],
    documents: &[String],
    requested_at: Timestamp,
    brand: &Dress,
) -> Outcome {
    let email = &Line::new(email, EMAIL_MAX);
    let name = Line::some(name, NAME_MAX);
    let company = Line::some(company, COMPANY_MAX);
    let person = &match (&name, &company) {
        (Some(name), Some(company)) => {
            Line::new(&format!("{name} of {company}"), NAME_MAX + COMPANY_MAX + 4)
        }
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) => Line::new("Somebody", NAME_MAX),
    };
    let who = &company.or(name).unwrap_or_else(|| email.clone());
    let requested = time::moment(requested_at, &brand.zone);
    let documents = Documents::new(documents);
    RequestArrived { who, person, email, documents, requested }.rendered(brand)
}

pub(super) fn question(
    first_name: Option<Line>,
    question: &str,
    (requested_at, expires_at): (Timestamp, Timestamp),
    url: &str,
    brand: &Dress,
) -> Outcome {
    let text = Prose::new(question);
    let preview = text.as_line(PREVIEW_MAX);
    let requested = time::day_beside(requested_at, expires_at, &brand.zone);
    let until = time::moment(expires_at, &brand.zone);
    Question { first_name, text, preview, requested, url, until }.rendered(brand)
}

pub(super) fn rejected(
    asker: &Asker,
    requested_at: Timestamp,
    decided_at: Timestamp,
    brand: &Dress,
) -> Outcome {
    let requested = time::day_beside(requested_at, decided_at, &brand.zone);
    Rejected { asked: &Asked::new(asker), requested }.rendered(brand)
}

impl Asked {
    fn new(asker: &Asker) -> Self {
        match asker {
            Asker::Unproved { documents } => {
                Self { count: count(*documents, "document"), known: None }
            }
            Asker::Proved { first_name, documents } => {
                let documents = Documents::new(documents);
                let first_name = first(Some(first_name));
                Self {
                    count: documents.count.clone(),
                    known: Some(Known { first_name, documents }),
                }
            }
        }
    }
}
