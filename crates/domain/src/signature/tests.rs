//! The rules of signatures, one by one.

use jiff::{SignedDuration, Timestamp};
use ulid::Ulid;

use super::asking::{AskError, Asked, Wanted};
use super::signing::{Hand, Sheet, SignError};
use super::*;
use crate::contact::Contact;
use crate::document::FileState;
use crate::id::Id;
use crate::link::guest::Standing;
use crate::media::MediaType;
use crate::pages::Pages;
use crate::text::Line;

pub(super) const T0: Timestamp = Timestamp::UNIX_EPOCH;
const HOUR: SignedDuration = SignedDuration::from_hours(1);

pub(super) fn id<I: Id>(number: usize) -> I {
    I::from_ulid(Ulid::from_parts(1, u128::try_from(number).unwrap()))
}

pub(super) fn contact(person: usize) -> Contact {
    Contact {
        id: id(person),
        email: format!("person{person}@initech.example").parse().ok(),
        ..Contact::sample()
    }
}

/// Version `number` of the document.
pub(super) fn exact(number: u32) -> Exact {
    Exact {
        id: id(usize::try_from(number).unwrap()),
        name: format!("contract-{number}.pdf").parse().unwrap(),
        sha256: format!("{number:064x}").try_into().unwrap(),
        version: number,
    }
}

pub(super) fn hand(contact: &Contact, standing: Standing) -> Hand<'_> {
    Hand {
        contact,
        standing,
        device_id: id(7),
        link_id: Some(id(8)),
        network: "192.0.2.7",
        agent: Some("Firefox"),
    }
}

pub(super) fn wanted(whom: Whom, listed: &[(usize, Act)]) -> Wanted {
    let asked = |(person, act): &(usize, Act)| Asked { contact_id: id(*person), act: *act };
    Wanted { whom, signers: listed.iter().map(asked).collect(), message: None }
}

/// A block that names people 1, 2, … to sign.
fn naming(people: usize) -> Block {
    let listed: Vec<_> = (1..=people).map(|person| (person, Act::Sign)).collect();
    Block::new(id(1), wanted(Whom::Named, &listed), id(9), T0).unwrap()
}

fn sign(block: &Block, person: usize, seen: u32, newest: u32) -> Result<Effect, SignError> {
    let (contact, seen, newest) = (contact(person), exact(seen), exact(newest));
    let sheet = Sheet { seen: &seen.sha256, newest: Some(&newest) };
    block.clone().signed(Act::Sign, &hand(&contact, Standing::Verified), sheet, T0 + HOUR)
}

fn decline(block: &Block, person: usize, why: &str, version: u32) -> Result<Effect, SignError> {
    let (contact, file) = (contact(person), exact(version));
    let sheet = Sheet { seen: &file.sha256, newest: Some(&file) };
    let reason = why.parse().unwrap();
    block.clone().declined(reason, &hand(&contact, Standing::Trusted), sheet, T0 + HOUR)
}

/// The block that came of it.
fn now<E: std::fmt::Debug>(effect: Result<Effect, E>) -> Block {
    match effect {
        Ok(Effect::Changed(block)) => block,
        other => panic!("nothing came of it: {other:?}"),
    }
}

#[test]
fn a_signature_binds_who_what_when_and_from_where() {
    let block = now(sign(&naming(2), 1, 3, 3));
    let signature = block.signer(id(1)).unwrap().finished().unwrap();
    assert_eq!(signature.file, exact(3));
    assert_eq!(signature.email.to_string(), "person1@initech.example");
    assert_eq!(signature.full_name(), "Maya Lindt");
    assert_eq!((signature.at, signature.network.as_str()), (T0 + HOUR, "192.0.2.7"));
    assert_eq!((signature.device_id, signature.link_id), (id(7), Some(id(8))));
    assert_eq!((block.version, block.is_complete()), (2, false));
}

#[test]
fn nobody_signs_without_a_proved_address_and_nobody_declines_as_a_mere_bearer() {
    let (maya, file) = (contact(1), exact(1));
    let sheet = Sheet { seen: &file.sha256, newest: Some(&file) };
    for standing in [Standing::Bearer, Standing::Trusted] {
        let signed = naming(1).signed(Act::Sign, &hand(&maya, standing), sheet, T0);
        assert_eq!(signed, Err(SignError::NotVerified));
    }
    let no = || "No.".parse().unwrap();
    let bearer = naming(1).declined(no(), &hand(&maya, Standing::Bearer), sheet, T0);
    assert_eq!(bearer, Err(SignError::NotVerified));
    let nameless = Contact { email: None, ..contact(1) };
    let signed = naming(1).signed(Act::Sign, &hand(&nameless, Standing::Verified), sheet, T0);
    assert_eq!(signed, Err(SignError::NotVerified));
}

