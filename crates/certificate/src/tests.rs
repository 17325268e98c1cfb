//! The whole certificate, read back from its bytes.

use domain::id::{DocumentId, FileId, Id};
use domain::signature::asking::{Asked, Wanted};
use domain::signature::{Act, Block, Deed, Exact, SIGNERS_MAX, Signature, Whom};
use domain::tenant::Tenant;
use domain::text::Title;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use ulid::Ulid;

use crate::fonts::loaded;
use crate::paper::{HEIGHT, MARGIN, Mark, WIDTH};
use crate::{Certificate, CertificateError};

/// Bytes that no certificate of ordinary size passes, typefaces included.
const BYTES_MAX: usize = 200 * 1024;

/// Names and titles that try to overflow, hide, pile up or run backwards.
const HOSTILE: [(&str, &str); 8] = [
    ("Łucja", "Żółkiewska-Brzęczyszczykiewicz"),
    ("Ελένη", "Παπαδοπούλου"),
    ("Юлия", "Щёткина"),
    ("Nguyễn Thị", "Ánh"),
    ("王", "小明"),
    (
        "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
        "x",
    ),
    ("Z\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}algo", "(parens) \\n <b>&amp;"),
    ("سارة", "العلي"),
];

fn id<I: Id>(number: usize) -> I {
    I::from_ulid(Ulid::from_parts(1_790_000_000_000, u128::try_from(number).unwrap()))
}

fn tenant() -> Tenant {
    let mut tenant = Tenant::new(
        id(1),
        "Acme Ltd".parse().unwrap(),
        "acme".parse().unwrap(),
        Timestamp::UNIX_EPOCH,
    );
    tenant.zone = "Europe/Zurich".parse().unwrap();
    tenant
}

fn exact(version: u32) -> Exact {
    Exact {
        id: id(usize::try_from(version).unwrap()),
        name: format!("master-services-agreement-{version}.pdf").parse().unwrap(),
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
            .to_owned()
            .try_into()
            .unwrap(),
        version,
    }
}

/// A complete block of as many people, called by `names` in turn.
fn complete(people: usize, names: &[(&str, &str)]) -> Block {
    let asked = |person| Asked { contact_id: id(person), act: Act::Sign };
    let wanted =
        Wanted { whom: Whom::Named, signers: (0..people).map(asked).collect(), message: None };
    let start: Timestamp = "2026-11-29T09:20:05Z".parse().unwrap();
    let mut block = Block::new(id(77), wanted, id(9), start).unwrap();
    for (number, signer) in block.signers.iter_mut().enumerate() {
        let (first, last) = names[number % names.len()];
        signer.signature = Some(Signature {
            deed: if number % 3 == 1 { Deed::Approved } else { Deed::Signed },
            file: exact(1 + u32::try_from(number % 2).unwrap()),
            email: format!("person.{number}@initech.example").parse().unwrap(),
            first_name: first.parse().unwrap(),
            last_name: last.parse().unwrap(),
            at: start + SignedDuration::from_mins(i64::try_from(number).unwrap() * 97),
            device_id: id(number + 100),
            link_id: Some(id(number + 500)),
            network: "2001:db8:85a3:8d3::/64".to_owned(),
            agent: Some(AGENT.to_owned()),
        });
    }
    block.completed_at = Some(start + SignedDuration::from_hours(80));
    block
}

const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
    Chrome/143.0.0.0 Safari/537.36";
const PLAIN: [(&str, &str); 2] = [("Maya", "Lindt"), ("Tomasz", "Wrona")];

fn pdf(block: &Block, title: &str) -> Vec<u8> {
    let (tenant, title): (_, Title) = (tenant(), title.parse().unwrap());
    Certificate { id: id(42), tenant: &tenant, title: &title, block }.pdf().unwrap()
}

/// How many pages `pdf` has, and all their text with single spaces.
fn read(pdf: &[u8]) -> (usize, String) {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let text = document.extract_text(&pages).unwrap();
    (pages.len(), text.split_whitespace().collect::<Vec<_>>().join(" "))
}

const TITLE: &str = "Master services agreement with Initech";

