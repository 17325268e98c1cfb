//! What the templates print: every typed text cleaned, every instant and number in words.

mod access;
mod endings;
mod links;
mod requests;
mod seats;
mod thread;

use crate::brand::{Brand, Dress};
use crate::clean::Line;
use crate::documents::TITLE_MAX;
use crate::error::MailError;
use crate::message::{Message, Rendered};

/// The most characters of a subject.
const SUBJECT_MAX: usize = 150;
/// The most characters of a person's name, first or whole.
const NAME_MAX: usize = 60;
/// The most characters of a company's name.
const COMPANY_MAX: usize = 60;
/// The most characters of a typed text in the line an inbox shows.
const PREVIEW_MAX: usize = 120;

type Outcome = Result<Rendered, askama::Error>;

/// Binds a view to its three templates, which the compiler then checks against its fields.
macro_rules! templates {
    ($view:ident, $subject:literal, $text:literal, $html:literal) => {
        impl $view<'_> {
            fn rendered(&self, brand: &Dress) -> Outcome {
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
                let text = Text { subject, mail: head.mail, brand: head.brand }.render()? + "\n";
                let html = Html { subject, mail: head.mail, brand: head.brand }.render()?;
                Ok(crate::message::Rendered { subject: subject.to_string(), text, html })
            }
        }
    };
}
use templates;

impl Message {
    /// Writes the mail as `brand`.
    ///
    /// # Errors
    /// [`MailError::NotACode`] and [`MailError::NotALink`] if a code or link is none,
    /// [`MailError::Template`] if a template fails, which is a defect.
    pub fn render(&self, brand: &Brand) -> Result<Rendered, MailError> {
        let brand = &Dress::new(brand);
        let rendered = match self {
            Self::MagicLink { occasion, first_name, documents, url, expires_at } => {
                let (first_name, url) = (first(first_name.as_deref()), link(url)?);
                access::magic_link(occasion, first_name, documents, url, *expires_at, brand)
            }
            Self::Link(mail) => links::render(mail, brand)?,
            Self::Thread(mail) => thread::render(mail, brand)?,
            Self::Code { code, opens, expires_at } => {
                access::code(halves(code)?, opens, *expires_at, brand)
            }
            Self::ConfirmationLink { opens, url, expires_at } => {
                access::confirmation_link(opens, link(url)?, *expires_at, brand)
            }
            Self::RequestReceived { asker, requested_at } => {
                requests::request_received(asker, *requested_at, brand)
            }
            Self::RequestArrived { name, company, email, documents, requested_at } => {
                requests::request_arrived([name, company, email], documents, *requested_at, brand)
            }
            Self::Question { first_name, question, requested_at, url, expires_at } => {
                let (first_name, url) = (first(first_name.as_deref()), link(url)?);
                let between = (*requested_at, *expires_at);
                requests::question(first_name, question, between, url, brand)
            }
            Self::Rejected { asker, requested_at, decided_at } => {
                requests::rejected(asker, *requested_at, *decided_at, brand)
            }
            Self::Expired { first_name, documents, ended } => {
                endings::expired(first(first_name.as_deref()), documents, ended, brand)
            }
            Self::AccessExpiredStaff { name, company, documents, ended, url } => {
                endings::access_expired_staff([name, company], documents, ended, link(url)?, brand)
            }
            Self::ExpiryWarning { first_name, documents, ends, left } => {
                let first_name = first(first_name.as_deref());
                endings::expiry_warning(first_name, documents, (ends, *left), brand)
            }
            Self::ExpiryWarningStaff { name, company, documents, ends, left, url } => {
                let (who, when) = ([name.as_str(), company.as_str()], (ends, *left));
                endings::expiry_warning_staff(who, documents, when, link(url)?, brand)
            }
            Self::AccountEnding { account, ends, left } => {
                endings::account_ending(account, ends, *left, brand)
            }
            Self::Invitation { inviter, role, url, expires_at } => {
                seats::invitation(inviter.as_deref(), *role, link(url)?, *expires_at, brand)
            }
            Self::PasswordReset { url, expires_at } => {
                seats::password_reset(link(url)?, *expires_at, brand)
            }
            Self::SecondFactorReset { at } => seats::second_factor_reset(*at, brand),
        };
        rendered.map_err(|source| MailError::Template { purpose: self.purpose(), source })
    }
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
