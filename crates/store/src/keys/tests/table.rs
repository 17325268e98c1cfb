//! The table on top of `keys.rs` tells every key that is formed, and no other.

use std::collections::BTreeSet;

use super::*;

/// Where keys are formed; the table stands on top of the first.
const SOURCES: [&str; 2] = [include_str!("../../keys.rs"), include_str!("../documents.rs")];

/// What forms a part of a key that another function forms whole, or reads one.
const OF_PARTS: [&str; 4] = ["due_at", "due_shard", "instant", "word_place"];

/// The table's word for each kind of id, by the prefix of the kind.
const IDS: [(&str, &str); 17] = [
    ("", "ulid"),
    ("ten_", "t"),
    ("idn_", "idn"),
    ("mem_", "mem"),
    ("acc_", "acc"),
    ("con_", "con"),
    ("doc_", "doc"),
    ("fil_", "fil"),
    ("lnk_", "lnk"),
    ("evt_", "evt"),
    ("req_", "req"),
    ("dev_", "dev"),
    ("ses_", "ses"),
    ("chl_", "chl"),
    ("inv_", "inv"),
    ("mai_", "mai"),
    // Stands for anything that a line of the trail may be about.
    ("act_", "about"),
];

/// The table's words for what else is in a key.
const VALUES: [(&str, &str); 10] = [
    ("maya@northwind.example", "{email}"),
    ("northwind.example", "{domain}"),
    ("acme", "{slug}"),
    ("1700000000000", "{at}"),
    ("due#00", "due#{shard}"),
    ("123456", "{v}"),
    ("789", "{number}"),
    ("2468", "{window}"),
    ("xyz", "{word}"),
    ("xy", "{head}"),
];

#[test]
fn the_table_tells_every_key_and_no_other() {
    let told = told();
    let (homes, formed): (BTreeSet<String>, BTreeSet<String>) =
        formed().into_iter().map(|(_, key)| key).partition(|key| key.starts_with("PK "));
    assert_eq!(formed.difference(&told).collect::<Vec<_>>(), [""; 0], "formed, and not told");
    assert_eq!(told.difference(&formed).collect::<Vec<_>>(), [""; 0], "told, and not formed");
    for home in homes {
        let home = home.replacen("PK ", "", 1) + " ";
        assert!(told.iter().any(|key| key.starts_with(&home)), "nothing lies in `{home}`");
    }
}

#[test]
fn every_function_that_forms_a_key_is_asked_for_one() {
    let lines = SOURCES.into_iter().flat_map(str::lines);
    let heads = lines.filter_map(|line| line.trim_start().strip_prefix("pub(crate) fn "));
    let there: BTreeSet<_> = heads.filter_map(|head| head.split('(').next()).collect();
    let asked = formed().into_iter().map(|(name, _)| name).chain(OF_PARTS);
    assert_eq!(there, asked.collect());
}

/// What the table tells: `PK SK` of each item, and the letter of an index before a key of it.
fn told() -> BTreeSet<String> {
    let mut told = BTreeSet::new();
    let rows = SOURCES[0].lines().filter_map(|line| line.strip_prefix("//! | "));
    for row in rows.skip(1) {
        let cells: Vec<&str> = row.split('|').collect();
        let quoted = |at: usize| cells[at].split('`').skip(1).step_by(2).collect::<Vec<_>>();
        let (homes, places) = (quoted(1), quoted(2));
        let items = homes.len().max(places.len());
        // One home, or one place, is that of all.
        for at in 0..items {
            let home = homes.get(at).or(homes.last()).unwrap_or(&"SK");
            let place = places.get(at).or(places.last()).unwrap();
            told.insert(format!("{home} {place}"));
        }
        let named = cells[0].split("; ").count();
        assert!(items == named || items == 0, "{named} things and {items} keys in {row}");
        let pieces: Vec<&str> = cells[3].split('`').collect();
        let mut letter = "";
        for piece in pieces.chunks_exact(2) {
            let said = piece[0].split_whitespace().next_back().unwrap();
            letter = if said == "or" { letter } else { said };
            told.insert(format!("{letter} {}", piece[1]));
        }
    }
    told
}

/// Each function and what it forms, in the words of the table; `PK` before a partition alone.
fn formed() -> Vec<(&'static str, String)> {
    [of_nobody(), of_the_tenant(), of_contacts(), of_documents(), of_indexes()].concat()
}

fn of_nobody() -> Vec<(&'static str, String)> {
    vec![
        ("identity", item(&identity(of()))),
        ("second_factor", item(&second_factor(of()))),
        ("seat", item(&seat(of(), of(), of()))),
        ("sign_in_address", item(&sign_in_address(&email()))),
        ("session", item(&session("{sha}"))),
        ("slug", item(&slug(&"acme".parse().unwrap()))),
        ("link_locator", item(&link_locator(of()))),
        ("public_rate", item(&public_rate("{what}", "{hash}", 2468))),
        ("misses", item(&misses("{hash}"))),
        ("reset_budget", item(&reset_budget("{hash}"))),
        ("public_idempotency", item(&public_idempotency("{actor}", "{key}"))),
        ("nothing", item(&nothing())),
    ]
}