#[test]
fn everything_that_was_recorded_can_be_read_and_copied() {
    let block = complete(3, &PLAIN);
    let (pages, text) = read(&pdf(&block, TITLE));
    assert_eq!(pages, 1);
    for signature in block.finished() {
        let name = signature.full_name();
        let (device, link) = (signature.device_id, signature.link_id.unwrap());
        let facts = [name, signature.email.to_string(), device.to_string(), link.to_string()];
        for fact in facts {
            assert!(text.contains(&fact), "{fact} is missing in: {text}");
        }
    }
    for fact in [
        "Acme Ltd Certificate of signatures Master services agreement with Initech This",
        "2 people signed and 1 person approved",
        "Maya Lindt Signed · version 1",
        "Tomasz Wrona Approved · version 2",
        "29 November 2026, 10:20:05 (Europe/Zurich)",
        "2026-11-29 09:20:05 UTC",
        "2001:db8:85a3:8d3::/64",
        AGENT,
        "Version 1 master-services-agreement-1.pdf",
        "Version 2 master-services-agreement-2.pdf",
        "9f86d081 884c7d65 9a2feaa0 c55ad015 a3bf4f1b 2b0b822c d15d6c15 b0f00a08",
        "Complete since 2 December 2026, 18:20:05 (Europe/Zurich) 2026-12-02 17:20:05 UTC",
        "sha256sum FILE",
        "Page 1 of 1",
    ] {
        assert!(text.contains(fact), "{fact} is missing in: {text}");
    }
    let (document, certificate): (DocumentId, FileId) = (id(77), id(42));
    assert!(text.contains(&format!("Document {document} Certificate {certificate}")));
}

#[test]
fn many_signers_take_several_pages_and_each_says_which() {
    let bytes = pdf(&complete(SIGNERS_MAX, &PLAIN), TITLE);
    let (pages, text) = read(&bytes);
    assert!((5..12).contains(&pages), "{pages} pages");
    for page in 1..=pages {
        assert!(text.contains(&format!("Page {page} of {pages}")));
    }
    for person in 0..SIGNERS_MAX {
        assert!(text.contains(&format!("person.{person}@initech.example")));
    }
    assert!(bytes.len() < BYTES_MAX, "{} bytes", bytes.len());
}

#[test]
fn a_signature_stands_whole_on_one_page_under_the_name_of_the_document() {
    let bytes = pdf(&complete(SIGNERS_MAX, &PLAIN), TITLE);
    let document = lopdf::Document::load_mem(&bytes).unwrap();
    for page in document.get_pages().into_keys() {
        let text = document.extract_text(&[page]).unwrap();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let count = |words: &str| text.matches(words).count();
        let begun = count("Signed · version") + count("Approved · version");
        assert_eq!([count("Address"), count("Device"), count("Browser")], [begun; 3], "{text}");
        assert_eq!(text.contains(&format!("Acme Ltd · {TITLE}")), 1 < page, "{text}");
    }
}

#[test]
fn the_statement_names_only_what_was_done() {
    let mut block = complete(2, &PLAIN);
    let mut deeds = |deed: &Deed| {
        for signer in &mut block.signers {
            signer.signature.as_mut().unwrap().deed = deed.clone();
        }
        read(&pdf(&block, TITLE)).1
    };
    assert!(deeds(&Deed::Signed).contains("has done so: 2 people signed. Every"));
    assert!(deeds(&Deed::Approved).contains("has done so: 2 people approved. Every"));
    assert!(
        read(&pdf(&complete(1, &PLAIN), TITLE)).1.contains("has done so: 1 person signed. Every")
    );
}

#[test]
fn the_same_facts_give_the_same_bytes_and_others_give_others() {
    let block = complete(12, &HOSTILE);
    assert_eq!(pdf(&block, TITLE), pdf(&block, TITLE));
    assert_ne!(pdf(&block, TITLE), pdf(&block, "Another title"));
    let mut later = block.clone();
    later.completed_at = block.completed_at.map(|at| at + SignedDuration::from_secs(1));
    assert_ne!(pdf(&block, TITLE), pdf(&later, TITLE));
}

#[test]
fn there_is_none_before_everybody_has_finished() {
    let block = Block { completed_at: None, ..complete(2, &PLAIN) };
    let (tenant, title) = (tenant(), TITLE.parse().unwrap());
    let refused = Certificate { id: id(42), tenant: &tenant, title: &title, block: &block }.pdf();
    assert!(matches!(refused, Err(CertificateError::Incomplete)));
}

#[test]
fn letters_that_the_typeface_lacks_stand_by_their_numbers_and_the_page_says_so() {
    let (_, text) = read(&pdf(&complete(8, &HOSTILE), TITLE));
    for name in ["Łucja Żółkiewska-Brzęczyszczykiewicz", "Ελένη Παπαδοπούλου", "Юлия Щёткина"]
    {
        assert!(text.contains(name), "{name} is missing in: {text}");
    }
    assert!(text.contains("[U+738B] [U+5C0F][U+660E]"));
    assert!(text.contains("algo (parens) \\n") && text.contains("<b>&amp;"), "{text}");
    assert!(text.contains("Unicode number in brackets"));
    let (_, plain) = read(&pdf(&complete(2, &PLAIN), TITLE));
    assert!(!plain.contains("Unicode number"));
}

