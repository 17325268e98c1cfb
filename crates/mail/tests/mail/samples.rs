//! One mail of each kind, and each variant, as a real tenant would send it.

use domain::link::Right;
use domain::member::Role;
use domain::signature::Act;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use mail::brand::{Accent, Brand};
use mail::message::{
    Asker, CertificateReader, End, GuestDeed, Left, LinkMail, Message, Occasion, Opens, ThreadMail,
};

pub(crate) const LINK: &str =
    "https://trust.acme.example/p/acme#AQvM4tZQ1x-8sWJ0pC_b9Kd7uYhE3rTnLgFo2aXi5mS";

pub(crate) fn acme() -> Brand {
    Brand {
        name: "Acme".to_owned(),
        accent: Accent::from_hex("#0b5d66"),
        contact_email: Some("security@acme.example".to_owned()),
        zone: TimeZone::get("Europe/Zurich").unwrap(),
    }
}

/// Every message; a visitor called `name` of `company` asked, staff called the document `title`.
pub(crate) fn all(name: &str, company: &str, title: &str) -> Vec<Message> {
    let person = || Some(name.to_owned());
    let documents = |count| [vec![title.to_owned()], titles(count)].concat();
    let requested_at = at("2026-11-21T09:20:00Z");
    let decided_at = at("2026-11-29T09:20:00Z");
    let approval = || Occasion::Approval { requested_at };
    let proved = || Asker::Proved { first_name: name.to_owned(), documents: documents(1) };
    let received = |asker| Message::RequestReceived { asker, requested_at };
    let rejected = |asker| Message::Rejected { asker, requested_at, decided_at };
    let mut all = vec![
        magic_link(approval(), person(), documents(1)),
        magic_link(approval(), None, documents(0)),
        magic_link(Occasion::Invitation, person(), documents(4)),
        magic_link(Occasion::Renewal, None, Vec::new()),
        code(Opens::Document { title: title.to_owned() }),
        code(Opens::Portal),
        Message::ConfirmationLink {
            opens: Opens::Document { title: title.to_owned() },
            url: LINK.to_owned(),
            expires_at: decided_at,
        },
        received(Asker::Unproved { documents: 2 }),
        received(proved()),
        Message::RequestArrived {
            name: format!("{name} Lind"),
            company: company.to_owned(),
            email: "maya@northwind.example".to_owned(),
            documents: documents(3),
            requested_at,
        },
        question(name, "Which of the two offices is this for?\n\nWe share the plan per site."),
        rejected(Asker::Unproved { documents: 1 }),
        rejected(proved()),
        invitation(Some(format!("{name} Lind")), Role::AccountManager),
        invitation(None, Role::Administrator),
        Message::PasswordReset { url: LINK.to_owned(), expires_at: decided_at },
        Message::SecondFactorReset { at: decided_at },
    ];
    all.extend(endings(name, company, title));
    all.extend(of_threads(name, title));
    all.extend(of_links(name, title));
    all
}

/// What is said of a document's thread and signatures.
fn of_threads(name: &str, title: &str) -> impl Iterator<Item = Message> {
    let person = || Some(name.to_owned());
    let (sender, url) = (|| "Nina Berg".to_owned(), || LINK.to_owned());
    let completed_at = at("2026-11-29T09:20:00Z");
    let acted = |deed, text: Option<&str>| ThreadMail::GuestActed {
        name: format!("{name} Lind"),
        title: title.to_owned(),
        deed,
        text: text.map(str::to_owned),
        acted_at: completed_at,
    };
    let asked = |act, text: Option<&str>| ThreadMail::SignatureRequest {
        first_name: person(),
        sender: sender(),
        title: title.to_owned(),
        act,
        text: text.map(str::to_owned),
        url: url(),
    };
    let certified = |reader, url| ThreadMail::Certified {
        reader,
        title: title.to_owned(),
        signers: 2,
        completed_at,
        url,
    };
    let signer = || CertificateReader::Signer { first_name: person() };
    let all = [
        ThreadMail::Message {
            first_name: person(),
            sender: sender(),
            title: title.to_owned(),
            text: "The annex follows on Monday.\n\nAnything else you need?".to_owned(),
            asks_for_files: false,
            url: url(),
        },
        ThreadMail::Message {
            first_name: None,
            sender: sender(),
            title: title.to_owned(),
            text: "Your commercial register extract, please.".to_owned(),
            asks_for_files: true,
            url: url(),
        },
        asked(Act::Sign, Some("By Friday, please.")),
        asked(Act::Approve, None),
        acted(GuestDeed::Wrote, Some("Which annex applies to us?\nThe second one?")),
        acted(GuestDeed::Declined, Some("We sign only with the cap on liability.")),
        acted(GuestDeed::SentFile, None),
        acted(GuestDeed::Signed, None),
        acted(GuestDeed::Approved, None),
        certified(signer(), Some(url())),
        certified(signer(), None),
        certified(CertificateReader::Asker, None),
    ];
    all.into_iter().map(Message::Thread)
}