fn of_the_tenant() -> Vec<(&'static str, String)> {
    let keys = Keys(of());
    vec![
        ("tenant", item(&keys.tenant())),
        ("nda", item(&keys.nda(123_456))),
        ("usage", item(&keys.usage())),
        ("member", item(&keys.member(of()))),
        ("seat_of", item(&keys.seat_of(of()))),
        ("members", words("PK", &keys.members())),
        ("account", item(&keys.account(of()))),
        ("domain", item(&keys.domain(&"northwind.example".parse().unwrap()))),
        ("no_account", item(&keys.no_account())),
        ("nothing", item(&keys.nothing("{token}", 789))),
        ("list_row", item(&keys.list_row("{list}", bare()))),
        ("list", words("PK", &keys.list("{list}"))),
        ("word_row", item(&keys.word_row("{list}", "xyz", bare()))),
        ("words", words("PK", &keys.words("{list}", "xyz"))),
        ("line", words("SK", &line(bare()))),
        ("challenge", item(&keys.challenge(of()))),
        ("standing", item(&keys.standing("{hash}"))),
        ("budget", item(&keys.budget("{hash}"))),
        ("outbox", item(&keys.outbox(of()))),
        ("suppression", item(&keys.suppression(&email()))),
        ("task", item(&keys.task("{work}"))),
        ("idempotency", item(&keys.idempotency("{actor}", "{key}"))),
    ]
}

fn of_contacts() -> Vec<(&'static str, String)> {
    let keys = Keys(of());
    vec![
        ("contact", item(&keys.contact(of()))),
        ("grant", item(&keys.grant(of(), of()))),
        ("request", item(&keys.request(of(), of()))),
        ("acceptance", item(&keys.acceptance(of(), 123_456))),
        ("invitation", item(&keys.invitation(of(), of()))),
        ("device", item(&keys.device(of(), "{sha}"))),
        ("views", item(&keys.views(Object::Device(of())))),
        ("views", item(&keys.views(Object::Session(of())))),
        ("request_locator", item(&keys.request_locator(of()))),
        ("address", item(&keys.address(&email()))),
        ("indexed", item(&keys.indexed(of()))),
    ]
}

fn of_documents() -> Vec<(&'static str, String)> {
    let keys = Keys(of());
    vec![
        ("document", item(&keys.document(of()))),
        ("file", item(&keys.file(of(), of()))),
        ("file_locator", item(&keys.file_locator(of()))),
        ("event", item(&keys.event(of(), of()))),
        ("signatures", item(&keys.signatures(of()))),
        ("link", item(&keys.link(of(), of()))),
        ("guest", item(&keys.guest(of(), "{sha}"))),
        ("guest_views", item(&keys.guest_views(of(), "{sha}"))),
        ("child", item(&keys.child(of(), of()))),
        ("link_home", words("PK", &keys.link_home(of()))),
    ]
}

fn of_indexes() -> Vec<(&'static str, String)> {
    let (keys, at) = (Keys(of()), Timestamp::from_second(1_700_000_000).unwrap());
    let (shard, place) = due(at, bare());
    vec![
        ("sessions_of", words("O", &sessions_of(of()))),
        ("session_place", words("S", &session_place(at))),
        ("about", words("O", &keys.about(Object::Document(of())))),
        ("about", words("O", &keys.about(Object::Contact(of())))),
        ("about", words("O", &keys.about(Object::Member(of())))),
        ("about", words("O", &keys.about(Object::Activity(of())))),
        ("grant_about", words("S", &grant_about(of()))),
        ("link_about", words("S", &link_about(of()))),
        ("mail_about", words("S", &mail_about(at, of()))),
        ("line_about", words("S", &line_about(bare()))),
        ("deeds_of", words("R", &keys.deeds_of(Object::Member(of())))),
        ("deeds_of", words("R", &keys.deeds_of(Object::Contact(of())))),
        ("list_group", words("L", &keys.list_group("{list}", "{group}"))),
        ("by_day", words("A", &by_day("{day}", bare()))),
        ("due", words("D", &shard)),
        ("due", words("W", &place)),
    ]
}

/// The one id of its kind.
fn of<I: Id>() -> I {
    id(IDS.iter().position(|(prefix, _)| *prefix == I::PREFIX).unwrap() as u128)
}

fn bare() -> Ulid {
    of_number(0)
}

fn of_number(number: usize) -> Ulid {
    Ulid::from_parts(1, number as u128)
}

fn email() -> Email {
    "maya@northwind.example".parse().unwrap()
}

fn item(key: &Key) -> String {
    words(&key.pk, &key.sk)
}

/// Both parts in the words of the table.
fn words(first: &str, second: &str) -> String {
    let mut text = format!("{first} {second}");
    for (number, (prefix, word)) in IDS.into_iter().enumerate() {
        let (ulid, word) = (of_number(number).to_string(), format!("{{{word}}}"));
        text = text.replace(&format!("{prefix}{ulid}"), &word).replace(&ulid, &word);
    }
    VALUES.into_iter().fold(text, |text, (value, word)| text.replace(value, word))
}