#[test]
fn the_file_is_for_archives_and_dated_by_what_it_tells_of() {
    let bytes = pdf(&complete(1, &PLAIN), TITLE);
    let says = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(says("<pdfaid:part>2<") && says("<pdfaid:conformance>U<"));
    let document = lopdf::Document::load_mem(&bytes).unwrap();
    let info = document.trailer.get(b"Info").and_then(lopdf::Object::as_reference).unwrap();
    let info = document.get_dictionary(info).unwrap();
    let text = |key: &[u8]| info.get(key).and_then(lopdf::decode_text_string).unwrap();
    assert_eq!(text(b"Title"), format!("Certificate of signatures: {TITLE}"));
    assert_eq!(text(b"Author"), "Acme Ltd");
    assert_eq!(text(b"CreationDate"), "D:20261202172005Z");
}

/// The longest and widest that each field holds, in letters that take nine characters each.
fn fullest() -> Block {
    let name = "\u{10437}".repeat(100);
    let mut block = complete(SIGNERS_MAX, &[(&name, &name)]);
    for (number, signer) in block.signers.iter_mut().enumerate() {
        let signature = signer.signature.as_mut().unwrap();
        signature.file = exact(u32::try_from(number + 1).unwrap());
        signature.file.name = "\u{10437}".repeat(200).parse().unwrap();
        signature.email = format!("{}@{}.example", "w".repeat(64), "m".repeat(63)).parse().unwrap();
        signature.agent = Some("\u{10437}".repeat(200));
    }
    block
}

#[test]
fn nothing_runs_over_an_edge_however_long_it_is() {
    let (mut tenant, block) = (tenant(), fullest());
    let title: Title = "W".repeat(200).parse().unwrap();
    tenant.name = title.clone();
    let certificate = Certificate { id: id(42), tenant: &tenant, title: &title, block: &block };
    let paper = certificate.paper(block.completed_at.unwrap(), loaded());
    assert!(SIGNERS_MAX < paper.pages.len());
    for mark in paper.pages.iter().flatten() {
        let Mark::Text { x, y, line, voice, size, .. } = mark else { continue };
        let bare = loaded().face(*voice).shape(line.text.trim_end());
        let width: f32 = bare.iter().map(|glyph| glyph.x_advance * size).sum();
        assert!(MARGIN <= *x && x + width <= WIDTH - MARGIN + 0.1, "{x} {width} {:?}", line.text);
        assert!(20.0 < *y && *y < HEIGHT - 20.0, "{y} {:?}", line.text);
    }
    certificate.pdf().unwrap();
}

#[test]
fn no_two_lines_of_a_page_run_into_each_other() {
    let (tenant, block) = (tenant(), complete(20, &HOSTILE));
    let title = TITLE.parse().unwrap();
    let certificate = Certificate { id: id(42), tenant: &tenant, title: &title, block: &block };
    let paper = certificate.paper(block.completed_at.unwrap(), loaded());
    for page in &paper.pages {
        let texts = page.iter().filter_map(|mark| match mark {
            Mark::Text { x, y, line, size, .. } => Some((*x, *y, line.width(*size), *size)),
            Mark::Bar { .. } => None,
        });
        let texts: Vec<_> = texts.collect();
        for (at, (x, y, width, size)) in texts.iter().enumerate() {
            for (other_x, other_y, other_width, _) in texts.iter().skip(at + 1) {
                let is_beside = x + width <= *other_x || other_x + other_width <= *x;
                assert!(
                    is_beside || *size <= (y - other_y).abs(),
                    "at {x} {y} and {other_x} {other_y}"
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_names_and_agents_say_there_is_a_certificate(
        first in ".{1,30}", title in "\\PC{1,60}", agent in any::<String>(), network in ".{0,20}",
    ) {
        let mut block = complete(2, &PLAIN);
        let signature = block.signers[1].signature.as_mut().unwrap();
        if let Ok(name) = first.parse() {
            signature.first_name = name;
        }
        (signature.agent, signature.network) = (Some(agent), network);
        let title = title.parse::<Title>().map_or_else(|_| TITLE.to_owned(), |title| title.to_string());
        let (pages, text) = read(&pdf(&block, &title));
        prop_assert!(1 <= pages && text.contains("person.1@initech.example"));
    }
}
