//! Mails about what is said and signed in the thread of a document.

use domain::signature::Act;
use jiff::Timestamp;

use crate::brand::Dress;
use crate::clean::{Line, Prose};
use crate::documents::count;
use crate::error::MailError;
use crate::message::{CertificateReader, GuestDeed, ThreadMail};
use crate::time;
use crate::views::{self, Outcome, PREVIEW_MAX, first, templates};

struct ThreadMessage<'a> {
    first_name: Option<Line>,
    sender: Line,
    title: Line,
    text: Prose,
    preview: Line,
    asks_for_files: bool,
    url: &'a str,
}

struct SignatureRequest<'a> {
    first_name: Option<Line>,
    sender: Line,
    title: Line,
    act: &'a str,
    text: Option<Prose>,
    url: &'a str,
}

struct GuestActed<'a> {
    heading: &'a Line,
    text: Option<Prose>,
    preview: Line,
    at: String,
}

struct Certified<'a> {
    first_name: Option<Line>,
    is_signer: bool,
    title: Line,
    signatures: String,
    at: String,
    url: Option<&'a str>,
}

templates!(
    ThreadMessage,
    "thread_message/subject.txt",
    "thread_message/body.txt",
    "thread_message/body.html"
);
templates!(
    SignatureRequest,
    "signature_request/subject.txt",
    "signature_request/body.txt",
    "signature_request/body.html"
);
templates!(GuestActed, "guest_acted/subject.txt", "guest_acted/body.txt", "guest_acted/body.html");
templates!(Certified, "certified/subject.txt", "certified/body.txt", "certified/body.html");

/// Writes a mail about a thread; [`MailError::NotALink`] if what should be a link is none.
pub(super) fn render(mail: &ThreadMail, brand: &Dress) -> Result<Outcome, MailError> {
    Ok(match mail {
        ThreadMail::Message { first_name, sender, title, text, asks_for_files, url } => {
            let from = (first(first_name.as_deref()), sender.as_str());
            let said = (text.as_str(), *asks_for_files);
            message_in_thread(from, title, said, views::link(url)?, brand)
        }
        ThreadMail::SignatureRequest { first_name, sender, title, act, text, url } => {
            let from = (first(first_name.as_deref()), sender.as_str());
            signature_request(from, title, *act, text.as_deref(), views::link(url)?, brand)
        }
        ThreadMail::GuestActed { name, title, deed, text, acted_at } => {
            guest_acted([name, title], *deed, text.as_deref(), *acted_at, brand)
        }
        ThreadMail::Certified { reader, title, signers, completed_at, url } => {
            let url = url.as_deref().map(views::link).transpose()?;
            certified(reader, title, *signers, *completed_at, url, brand)
        }
    })
}

fn message_in_thread(
    (first_name, sender): (Option<Line>, &str),
    title: &str,
    (text, asks_for_files): (&str, bool),
    url: &str,
    brand: &Dress,
) -> Outcome {
    let (sender, title) = (views::sender(sender, brand), views::title(title));
    let text = Prose::new(text);
    let preview = text.as_line(PREVIEW_MAX);
    ThreadMessage { first_name, sender, title, text, preview, asks_for_files, url }.rendered(brand)
}

fn signature_request(
    (first_name, sender): (Option<Line>, &str),
    title: &str,
    act: Act,
    text: Option<&str>,
    url: &str,
    brand: &Dress,
) -> Outcome {
    let (sender, title) = (views::sender(sender, brand), views::title(title));
    let text = text.map(Prose::new);
    SignatureRequest { first_name, sender, title, act: act.as_str(), text, url }.rendered(brand)
}

fn guest_acted(
    [name, title]: [&str; 2],
    deed: GuestDeed,
    text: Option<&str>,
    acted_at: Timestamp,
    brand: &Dress,
) -> Outcome {
    let (name, title) = (views::somebody(name), views::title(title));
    let did = match deed {
        GuestDeed::Wrote => "wrote about",
        GuestDeed::SentFile => "sent a file for",
        GuestDeed::Declined => "declined",
        GuestDeed::Signed => "signed",
        GuestDeed::Approved => "approved",
    };
    let heading = &Line::new(&format!("{name} {did} “{title}”"), views::SUBJECT_MAX);
    let at = time::moment(acted_at, &brand.zone);
    let text = text.map(Prose::new);
    let said = text.as_ref().map(|text| text.as_line(PREVIEW_MAX));
    let preview = said.unwrap_or_else(|| Line::new(&at, PREVIEW_MAX));
    GuestActed { heading, text, preview, at }.rendered(brand)
}

fn certified(
    reader: &CertificateReader,
    title: &str,
    signers: usize,
    completed_at: Timestamp,
    url: Option<&str>,
    brand: &Dress,
) -> Outcome {
    let (first_name, is_signer) = match reader {
        CertificateReader::Signer { first_name } => (first(first_name.as_deref()), true),
        CertificateReader::Asker => (None, false),
    };
    let at = time::moment(completed_at, &brand.zone);
    let (title, signatures) = (views::title(title), count(signers, "signature"));
    Certified { first_name, is_signer, title, signatures, at, url }.rendered(brand)
}
