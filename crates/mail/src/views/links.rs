//! Mails about guest links.

use domain::link::{Right, Rights};
use jiff::Timestamp;

use crate::brand::Dress;
use crate::clean::Line;
use crate::message::{End, Rendered};
use crate::time;
use crate::views::{self, NAME_MAX, templates};

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

templates!(LinkOpened, "link_opened/subject.txt", "link_opened/body.txt", "link_opened/body.html");
templates!(GuestLink, "guest_link/subject.txt", "guest_link/body.txt", "guest_link/body.html");

pub(super) fn guest_link(
    (first_name, sender): (Option<Line>, &str),
    title: &str,
    rights: &Rights,
    url: &str,
    ends: Option<&End>,
    brand: &Dress,
) -> Result<Rendered, askama::Error> {
    let (sender, title) = (views::sender(sender, brand), views::title(title));
    let until = ends.map(|ends| time::until(ends.at, &ends.zone));
    let may = may(rights);
    GuestLink { first_name, sender, title, may, url, until }.rendered(brand)
}

pub(super) fn link_opened(
    [name, title, network]: [&str; 3],
    proved: bool,
    opened_at: Timestamp,
    brand: &Dress,
) -> Result<Rendered, askama::Error> {
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