/// What is said of access that ends or has ended.
fn endings(name: &str, company: &str, title: &str) -> [Message; 6] {
    let person = || Some(name.to_owned());
    let documents = |count| [vec![title.to_owned()], titles(count)].concat();
    [
        Message::Expired { first_name: person(), documents: documents(0), ended: end() },
        Message::AccessExpiredStaff {
            name: format!("{name} Lind"),
            company: company.to_owned(),
            documents: documents(1),
            ended: end(),
            url: LINK.to_owned(),
        },
        Message::ExpiryWarning {
            first_name: person(),
            documents: documents(1),
            ends: end(),
            left: Left::Days(14),
        },
        Message::ExpiryWarningStaff {
            name: format!("{name} Lind"),
            company: company.to_owned(),
            documents: documents(0),
            ends: end(),
            left: Left::Today,
            url: LINK.to_owned(),
        },
        Message::AccountEnding {
            account: company.to_owned(),
            ends: end(),
            left: Some(Left::Days(3)),
        },
        Message::AccountEnding { account: company.to_owned(), ends: end(), left: None },
    ]
}

/// The end of 31 March in Sydney.
fn end() -> End {
    let zone = TimeZone::get("Australia/Sydney").unwrap();
    End { at: at("2027-03-31T13:00:00Z"), zone }
}

pub(crate) fn magic_link(
    occasion: Occasion,
    first_name: Option<String>,
    documents: Vec<String>,
) -> Message {
    let expires_at = at("2026-11-29T09:20:00Z");
    Message::MagicLink { occasion, first_name, documents, url: LINK.to_owned(), expires_at }
}

/// What is said of guest links.
fn of_links(name: &str, title: &str) -> impl Iterator<Item = Message> {
    let (person, network) = (|| Some(name.to_owned()), || "203.0.113.7".to_owned());
    let (whole, title_of) = (format!("{name} Lind"), || title.to_owned());
    let opened_at = at("2026-11-29T09:20:00Z");
    let new_device = |first_name, agent: Option<&str>| LinkMail::NewDevice {
        first_name,
        title: title_of(),
        network: network(),
        agent: agent.map(str::to_owned),
        opened_at,
        url: LINK.to_owned(),
    };
    let firefox =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0";
    let again = |name| LinkMail::AskedAgain { name, title: title_of(), asked_at: opened_at };
    let all = [
        guest_link(person(), title, Some(end())),
        guest_link(None, title, None),
        LinkMail::Opened {
            name: whole.clone(),
            title: title_of(),
            proved: true,
            network: network(),
            opened_at,
        },
        new_device(person(), Some(firefox)),
        new_device(None, None),
        LinkMail::Disowned { name: whole.clone(), title: title_of(), opened_at },
        again(Some(whole)),
        again(None),
        LinkMail::Ending { title: title_of(), ends: end(), left: Some(Left::Days(3)) },
        LinkMail::Ending { title: title_of(), ends: end(), left: None },
        LinkMail::Lapsed { title: title_of() },
    ];
    all.into_iter().map(Message::Link)
}

fn guest_link(first_name: Option<String>, title: &str, ends: Option<End>) -> LinkMail {
    let rights = vec![Right::View, Right::Download, Right::Sign];
    LinkMail::Share {
        first_name,
        sender: "Nina Berg".to_owned(),
        title: title.to_owned(),
        rights: rights.try_into().unwrap(),
        url: LINK.to_owned(),
        ends,
    }
}

fn invitation(inviter: Option<String>, role: Role) -> Message {
    let expires_at = at("2026-11-29T09:20:00Z");
    Message::Invitation { inviter, role, url: LINK.to_owned(), expires_at }
}

pub(crate) fn code(opens: Opens) -> Message {
    let expires_at = at("2026-11-22T08:24:00Z");
    Message::Code { code: "481920".to_owned(), opens, expires_at }
}

pub(crate) fn question(name: &str, question: &str) -> Message {
    Message::Question {
        first_name: Some(name.to_owned()),
        question: question.to_owned(),
        requested_at: at("2026-11-21T09:20:00Z"),
        url: LINK.to_owned(),
        expires_at: at("2027-02-19T09:20:00Z"),
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn titles(count: usize) -> Vec<String> {
    let told = ["Business continuity plan", "Partner terms 2026", "Penetration test 2026"];
    let more = (1..).map(|number| format!("Policy {number}"));
    told.iter().map(ToString::to_string).chain(more).take(count).collect()
}
