//! What the page says, apart from facts.

use domain::signature::{Deed, Signature};
use domain::tenant::Zone;
use jiff::Timestamp;

/// What the page is.
pub(crate) const NAME: &str = "Certificate of signatures";

/// How to hold the facts against a file.
pub(crate) const CHECKING: &str = "A file is what was signed or approved if its SHA-256 equals \
    the digits beside it on this certificate, apart from the spaces. To compute it:";

/// The commands that compute it, and where they are found.
pub(crate) const COMMANDS: [(&str, &str); 3] = [
    ("Linux", "sha256sum FILE"),
    ("macOS", "shasum -a 256 FILE"),
    ("Windows", "certutil -hashfile FILE SHA256"),
];

/// What numbers in brackets are.
pub(crate) const BRACKETS: &str = "Letters that the typeface of this page lacks, and characters \
    that are invisible, stand by their Unicode number in brackets, as in [U+738B].";

/// What the page states, and of how many.
pub(crate) fn statement(finished: &[&Signature]) -> String {
    let signed = finished.iter().filter(|signature| signature.deed == Deed::Signed).count();
    let approved = finished.len() - signed;
    let deeds = match (signed, approved) {
        (signed, 0) => format!("{} signed", people(signed)),
        (0, approved) => format!("{} approved", people(approved)),
        (signed, approved) => {
            format!("{} signed and {} approved", people(signed), people(approved))
        }
    };
    format!(
        "This certificate states that everybody who was asked to sign or approve this document has \
         done so: {deeds}. Every e-mail address below was proved before, by a code mailed to it or \
         by its owner's account, in the browser that is named. A signature or approval binds \
         exactly the bytes whose SHA-256 is given for its version of the document; later versions \
         do not touch it."
    )
}

fn people(count: usize) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}

/// What somebody did, in one word.
pub(crate) const fn deed(deed: &Deed) -> &'static str {
    match deed {
        Deed::Signed => "Signed",
        Deed::Approved => "Approved",
        Deed::Declined(_) => "Declined",
    }
}

/// "29 November 2026, 10:20:05 (Europe/Zurich)".
pub(crate) fn local(at: Timestamp, zone: &Zone) -> String {
    format!("{} ({zone})", at.to_zoned(zone.rules()).strftime("%-d %B %Y, %H:%M:%S"))
}

/// "2026-11-29 09:20:05 UTC".
pub(crate) fn universal(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// Digits in groups of eight, so that eyes find their place again.
pub(crate) fn grouped(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 8);
    for (at, digit) in digits.chars().enumerate() {
        if at != 0 && at % 8 == 0 {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_say_whose_clock_they_are_by() {
        let at: Timestamp = "2026-11-29T09:20:05.9Z".parse().unwrap();
        let zurich = "Europe/Zurich".parse().unwrap();
        assert_eq!(local(at, &zurich), "29 November 2026, 10:20:05 (Europe/Zurich)");
        assert_eq!(universal(at), "2026-11-29 09:20:05 UTC");
    }

    #[test]
    fn digits_stand_in_groups_of_eight() {
        assert_eq!(grouped(&"0123456789abcdef".repeat(4)).split(' ').count(), 8);
        assert_eq!(grouped("0123456789"), "01234567 89");
    }
}
