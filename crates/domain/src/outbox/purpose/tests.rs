//! Every purpose: its word, what it is about, whose page lists it, and the request it answers.

use ulid::Ulid;

use super::*;
use crate::id::Id;

fn id<I: Id>(number: u128) -> I {
    I::from_ulid(Ulid::from_parts(0, number))
}

fn at() -> Timestamp {
    Timestamp::from_millisecond(5_000).unwrap()
}

/// A text with `con1` for the id of contact 1, and so on.
fn short(text: &str) -> String {
    text.replace(&format!("_{}", "0".repeat(25)), "")
}

/// What `purpose` says of itself, in one line.
fn told(purpose: &Purpose) -> String {
    let addressee = purpose.addressee().map_or("nobody".to_owned(), |object| object.to_string());
    let request = purpose.request().map_or("-".to_owned(), |request| request.to_string());
    let (word, about) = (purpose.as_str(), purpose.dedupe());
    short(&format!("{word} {about} {addressee} {request}"))
}

#[track_caller]
fn tells(purpose: &Purpose, line: &str) {
    assert_eq!(told(purpose), line);
}

#[test]
fn mails_that_let_somebody_in() {
    let (contact_id, invitation_id) = (id(1), id(2));
    let invited = |request_id| Purpose::MagicLink { contact_id, invitation_id, request_id };
    tells(&invited(None), "magic_link invite#inv2 con1 -");
    tells(&invited(Some(id(3))), "magic_link approve#req3 con1 req3");
    let confirmation = Purpose::Confirmation { contact_id, invitation_id };
    tells(&confirmation, "confirmation confirm#inv2 con1 -");
    tells(&Purpose::Shared { contact_id, invitation_id }, "shared shared#inv2 con1 -");
    let (document_id, link_id) = (id(3), id(4));
    let link = Purpose::GuestLink { contact_id, document_id, link_id, sending: 2 };
    tells(&link, "guest_link link#lnk4#2 con1 -");
    let challenge_id = id(5);
    tells(&Purpose::Code { challenge_id }, "code code#chl5 nobody -");
    let last_resort = Purpose::LinkConfirmation { challenge_id };
    tells(&last_resort, "confirmation confirm#chl5 nobody -");
    let seat = Purpose::SeatInvitation { member_id: id(6), round: 2 };
    tells(&seat, "invitation seat#mem6#2 mem6 -");
    let reset = Purpose::PasswordReset { identity_id: id(7), epoch: 1, expires_at: at() };
    tells(&reset, "password_reset reset#idn7#5000 nobody -");
    let factor = Purpose::SecondFactorReset { member_id: id(6), at: at() };
    tells(&factor, "second_factor_reset factor#mem6#5000 mem6 -");
}

#[test]
fn mails_about_requests() {
    let (contact_id, request_id) = (id(1), id(2));
    let received = Purpose::RequestReceived { contact_id, request_id };
    tells(&received, "request_received received#req2 con1 req2");
    let question = Purpose::Question { contact_id, request_id, round: 1 };
    tells(&question, "question ask#req2#1 con1 req2");
    let rejected = Purpose::Rejected { contact_id, request_id };
    tells(&rejected, "rejected reject#req2 con1 req2");
    let arrived = Purpose::RequestArrived { member_id: id(3), contact_id, request_id };
    tells(&arrived, "request_arrived arrived#req2#mem3 mem3 req2");
}

#[test]
fn mails_about_ends() {
    let (contact_id, member_id, account_id, ends_at) = (id(1), id(2), id(3), at());
    for (milestone, word) in [
        (Milestone::InFourteenDays, "expiry_warning"),
        (Milestone::Today, "expiry_warning"),
        (Milestone::Over, "expired"),
    ] {
        let reader = Purpose::Ending { contact_id, ends_at, milestone };
        tells(&reader, &format!("{word} end#con1#5000#{milestone} con1 -"));
        let staff = Purpose::EndingStaff { member_id, contact_id, ends_at, milestone };
        tells(&staff, &format!("{word}_staff end#mem2#con1#5000#{milestone} mem2 -"));
        let account = Purpose::AccountEnding { member_id, account_id, ends_at, milestone };
        tells(&account, &format!("account_{word} end#mem2#acc3#5000#{milestone} mem2 -"));
    }
}

#[test]
fn mails_about_a_thread_and_its_signatures() {
    let (contact_id, member_id, document_id, link_id) = (id(1), id(2), id(3), id(4));
    let (event_id, file_id) = (id(5), id(6));
    let message =
        Purpose::ThreadMessage { contact_id, document_id, link_id: Some(link_id), event_id };
    tells(&message, "thread_message event#evt5#con1 con1 -");
    let asked = Purpose::SignatureRequest { contact_id, document_id, link_id, event_id };
    tells(&asked, "signature_request event#evt5#con1 con1 -");
    for (kind, word) in [
        (EventKind::Signed, "guest_signed"),
        (EventKind::Approved, "guest_approved"),
        (EventKind::Declined, "guest_declined"),
        (EventKind::Files, "guest_sent_file"),
        (EventKind::Message, "guest_wrote"),
    ] {
        let acted = Purpose::GuestActed { member_id, document_id, event_id, kind };
        tells(&acted, &format!("{word} event#evt5#mem2 mem2 -"));
    }
    let guest = Purpose::Certified { contact_id, document_id, file_id };
    tells(&guest, "certified cert#fil6#con1 con1 -");
    let staff = Purpose::CertifiedStaff { member_id, document_id, file_id };
    tells(&staff, "certified_staff cert#fil6#mem2 mem2 -");
}

#[test]
fn mails_about_a_guest_link() {
    let (contact_id, member_id, link_id, device_id) = (id(1), id(2), id(4), id(5));
    let (document_id, network) = (id(3), "192.0.2.7".to_owned());
    let device = Purpose::NewDevice {
        contact_id,
        epoch: 0,
        document_id,
        link_id,
        device_id,
        sha: "sha".to_owned(),
        network: network.clone(),
        agent: None,
        at: at(),
    };
    tells(&device, "new_device device#lnk4#dev5 con1 -");
    let tells = |news, line: &str| {
        let purpose = Purpose::LinkNews { member_id, document_id, news };
        tells(&purpose, &format!("{line} mem2 -"));
    };
    tells(
        LinkNews::Opened { link_id, contact_id, device_id, proved: true, network, at: at() },
        "link_opened opened#lnk4#dev5",
    );
    tells(
        LinkNews::Disowned { link_id, contact_id, device_id, came_at: at() },
        "disowned disowned#lnk4#dev5",
    );
    let day = "2026-11-30".to_owned();
    tells(LinkNews::AskedAgain { link_id, day, at: at() }, "asked_again again#lnk4#2026-11-30");
    let ending = |milestone| LinkNews::Ending { link_id, ends_at: at(), milestone };
    tells(ending(Milestone::InThreeDays), "link_expiry_warning end#lnk4#5000#in_3_days");
    tells(ending(Milestone::Over), "link_expired end#lnk4#5000#over");
    tells(LinkNews::Lapsed { version: 7 }, "links_lapsed lapse#7#mem2");
}
