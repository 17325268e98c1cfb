//! What the templates print: every typed text cleaned, every instant and number in words.

mod access;
mod endings;
mod links;
mod requests;
mod seats;
mod thread;

use crate::brand::Dress;
use crate::clean::Line;
use crate::error::MailError;
use crate::message::Message::{
    AccessExpiredStaff, AccountEnding, Code, ConfirmationLink, Expired, ExpiryWarning,
    ExpiryWarningStaff, Invitation, Link, MagicLink, PasswordReset, Question, Rejected,
    RequestArrived, RequestReceived, Thread,
};
use crate::message::{Message, Rendered};

/// The most characters of a subject.
const SUBJECT_MAX: usize = 150;
/// The most characters of a person's name, first or whole.
const NAME_MAX: usize = 60;
/// The most characters of a document's title in a heading and a subject.
const TITLE_MAX: usize = 120;
/// The most characters of a company's name.
const COMPANY_MAX: usize = 60;

/// Binds a view to its three templates, which the compiler then checks against its fields.
macro_rules! templates {
    ($view:ident, $subject:literal, $text:literal, $html:literal) => {
        impl $view<'_> {
            fn rendered(&self, brand: &Dress) -> Result<Rendered, askama::Error> {
                use askama::Template;

                #[derive(Template)]
                #[template(path = $subject)]
                struct Subject<'a> {
                    mail: &'a $view<'a>,
                    brand: &'a Dress,
                }

                #[derive(Template)]
                #[template(path = $text)]
                struct Text<'a> {
                    subject: &'a Line,
                    mail: &'a $view<'a>,
                    brand: &'a Dress,
                }

                #[derive(Template)]
                #[template(path = $html)]
                struct Html<'a> {
                    subject: &'a Line,
                    mail: &'a $view<'a>,
                    brand: &'a Dress,
                }

                let head = Subject { mail: self, brand };
                let subject = &Line::new(&head.render()?, crate::views::SUBJECT_MAX);
                let text = Text { subject, mail: head.mail, brand: head.brand }.render()?;
                let html = Html { subject, mail: head.mail, brand: head.brand }.render()?;
                Ok(Rendered { subject: subject.to_string(), text: text + "\n", html })
            }
        }
    };
}
use templates;

/// Writes `message` as `brand`.
pub(crate) fn render(message: &Message, brand: &Dress) -> Result<Rendered, MailError> {
    let rendered = match message {
        MagicLink { occasion, first_name, documents, url, expires_at } => {
            let (first_name, url) = (first(first_name.as_deref()), link(url)?);
            access::magic_link(occasion, first_name, documents, url, *expires_at, brand)
        }
        Link(mail) => links::render(mail, brand)?,
        Thread(mail) => thread::render(mail, brand)?,
        Code { code, opens, expires_at } => access::code(halves(code)?, opens, *expires_at, brand),
        ConfirmationLink { opens, url, expires_at } => {
            access::confirmation_link(opens, link(url)?, *expires_at, brand)
        }
        RequestReceived { asker, requested_at } => {
            requests::request_received(asker, *requested_at, brand)
        }
        RequestArrived { name, company, email, documents, requested_at } => {
            requests::request_arrived([name, company, email], documents, *requested_at, brand)
        }
        Question { first_name, question, requested_at, url, expires_at } => {
            let (first_name, url) = (first(first_name.as_deref()), link(url)?);
            let between = (*requested_at, *expires_at);
            requests::question(first_name, question, between, url, brand)
        }
        Rejected { asker, requested_at, decided_at } => {
            requests::rejected(asker, *requested_at, *decided_at, brand)
        }
        Expired { first_name, documents, ended } => {
            endings::expired(first(first_name.as_deref()), documents, ended, brand)
        }
        AccessExpiredStaff { name, company, documents, ended, url } => {
            endings::access_expired_staff([name, company], documents, ended, link(url)?, brand)
        }
        ExpiryWarning { first_name, documents, ends, left } => {
            let first_name = first(first_name.as_deref());
            endings::expiry_warning(first_name, documents, (ends, *left), brand)
        }
        ExpiryWarningStaff { name, company, documents, ends, left, url } => {
            let (who, when) = ([name.as_str(), company.as_str()], (ends, *left));
            endings::expiry_warning_staff(who, documents, when, link(url)?, brand)
        }
        AccountEnding { account, ends, left } => {
            endings::account_ending(account, ends, *left, brand)
        }
        Invitation { inviter, role, url, expires_at } => {
            seats::invitation(inviter.as_deref(), *role, link(url)?, *expires_at, brand)
        }
        PasswordReset { url, expires_at } => seats::password_reset(link(url)?, *expires_at, brand),
    };
    rendered.map_err(|source| MailError::Template { purpose: message.purpose(), source })
}

/// A first name to greet by, if there is anything to see of it.
fn first(name: Option<&str>) -> Option<Line> {
    name.and_then(|name| Line::some(name, NAME_MAX))
}

/// A document's title, if there is anything to see of it.
fn title(title: &str) -> Line {
    Line::some(title, TITLE_MAX).unwrap_or_else(|| Line::new("A document", TITLE_MAX))
}

/// Whoever is named, if there is anything to see of it.
fn somebody(name: &str) -> Line {
    Line::some(name, NAME_MAX).unwrap_or_else(|| Line::new("Somebody", NAME_MAX))
}

/// Who of the company sends something.
fn sender(name: &str, brand: &Dress) -> Line {
    Line::new(&format!("{name} of {}", brand.name), TITLE_MAX)
}

/// A link as it was given, if it is one and cannot end early in a text.
fn link(url: &str) -> Result<&str, MailError> {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    if is_web && url.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(url)
    } else {
        Err(MailError::NotALink)
    }
}

/// The two halves of a code, which people read and type more easily than six digits in a row.
fn halves(code: &str) -> Result<(&str, &str), MailError> {
    let is_code = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
    code.split_at_checked(3).filter(|_| is_code).ok_or(MailError::NotACode)
}