#[test]
fn only_what_was_seen_is_signed_and_only_if_it_is_the_newest() {
    assert_eq!(sign(&naming(1), 1, 1, 2), Err(SignError::Stale { version: 2 }));
    let (maya, file) = (contact(1), exact(1));
    let sheet = Sheet { seen: &file.sha256, newest: None };
    let signed = naming(1).signed(Act::Sign, &hand(&maya, Standing::Verified), sheet, T0);
    assert_eq!(signed, Err(SignError::NoFile));
}

#[test]
fn a_lost_reply_is_given_again_even_after_a_newer_version_or_the_last_signature() {
    let complete = now(sign(&naming(1), 1, 1, 1));
    assert!(complete.is_complete());
    assert_eq!(sign(&complete, 1, 1, 1), Ok(Effect::Unchanged));
    assert_eq!(sign(&complete, 1, 1, 2), Ok(Effect::Unchanged));
    assert_eq!(sign(&complete, 1, 2, 2), Err(SignError::Finished { version: 1 }));
    assert_eq!(decline(&complete, 1, "No.", 1), Err(SignError::Finished { version: 1 }));
}

#[test]
fn whoever_was_not_asked_or_was_asked_for_something_else_is_told_so() {
    assert_eq!(sign(&naming(1), 2, 1, 1), Err(SignError::NotAsked));
    let listed = [(1, Act::Approve)];
    let block = Block::new(id(1), wanted(Whom::Named, &listed), id(9), T0).unwrap();
    let refused = sign(&block, 1, 1, 1).unwrap_err();
    assert_eq!(refused.to_string(), "you are asked to approve this document; do that instead");
    let group = Block::new(id(1), wanted(Whom::Group(Act::Sign), &[]), id(9), T0).unwrap();
    assert_eq!(sign(&group, 1, 1, 1), Err(SignError::OwnCopy));
}

#[test]
fn a_decline_blocks_completion_until_it_is_turned_into_a_signature() {
    let declined = now(decline(&naming(2), 1, "Clause 4.", 1));
    let signed = now(sign(&declined, 2, 1, 1));
    assert!(!signed.is_complete(), "the decline ends nothing for the others, and blocks");
    assert_eq!(decline(&signed, 1, "Clause 4.", 1), Ok(Effect::Unchanged));
    let reworded = now(decline(&signed, 1, "Clause 5.", 1));
    assert_eq!(reworded.signer(id(1)).unwrap().progress(Some(&exact(1))), Progress::Declined);
    let complete = now(sign(&reworded, 1, 1, 1));
    assert_eq!(complete.completed_at, Some(T0 + HOUR));
}

#[test]
fn a_newer_version_restarts_whoever_had_not_finished_and_nobody_else() {
    let block = now(decline(&now(sign(&naming(3), 1, 1, 1)), 2, "No.", 1));
    let newest = exact(2);
    let progress = |person| block.signer(id(person)).unwrap().progress(Some(&newest));
    assert_eq!([1, 2, 3].map(progress), [Progress::Signed, Progress::Waiting, Progress::Waiting]);
    let block = now(sign(&now(sign(&block, 2, 2, 2)), 3, 2, 2));
    assert!(block.is_complete());
    let versions: Vec<_> = block.files().iter().map(|file| file.version).collect();
    assert_eq!(versions, [1, 2], "each signature pins what was newest");
}

#[test]
fn whoever_finished_stays_and_the_others_come_and_go() {
    let block = now(decline(&now(sign(&naming(3), 1, 1, 1)), 2, "No.", 1));
    let ask = |listed: &[(usize, Act)]| {
        block.clone().asked_anew(wanted(Whom::Named, listed), id(9), T0 + HOUR * 2)
    };
    let gone = ask(&[(2, Act::Sign)]);
    assert_eq!(gone, Err(AskError::Finished(id(1))));
    assert_eq!(ask(&[(1, Act::Approve)]), Err(AskError::Finished(id(1))));
    let group = block.clone().asked_anew(wanted(Whom::Group(Act::Sign), &[]), id(9), T0);
    assert_eq!(group, Err(AskError::Finished(id(1))));
    let same = [(1, Act::Sign), (2, Act::Sign), (3, Act::Sign)];
    assert_eq!(ask(&same), Ok(Effect::Unchanged));
    let changed = now(ask(&[(1, Act::Sign), (2, Act::Sign), (4, Act::Approve)]));
    assert_eq!(changed.signer(id(2)), block.signer(id(2)), "a decline is not forgotten");
    assert!(changed.signer(id(3)).is_none() && changed.signer(id(4)).is_some());
}

