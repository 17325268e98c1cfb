//! The table on top of `outbox::purpose` tells every mail: each word of a list has its templates,
//! and each folder of templates a word, a sample and a test of its text.

use std::collections::BTreeSet;
use std::fs::read_dir;

use mail::message::Message;

use crate::samples;

/// Where the words are said; the table stands on top of the first.
const PURPOSES: [&str; 2] = [
    include_str!("../../../domain/src/outbox/purpose.rs"),
    include_str!("../../../domain/src/outbox/link_news.rs"),
];

/// Where texts are tested word for word.
const TEXTS: [&str; 4] = [
    include_str!("texts.rs"),
    include_str!("texts/links.rs"),
    include_str!("texts/seats.rs"),
    include_str!("texts/threads.rs"),
];

#[test]
fn every_word_stands_in_the_table_once() {
    let mut said: Vec<&str> = PURPOSES.into_iter().flat_map(words).collect();
    let mut told: Vec<&str> = table().into_iter().flat_map(|(words, _)| words).collect();
    said.sort_unstable();
    told.sort_unstable();
    assert_eq!(told, said);
}

#[test]
fn every_folder_of_templates_is_whole_and_used_by_one_row() {
    let mut folders = Vec::new();
    for entry in read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/templates")).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            let name = |file: std::fs::DirEntry| file.file_name().into_string().unwrap();
            let files = read_dir(entry.path()).unwrap().map(|file| name(file.unwrap()));
            let three = ["body.html", "body.txt", "subject.txt"].map(str::to_owned);
            assert_eq!(files.collect::<BTreeSet<_>>(), three.into(), "{:?}", entry.path());
            folders.push(name(entry));
        }
    }
    let mut told: Vec<&str> = table().into_iter().map(|(_, folder)| folder).collect();
    folders.sort_unstable();
    told.sort_unstable();
    assert_eq!(told, folders);
}

#[test]
fn every_row_has_a_sample_and_a_test_of_its_text() {
    let all = samples::all("Maya", "Northwind", "Plan");
    let shown: BTreeSet<&str> = all.iter().map(Message::purpose).collect();
    let told: BTreeSet<&str> = table().into_iter().map(|(_, folder)| folder).collect();
    assert_eq!(shown, told);
    for folder in told {
        let named = format!("texts(\"{folder}\"");
        assert!(TEXTS.iter().any(|tests| tests.contains(&named)), "`{folder}` has no test");
    }
}

/// The rows: words of lists, and the folder of templates.
fn table() -> Vec<(Vec<&'static str>, &'static str)> {
    let rows = PURPOSES[0].lines().filter_map(|line| line.strip_prefix("//! | `"));
    rows.map(|row| {
        let mut cells = row.split('|');
        let words = cells.next().unwrap().split('`').step_by(2);
        let folder = cells.next().unwrap().split('`').nth(1).unwrap();
        (words.filter(|word| !word.trim().is_empty()).collect(), folder)
    })
    .collect()
}

/// What `as_str` of a source says.
fn words(source: &str) -> Vec<&str> {
    let body = source.split("fn as_str").nth(1).unwrap();
    let body = body.split("\n    }\n").next().unwrap();
    body.split('"').skip(1).step_by(2).collect()
}
