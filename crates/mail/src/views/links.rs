//! Mails about guest links.

use domain::link::{Right, Rights};
use jiff::Timestamp;

use crate::brand::Dress;
use crate::browser;
use crate::clean::Line;
use crate::error::MailError;
use crate::message::{End, LinkMail};
use crate::time;
use crate::views::endings::in_words;
use crate::views::{self, NAME_MAX, Outcome, first, templates};

struct GuestLink<'a> {
    first_name: Option<Line>,
    sender: Line,
    title: Line,
    may: String,
    url: &'a str,
    until: Option<String>,
}

struct LinkOpened<'a> {
    name: Line,
    title: Line,
    how: &'a str,
    network: Line,
    at: String,
}

struct NewDevice<'a> {
    first_name: Option<Line>,
    title: Line,
    browser: Option<String>,
    network: Line,
    at: String,
    url: &'a str,
}

struct Disowned<'a> {
    name: &'a Line,
    title: Line,
    at: String,
}

struct AskedAgain<'a> {
    name: &'a Line,
    title: Line,
    at: String,
}

struct LinkEnding<'a> {
    title: &'a Line,
    ends: String,
    left: Option<String>,
}

struct LinksLapsed<'a> {
    title: &'a Line,
}

templates!(NewDevice, "new_device/subject.txt", "new_device/body.txt", "new_device/body.html");
templates!(Disowned, "disowned/subject.txt", "disowned/body.txt", "disowned/body.html");
templates!(AskedAgain, "asked_again/subject.txt", "asked_again/body.txt", "asked_again/body.html");
templates!(LinkEnding, "link_ending/subject.txt", "link_ending/body.txt", "link_ending/body.html");
templates!(
    LinksLapsed,
    "links_lapsed/subject.txt",
    "links_lapsed/body.txt",
    "links_lapsed/body.html"
);
templates!(LinkOpened, "link_opened/subject.txt", "link_opened/body.txt", "link_opened/body.html");
templates!(GuestLink, "guest_link/subject.txt", "guest_link/body.txt", "guest_link/body.html");

/// Writes a mail about a guest link; [`MailError::NotALink`] if what should be a link is none.
pub(super) fn render(mail: &LinkMail, brand: &Dress) -> Result<Outcome, MailError> {
    Ok(match mail {
        LinkMail::Share { first_name, sender, title, rights, url, ends } => {
            let from = (first(first_name.as_deref()), sender.as_str());
            guest_link(from, title, rights, views::link(url)?, ends.as_ref(), brand)
        }
        LinkMail::Opened { name, title, proved, network, opened_at } => {
            link_opened([name, title, network], *proved, *opened_at, brand)
        }
        LinkMail::NewDevice { first_name, title, network, agent, opened_at, url } => NewDevice {
            first_name: first(first_name.as_deref()),
            title: views::title(title),
            browser: agent.as_deref().and_then(browser::named),
            network: Line::new(network, NAME_MAX),
            at: time::moment(*opened_at, &brand.zone),
            url: views::link(url)?,
        }
        .rendered(brand),
        LinkMail::Disowned { name, title, opened_at } => {
            let (name, title) = (&views::somebody(name), views::title(title));
            let at = time::moment(*opened_at, &brand.zone);
            Disowned { name, title, at }.rendered(brand)
        }
        LinkMail::AskedAgain { name, title, asked_at } => {
            let name = &views::somebody(name.as_deref().unwrap_or_default());
            let at = time::moment(*asked_at, &brand.zone);
            AskedAgain { name, title: views::title(title), at }.rendered(brand)
        }
        LinkMail::Ending { title, ends, left } => {
            let (ends, left) = (time::end(ends.at, &ends.zone), left.map(in_words));
            LinkEnding { title: &views::title(title), ends, left }.rendered(brand)
        }
        LinkMail::Lapsed { title } => LinksLapsed { title: &views::title(title) }.rendered(brand),
    })
}

fn guest_link(
    (first_name, sender): (Option<Line>, &str),
    title: &str,
    rights: &Rights,
    url: &str,
    ends: Option<&End>,
    brand: &Dress,
) -> Outcome {
    let (sender, title) = (views::sender(sender, brand), views::title(title));
    let until = ends.map(|ends| time::until(ends.at, &ends.zone));
    let may = may(rights);
    GuestLink { first_name, sender, title, may, url, until }.rendered(brand)
}

fn link_opened(
    [name, title, network]: [&str; 3],
    proved: bool,
    opened_at: Timestamp,
    brand: &Dress,
) -> Outcome {
    let (name, title) = (views::somebody(name), views::title(title));
    let network = Line::new(network, NAME_MAX);
    let how = if proved { "with a proved address" } else { "as the first to press open" };
    let at = time::moment(opened_at, &brand.zone);
    LinkOpened { name, title, how, network, at }.rendered(brand)
}

/// What the rights come to, as a sentence.
fn may(rights: &Rights) -> String {
    let words = rights.iter().map(|right| match right {
        Right::View => "read it",
        Right::Download => "download it",
        Right::Write => "write about it",
        Right::Sign => "sign it",
    });
    let words: Vec<&str> = words.collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => format!("You can {one}."),
        [some @ .., last] => format!("You can {} and {last}.", some.join(", ")),
    }
}