#[test]
fn leaving_out_the_last_who_had_not_finished_completes_and_then_nothing_changes() {
    let block = now(sign(&naming(2), 1, 1, 1));
    let left = |block: Block, listed: &[(usize, Act)]| {
        block.asked_anew(wanted(Whom::Named, listed), id(9), T0 + HOUR * 2)
    };
    let complete = now(left(block, &[(1, Act::Sign)]));
    assert_eq!(complete.completed_at, Some(T0 + HOUR * 2));
    assert_eq!(left(complete.clone(), &[(1, Act::Sign)]), Ok(Effect::Unchanged));
    let more = left(complete, &[(1, Act::Sign), (2, Act::Sign)]);
    assert_eq!(more, Err(AskError::Complete));
}

#[test]
fn a_block_asks_somebody_each_once_and_not_too_many() {
    let ask = |whom, listed: &[(usize, Act)]| {
        Block::new(id(1), wanted(whom, listed), id(9), T0).map(|block| block.signers.len())
    };
    let many: Vec<_> = (0..=SIGNERS_MAX).map(|person| (person, Act::Sign)).collect();
    assert_eq!(ask(Whom::Named, &[]), Err(AskError::Nobody));
    assert_eq!(ask(Whom::Named, &many), Err(AskError::TooMany));
    assert_eq!(ask(Whom::Named, &many[1..]), Ok(SIGNERS_MAX));
    let twice = [(1, Act::Sign), (1, Act::Approve)];
    assert_eq!(ask(Whom::Named, &twice), Err(AskError::Twice(id(1))));
    assert_eq!(ask(Whom::Group(Act::Sign), &many[..1]), Err(AskError::GroupNames));
    assert_eq!(ask(Whom::Open(Act::Sign), &[]), Ok(0));
}

#[test]
fn an_open_block_takes_whoever_comes_until_staff_leave_it_to_those() {
    let open = Block::new(id(1), wanted(Whom::Open(Act::Sign), &[]), id(9), T0).unwrap();
    let mut full = open;
    for person in 0..SIGNERS_MAX {
        full = now(sign(&full, person, 1, 1));
        assert!(!full.is_complete());
    }
    assert_eq!(sign(&full, SIGNERS_MAX, 1, 1), Err(SignError::Full));
    let listed: Vec<_> = (0..SIGNERS_MAX).map(|person| (person, Act::Sign)).collect();
    let named = full.asked_anew(wanted(Whom::Named, &listed), id(9), T0 + HOUR);
    assert!(now(named).is_complete());
}

#[test]
fn each_copy_of_a_group_signature_asks_its_own_person() {
    let group = Block::new(id(1), wanted(Whom::Group(Act::Approve), &[]), id(9), T0).unwrap();
    let copy = group.of_copy(id(2), id(4), T0).unwrap();
    assert_eq!((copy.document_id, copy.whom, copy.asked_by), (id(2), Whom::Named, id(9)));
    assert_eq!(copy.signers.len(), 1);
    assert_eq!(copy.signer(id(4)).map(|signer| signer.act), Some(Act::Approve));
    assert_eq!(naming(1).of_copy(id(2), id(4), T0), None);
}

#[test]
fn what_was_signed_is_kept_for_the_retention_and_so_is_its_certificate() {
    let block = now(sign(&naming(2), 1, 1, 1));
    assert_eq!(block.kept_until(exact(2).id, 10), None);
    assert_eq!(block.kept_until(exact(1).id, 10), Some(T0 + HOUR * 241));
    assert_eq!(block.clone().certified(id(5)), None, "not everybody has finished");
    let certified = now(sign(&block, 2, 2, 2)).certified(id(5)).unwrap();
    assert_eq!((certified.version, certified.certificate), (4, Some(id(5))));
    assert_eq!(certified.kept_until(id(5), 10), Some(T0 + HOUR * 241));
    assert_eq!(certified.certified(id(6)), None, "one certificate and no other");
    let declined = now(decline(&naming(1), 1, "No.", 1));
    assert_eq!(declined.kept_until(exact(1).id, 10), None);
}

#[test]
fn versions_count_what_was_ever_published() {
    let file = |number: usize, state, published_at| File {
        id: id(number),
        version: 1,
        document_id: id(1),
        name: exact(1).name,
        media_type: MediaType::Pdf,
        size_bytes: 1,
        sha256: format!("{number:064x}").try_into().unwrap(),
        state,
        uploader_id: id(9),
        created_at: T0,
        published_at,
        kind: FileKind::Version,
        sent: None,
        pages: Pages::Pending,
        stored_as: None,
        is_shared: false,
    };
    let first = file(1, FileState::Published, Some(T0));
    let deleted = file(2, FileState::Deleted, Some(T0 + HOUR));
    let third = file(3, FileState::Published, Some(T0 + HOUR * 2));
    let swept = file(4, FileState::Deleted, None);
    let underway = file(5, FileState::Uploading, None);
    let certificate =
        File { kind: FileKind::Certificate, ..file(6, FileState::Published, Some(T0 + HOUR * 3)) };
    let all = [&third, &swept, &first, &deleted, &underway, &certificate];
    let number = |files: &[&File]| {
        Exact::newest(files.iter().copied()).map(|exact| (exact.id, exact.version))
    };
    assert_eq!(number(&all), Some((id(3), 3)));
    assert_eq!(number(&[&first, &deleted]), Some((id(1), 1)));
    assert_eq!(number(&[&deleted, &underway]), None);
}

#[test]
fn the_fullest_block_fits_one_item_and_reads_back() {
    let wide = |count| "\u{10437}".repeat(count);
    let line = |count| wide(count).parse::<Line<200>>().unwrap();
    let name: PersonName = wide(100).parse().unwrap();
    let signature = Signature {
        deed: Deed::Declined(wide(500).parse().unwrap()),
        file: Exact { name: line(200), ..exact(u32::MAX) },
        email: format!("{}@{}.example", "a".repeat(64), "b".repeat(63)).parse().unwrap(),
        first_name: name.clone(),
        last_name: name,
        at: T0,
        device_id: id(1),
        link_id: Some(id(1)),
        network: "2001:db8:ffff:ffff::/64".to_owned(),
        agent: Some(wide(200)),
    };
    let mut block = naming(SIGNERS_MAX);
    block.message = wide(2000).parse().ok();
    for signer in &mut block.signers {
        signer.signature = Some(signature.clone());
    }
    let text = serde_json::to_string(&block).unwrap();
    assert!(text.len() < 350_000, "{} bytes", text.len());
    assert_eq!(serde_json::from_str::<Block>(&text).unwrap(), block);
}

#[test]
fn an_act_is_stored_by_its_word_and_comes_to_its_deed() {
    for (act, deed) in [(Act::Sign, Deed::Signed), (Act::Approve, Deed::Approved)] {
        assert_eq!(serde_json::to_value(act).unwrap(), act.as_str());
        assert_eq!(act.done(), deed);
        assert!(deed.is_final());
    }
    assert!(!Deed::Declined("No.".parse().unwrap()).is_final());
}

#[test]
fn what_was_signed_twice_is_one_file_and_kept_from_the_last_signature_on() {
    let sign_at = |block: &Block, person, at| {
        let (contact, file) = (contact(person), exact(1));
        let sheet = Sheet { seen: &file.sha256, newest: Some(&file) };
        now(block.clone().signed(Act::Sign, &hand(&contact, Standing::Verified), sheet, at))
    };
    let block = sign_at(&sign_at(&naming(3), 1, T0 + HOUR * 5), 2, T0 + HOUR);
    assert_eq!(block.files(), [&exact(1)]);
    assert_eq!(block.kept_until(exact(1).id, 1), Some(T0 + HOUR * 29));
    assert_eq!(block.finished().count(), 2);
}

#[test]
fn asking_anew_for_the_same_with_another_message_or_of_others_is_a_change() {
    let block = now(sign(&naming(2), 1, 1, 1));
    let named = |listed: &[(usize, Act)]| wanted(Whom::Named, listed);
    let both = [(1, Act::Sign), (2, Act::Sign)];
    let reworded = Wanted { message: "Please.".parse().ok(), ..named(&both) };
    let asked = now(block.clone().asked_anew(reworded, id(8), T0));
    assert_eq!((asked.asked_by, asked.version), (id(8), block.version + 1));
    assert_eq!(asked.signer(id(1)), block.signer(id(1)));
    let other =
        now(block.clone().asked_anew(named(&[(1, Act::Sign), (2, Act::Approve)]), id(9), T0));
    assert_eq!(other.signer(id(2)).map(|signer| signer.act), Some(Act::Approve));
    let open = now(block.asked_anew(wanted(Whom::Open(Act::Sign), &both), id(9), T0));
    assert_eq!(open.whom, Whom::Open(Act::Sign));
}
